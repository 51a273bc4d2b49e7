import StateMachine
import SyncNetProtocol
import SyncNetWire
import Testing

/// What a plain client sends, and what becomes of it.
struct ClientRequestTests {
    private func request(_ line: String) -> ClientRequest? {
        guard case .request(let request) = ClientCodec.decodeRequest(Array(line.utf8)).body else {
            return nil
        }
        return request
    }

    @Test func `every request comes back as it was`() {
        var generator = Generator(seed: 1)
        for _ in 0..<3_000 {
            let message = generator.request()
            let bytes = line(message)
            #expect(bytes.last == UInt8(ascii: "\n"))
            #expect(!bytes.dropLast().contains(UInt8(ascii: "\n")))
            #expect(ClientCodec.decodeRequest(bytes.dropLast()) == message)
        }
    }

    @Test func `a line as Python writes it is understood`() {
        let line = #"""
            {"msg_type": "chat", "sender_id": "Zo\u00eb \ud83d\ude00", "data": {"session": "s-1", \#
            "request": 3, "room": "den", "text": "caf\u00e9\nte\u0301"}, "lamport_timestamp": 12, \#
            "created_at": 1732399999.1234567}
            """#
        let expected = ClientRequest(
            sender: Text("Zoë 😀"), createdAt: 1732399999.1234567, session: "s-1", request: 3,
            body: .chat(room: "den", text: Text("café\nte\u{301}")))
        #expect(
            ClientCodec.decodeRequest(Array(line.utf8))
                == Message(stamp: Stamp(12), body: .request(expected)))
    }

    @Test func `a plain client may leave out what it does not have`() {
        let join = #"{"msg_type":"create_join","sender_id":"al","data":{"room":"den"}}"#
        #expect(
            request(join)
                == ClientRequest(
                    sender: "al", createdAt: nil, session: nil, request: nil,
                    body: .createJoin(room: "den", after: nil)))
    }

    @Test func `null stands for what is not there`() {
        let line = #"""
            {"msg_type":"history","sender_id":"al","data":{"request":null,"session":null,\#
            "room":"den","after":null,"before":null,"limit":null,"linearizable":null,"seen":null,\#
            "members":null},"lamport_timestamp":null,"created_at":null}
            """#
        #expect(request(line)?.body == .history(HistoryRequest(room: "den")))
    }

    @Test func `unknown keys are ignored, and the last of two equal keys counts`() {
        let line = #"""
            {"v":[1,{"data":{}}],"msg_type":"chat","msg_type":"leave","sender_id":"al",\#
            "data":{"room":"a","x":{"room":"b"},"ro\u006fm":"c"},"room":"d"}
            """#
        #expect(request(line)?.body == .leave(room: "c"))
    }

    @Test func `a history request has all its parts`() {
        let line = #"""
            {"msg_type":"history","sender_id":"al","data":{"request":0,"room":"den","after":1e2,\#
            "before":9007199254740993,"limit":5.0,"linearizable":true,"seen":7,"members":true}}
            """#
        let history = HistoryRequest(
            room: "den", after: LogIndex(100), before: LogIndex(9_007_199_254_740_993), limit: 5,
            isLinearizable: true, seen: LogIndex(7), wantsMembers: true)
        #expect(request(line)?.body == .history(history))
        #expect(request(line)?.request == 0)
    }

    @Test func `a discovery may ask for the status`() {
        func discovery(_ data: String) -> ClientRequestBody? {
            request(#"{"msg_type":"client_discovery","sender_id":"al","data":\#(data)}"#)?.body
        }
        #expect(discovery("{}") == .discovery(status: false))
        #expect(discovery(#"{"status":false}"#) == .discovery(status: false))
        #expect(discovery(#"{"status":true}"#) == .discovery(status: true))
    }

    @Test(arguments: [
        "STATUS_REQUEST", "STATUS_REQUEST\r", "  STATUS_REQUEST \t\r", "\tSTATUS_REQUEST",
    ])
    func `the guide's monitor is recognised`(line: String) {
        #expect(request(line)?.body == .statusLine)
    }

    @Test func `the monitor's line and nonsense are written, too`() {
        func written(_ body: ClientRequestBody) -> [UInt8] {
            let request = ClientRequest(
                sender: "a", createdAt: nil, session: nil, request: nil, body: body)
            return line(Message(stamp: .zero, body: .request(request)))
        }
        #expect(written(.statusLine) == Array("STATUS_REQUEST\n".utf8))
        #expect(written(.invalid(.badRequest, detail: "", closes: false)) == Array("?\n".utf8))
    }

    @Test(
        arguments: [
            ("1732399999.5", 1_732_399_999.5), ("0", 0), ("-1e3", -1_000), ("1e400", nil),
            ("-1e400", nil), ("NaN", nil), ("Infinity", nil), ("-Infinity", nil), (#""now""#, nil),
            ("[]", nil), ("true", nil), ("null", nil), ("1e-400", 0),
        ] as [(String, Double?)])
    func `a time that is no finite number counts as none`(time: String, expected: Double?) {
        let request = request(
            #"{"msg_type":"leave","sender_id":"a","data":{"room":"r"},"created_at":\#(time)}"#)
        #expect(request?.body == .leave(room: "r"))
        #expect(request?.createdAt == expected)
    }

    @Test(
        arguments: [
            ("0", 0), ("-0", 0), ("1e3", 1_000), ("5.0", 5), ("50e-1", 5), ("0.5e1", 5),
            ("9007199254740992", 1 << 53), ("9.007199254740992e15", 1 << 53),
            ("90071992547409920000e-4", 1 << 53), ("0e999999999999999999999", 0),
        ] as [(String, UInt64)])
    func `a stamp is an integer, however it is written`(stamp: String, expected: UInt64) {
        let line =
            #"{"msg_type":"leave","sender_id":"a","data":{"room":"r"},"#
            + #""lamport_timestamp":\#(stamp)}"#
        let message = ClientCodec.decodeRequest(Array(line.utf8))
        #expect(message.stamp == Stamp(expected))
        #expect(request(line)?.body == .leave(room: "r"))
    }

    @Test(arguments: [
        "-1", "5.5", "9007199254740993", "9007199254740992.5", "9007199254740993.0", "1e16",
        "1e99", "1e-1", "1e999999999999999999999", "NaN", "true", #""5""#, "[]", "{}",
        "18446744073709551616", "9223372036854775808", "-9223372036854775809",
    ])
    func `a stamp that can't be is refused`(stamp: String) {
        let line =
            #"{"msg_type":"leave","sender_id":"a","data":{"room":"r","request":4},"#
            + #""lamport_timestamp":\#(stamp)}"#
        expectRefused(line, request: 4, "lamport_timestamp must be an integer from 0 to 2^53")
        #expect(ClientCodec.decodeRequest(Array(line.utf8)).stamp == .zero)
    }

    func expectRefused(
        _ line: String, request number: UInt64? = nil, _ detail: String? = nil,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let found = request(line)
        guard case .invalid(.badRequest, let words, closes: false) = found?.body else {
            Issue.record("not refused: \(line)", sourceLocation: sourceLocation)
            return
        }
        #expect(found?.request == number, sourceLocation: sourceLocation)
        if let detail { #expect(words.string == detail, sourceLocation: sourceLocation) }
    }
}

/// What a client must not send.
struct RefusedRequestTests {
    private func expectRefused(
        _ line: String, request number: UInt64? = nil, _ detail: String? = nil,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        ClientRequestTests().expectRefused(
            line, request: number, detail, sourceLocation: sourceLocation)
    }

    @Test(arguments: [
        "", " ", "?", "hello", "{", "}", "[]", "1", "null", #""STATUS_REQUEST""#,
        "status_request", "STATUS_REQUEST STATUS_REQUEST", "{}", #"{"msg_type":"chat"}"#,
        "{'msg_type':'chat'}", #"{"msg_type":"chat",}"#, "GET / HTTP/1.1\r",
        #"[{"msg_type":"leave","sender_id":"a","data":{"room":"r"}}]"#,
        #"{"msg_type":"leave","sender_id":"a","data":{"room":"r"}}{}"#,
        #"{"msg_type":"leave","sender_id":"a","data":[]}"#,
        #"{"msg_type":"leave","sender_id":"a","data":null}"#,
        #"{"msg_type":"leave","sender_id":"a"}"#,
        #"{"msg_type":"leave","sender_id":7,"data":{"room":"r"}}"#,
        #"{"msg_type":"leave","data":{"room":"r"}}"#,
    ])
    func `a line that is no envelope is refused and the connection stays open`(line: String) {
        expectRefused(line)
    }

    @Test func `an operator names a server that shall be a member, or one that shall not`() {
        let change = #"{"msg_type":"server_discovery","sender_id":"a","data":{"request":9,"#
        for (part, add) in [("add", true), ("remove", false)] {
            let line = "\(change)\"\(part)\":\"server4\"}}"
            let message = ClientCodec.decodeRequest(Array(line.utf8))
            guard case .request(let request) = message.body else {
                Issue.record("\(part) was read as \(message.body)")
                continue
            }
            #expect(request.body == .membership(add: add, id: "server4"))
            #expect(request.request == 9)
        }
    }

    @Test(arguments: [
        "heartbeat", "election", "data_replication", "ack", "nack",
        "server_list", "", "CHAT", "chat ", "shutdown",
    ])
    func `message types of servers, and unknown ones, are refused`(type: String) {
        expectRefused(
            #"{"msg_type":"\#(type)","sender_id":"a","data":{"room":"r","text":"t","request":9}}"#,
            request: 9,
            "msg_type must be create_join, chat, leave, history or client_discovery")
    }

    @Test(arguments: [
        ("chat", #""room":"r""#, "text must be a string"),
        ("chat", #""text":"t""#, "room must be a string"),
        ("chat", #""room":1,"text":"t""#, "room must be a string"),
        ("chat", #""room":"r","text":["t"]"#, "text must be a string"),
        ("leave", "\"room\":{}", "room must be a string"),
        ("create_join", #""room":null"#, "room must be a string"),
        (
            "create_join", #""room":"r","after":-1"#,
            "after must be an integer from 0 to 9223372036854775807"
        ),
        (
            "create_join", #""room":"r","after":"1""#,
            "after must be an integer from 0 to 9223372036854775807"
        ),
        ("history", #""limit":5"#, "room must be a string"),
        (
            "history", #""room":"r","limit":1.5"#,
            "limit must be an integer from 0 to 9223372036854775807"
        ),
        ("history", #""room":"r","linearizable":1"#, "linearizable must be true or false"),
        ("history", #""room":"r","members":"yes""#, "members must be true or false"),
        (
            "history", #""room":"r","seen":true"#,
            "seen must be an integer from 0 to 9223372036854775807"
        ),
        ("client_discovery", #""status":1"#, "status must be true or false"),
        ("leave", #""room":"r","session":5"#, "session must be a string"),
        ("leave", #""room":"r","session":"""#, "session must be a string that is not empty"),
    ])
    func `a wrong type is named, and the number of the request is kept`(
        type: String, data: String, detail: String
    ) {
        expectRefused(
            #"{"msg_type":"\#(type)","sender_id":"a","data":{"request":41,\#(data)}}"#,
            request: 41, detail)
    }

    @Test func `a session numbers from one`() {
        func leave(_ numbering: String) -> String {
            #"{"msg_type":"leave","sender_id":"a","data":{"room":"r","session":"s"\#(numbering)}}"#
        }
        let detail = "request must be 1 or more in a session"
        expectRefused(leave(""), detail)
        expectRefused(leave(#","request":0"#), request: 0, detail)
        expectRefused(leave(#","request":-1"#))
        expectRefused(leave(#","request":1.5"#))
        expectRefused(leave(#","request":"1""#))
        expectRefused(leave(#","request":9223372036854775808"#))
    }

    @Test func `what could be read of a refused request is kept`() {
        let line =
            #"{"msg_type":"chat","sender_id":"al","data":{"request":4},"#
            + #""lamport_timestamp":8,"created_at":2}"#
        let message = ClientCodec.decodeRequest(Array(line.utf8))
        let expected = ClientRequest(
            sender: "al", createdAt: 2, session: nil, request: 4,
            body: .invalid(.badRequest, detail: "room must be a string", closes: false))
        #expect(message == Message(stamp: Stamp(8), body: .request(expected)))
    }

    @Test(arguments: [
        #"\ud83d"#, #"\ude00"#, #"\ud83dx"#, #"\ud83d\n"#, #"\ud83d\ud83d"#, #"\ud83d\u0041"#,
        #"\uD83D\uDBFF"#, #"\u12"#, #"\u12g4"#, #"\x41"#, #"\"#,
    ])
    func `half a surrogate pair and broken escapes are refused`(text: String) {
        expectRefused(
            #"{"msg_type":"chat","sender_id":"a","data":{"room":"r","text":"\#(text)"}}"#)
    }

    @Test func `odd but whole characters pass`() {
        let line =
            #"{"msg_type":"chat","sender_id":"a","data":{"room":"r","#
            + #""text":"\u0000\ud7ff\ue000\uffff\ud800\udc00\udbff\udfff\/"}}"#
        let expected = Text("\u{0}\u{D7FF}\u{E000}\u{FFFF}\u{10000}\u{10FFFF}/")
        guard case .request(let request) = ClientCodec.decodeRequest(Array(line.utf8)).body else {
            return
        }
        #expect(request.body == .chat(room: "r", text: expected))
    }

    @Test func `broken UTF-8 is refused, wherever it stands`() {
        let line = Array(
            #"{"msg_type":"chat","sender_id":"a","data":{"room":"r","text":"hello"},"é":0}"#.utf8)
        for offset in 0..<line.count {
            for broken in [0x80, 0xC0, 0xFF] as [UInt8] {
                var damaged = line
                damaged.insert(broken, at: offset)
                let message = ClientCodec.decodeRequest(damaged)
                guard case .request(let request) = message.body,
                    case .invalid(.badRequest, _, closes: false) = request.body
                else {
                    Issue.record("not refused with \(broken) at \(offset)")
                    continue
                }
            }
        }
    }

    @Test func `brackets without end are refused, not followed`() {
        for bracket in ["[", "{\"a\":"] {
            let deep = String(repeating: bracket, count: 10_000)
            expectRefused(deep)
            expectRefused(
                #"{"msg_type":"leave","sender_id":"a","data":{"room":"r","x":"# + deep)
        }
    }

    @Test func `a line over the limit closes the connection`() {
        guard case .request(let request) = ClientCodec.tooLongRequest().body else { return }
        let detail = "a line may have at most 65536 bytes: send shorter ones, on a new connection"
        #expect(request.body == .invalid(.tooLarge, detail: Text(detail), closes: true))
    }

    @Test func `any damage to a line gives a request or a refusal`() {
        var generator = Generator(seed: 5)
        for _ in 0..<20_000 {
            var bytes = line(generator.request())
            for _ in 0...generator.below(3) {
                let offset = Int(generator.below(UInt64(bytes.count)))
                bytes[offset] = UInt8(truncatingIfNeeded: generator.next())
            }
            let length = Int(generator.below(UInt64(bytes.count)))
            for cut in [bytes, Array(bytes[..<length]), Array(bytes[length...])] {
                let message = ClientCodec.decodeRequest(cut)
                let written = line(message)
                guard case .request(let request) = message.body else { continue }
                if case .invalid = request.body { continue }
                #expect(ClientCodec.decodeRequest(written.dropLast()) == message)
            }
        }
    }
}
