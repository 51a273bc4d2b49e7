import StateMachine
import SyncNetProtocol
import SyncNetWire
import Testing

struct ClientReplyTests {
    private func text(_ reply: ClientReply) -> String {
        String(decoding: line(Message(stamp: Stamp(7), body: .reply(reply))), as: UTF8.self)
    }

    @Test func `every reply comes back as it was`() throws {
        var generator = Generator(seed: 1)
        for _ in 0..<3_000 {
            let message = generator.reply()
            let bytes = line(message)
            #expect(bytes.last == UInt8(ascii: "\n"))
            #expect(!bytes.dropLast().contains(UInt8(ascii: "\n")))
            #expect(try ClientCodec.decodeReply(bytes.dropLast()) == message)
        }
    }

    /// The line of an envelope by `server1` with this data.
    private func expected(_ type: String, _ data: String) -> String {
        #"""
        {"msg_type":"\#(type)","sender_id":"server1","data":\#(data),"lamport_timestamp":7,\#
        "created_at":1700000000.25}

        """#
    }

    @Test func `an acknowledgement has its form`() {
        let numbered = text(.done(request: 3, room: "den", index: LogIndex(12)))
        #expect(numbered == expected("ack", #"{"request":3,"room":"den","index":12}"#))
        let plain = text(.done(request: nil, room: "", index: .zero))
        #expect(plain == expected("ack", #"{"room":"","index":0}"#))
    }

    private let message = RoomMessage(
        room: "den", index: LogIndex(12), previous: LogIndex(9), stamp: Stamp(44), sender: "al",
        createdAt: 1.5, text: "say \"hi\"\n")
    private let envelope = #"""
        {"msg_type":"chat","sender_id":"al","data":{"room":"den","text":"say \"hi\"\n",\#
        "index":12,"previous":9},"lamport_timestamp":44,"created_at":1.5}
        """#

    @Test func `a pushed message is its author's, with its own stamp and time`() throws {
        #expect(text(.pushed(message)) == envelope + "\n")
        let read = try ClientCodec.decodeReply(Array(envelope.utf8))
        #expect(read == Message(stamp: Stamp(44), body: .reply(.pushed(message))))
    }

    @Test func `a page holds messages as they are pushed`() {
        let page = HistoryPage(room: "den", messages: [message], hasMore: true, members: nil)
        let data = #"{"request":2,"room":"den","messages":[\#(envelope)],"more":true}"#
        #expect(text(.history(request: 2, page)) == expected("ack", data))
        let empty = HistoryPage(room: "d", messages: [], hasMore: false, members: ["a", "b"])
        let emptyData = #"{"room":"d","messages":[],"more":false,"members":["a","b"]}"#
        #expect(text(.history(request: nil, empty)) == expected("ack", emptyData))
    }

    @Test func `a page says that its room is private, and nothing where it is not`() throws {
        let page = HistoryPage(
            room: "d", messages: [], hasMore: false, members: nil, isPrivate: true)
        let data = #"{"room":"d","messages":[],"more":false,"private":true}"#
        let line = text(.history(request: nil, page))
        #expect(line == expected("ack", data))
        let read = try ClientCodec.decodeReply(Array(line.utf8.dropLast()))
        #expect(read.body == .reply(.history(request: nil, page)))
    }

    @Test func `a refusal has its form`() {
        let data = #"{"request":3,"reason":"not_joined","detail":"join first"}"#
        let refusal = text(.nack(request: 3, .notJoined, detail: "join first"))
        #expect(refusal == expected("nack", data))
    }

    @Test func `a list of servers has its form`() {
        let server = ServerAddress(id: "server1", host: "::1", port: 8000, isLeader: true)
        let data = #"""
            {"servers":[{"server_id":"server1","host":"::1","port":8000,"leader":true}]}
            """#
        #expect(text(.servers(request: nil, [server], nil)) == expected("server_list", data))
    }

    @Test func `a list of servers names the cluster, in hexadecimal digits`() throws {
        let cluster = ClusterID(0xFEDC_BA98_7654_3210)
        let line = text(.servers(request: 1, [], nil, cluster: cluster))
        let data = #"{"request":1,"servers":[],"cluster":"fedcba9876543210"}"#
        #expect(line == expected("server_list", data))
        let odd = line.replacing("fedcba9876543210", with: "garden").dropLast()
        #expect(throws: WireError.self) { try ClientCodec.decodeReply(Array(odd.utf8)) }
    }

    @Test func `a status has its form`() {
        let status = ServerStatus(
            id: "server1", role: .searching, epoch: Epoch(3), commit: LogIndex(4),
            applied: LogIndex(5), last: LogIndex(6), leader: nil,
            peers: [
                PeerStatus(
                    id: "server2", isAlive: true, silence: .milliseconds(15), commit: .zero),
                PeerStatus(id: "server3", isAlive: false, silence: nil, commit: .zero),
            ])
        let data = #"""
            {"request":1,"servers":[],"status":{"server_id":"server1","role":"searching",\#
            "epoch":3,"commit":4,"applied":5,"last":6,"leader":null,"peers":[\#
            {"server_id":"server2","alive":true,"silence_ms":15,"commit":0},\#
            {"server_id":"server3","alive":false,"silence_ms":null,"commit":0}]}}
            """#
        #expect(text(.servers(request: 1, [], status)) == expected("server_list", data))
    }

    @Test func `the monitor's answer is a bare line`() throws {
        #expect(text(.statusLine("I am the leader")) == "I am the leader\n")
        let read = try ClientCodec.decodeReply(Array("I am the leader".utf8))
        #expect(read == Message(stamp: .zero, body: .reply(.statusLine("I am the leader"))))
    }

    @Test func `line ends of Unicode are escaped, so that nobody splits there`() {
        let ends = "a\u{85}b\u{2028}c\u{2029}d\u{B}e\u{C}f\r\u{1C}"
        let written = text(.nack(request: nil, .gap, detail: Text(ends)))
        #expect(written.contains(#""a\u0085b\u2028c\u2029d\u000be\u000cf\r\u001c""#))
    }

    @Test func `a reason of a later server counts as unavailable`() throws {
        let line = #"{"msg_type":"nack","sender_id":"s","data":{"reason":"tired"}}"#
        let read = try ClientCodec.decodeReply(Array(line.utf8))
        #expect(read.body == .reply(.nack(request: nil, .unavailable, detail: "")))
    }

    @Test(arguments: [
        #"{"msg_type":"ack","sender_id":"s","data":{}}"#, "{}", "{",
        #"{"msg_type":"ack","sender_id":"s","data":{"room":"r","index":-1}}"#,
        #"{"msg_type":"ack","sender_id":"s","data":{"room":"r","index":1},"lamport_timestamp":-1}"#,
        #"{"msg_type":"ack","sender_id":"s","data":{"room":"r","messages":[1],"more":false}}"#,
        #"{"msg_type":"ack","sender_id":"s","data":{"room":"r","messages":[]}}"#,
        #"{"msg_type":"create_join","sender_id":"s","data":{"room":"r"}}"#,
        #"{"msg_type":"chat","sender_id":"s","data":{"room":"r","index":1,"previous":0,"#
            + #""text":"t"}}"#,
        #"{"msg_type":"server_list","sender_id":"s","data":{"servers":[{"server_id":"a"}]}}"#,
        #"""
        {"msg_type":"server_list","sender_id":"s","data":{"servers":[{"server_id":"a",\#
        "host":"h","port":65536,"leader":false}]}}
        """#,
    ])
    func `a reply that makes no sense is refused`(line: String) {
        #expect(throws: WireError.self) { try ClientCodec.decodeReply(Array(line.utf8)) }
    }

    @Test func `any damage to a line gives a reply or throws`() {
        var generator = Generator(seed: 6)
        for _ in 0..<10_000 {
            var bytes = line(generator.reply())
            for _ in 0...generator.below(3) {
                let offset = Int(generator.below(UInt64(bytes.count)))
                bytes[offset] = UInt8(truncatingIfNeeded: generator.next())
            }
            guard let message = try? ClientCodec.decodeReply(bytes),
                case .reply(let reply) = message.body
            else { continue }
            if case .statusLine = reply { continue }
            #expect((try? ClientCodec.decodeReply(line(message))) == message)
        }
    }
}
