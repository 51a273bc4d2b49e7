import StateMachine
import SyncNetProtocol
import Testing

@Suite struct `A client with a password` {
    private func connected() -> (harness: Harness, sent: [Effect<SyncNet>]) {
        var harness = Harness()
        harness.client = Client(
            me: NodeID(2_000), name: "ann", session: "s", password: "sesame")
        harness.effects(of: .started(.client))
        harness.effects(of: .input(.servers([NodeID(0), NodeID(1), NodeID(2)])))
        let sent = harness.effects(of: .opened(StreamID(1), to: NodeID(0)))
        return (harness, sent)
    }

    @Test func `logs in before it sends anything else`() {
        var (harness, sent) = connected()
        #expect(sent.requests.map(\.body) == [.login(password: "sesame")])
        #expect(sent.outputs.isEmpty)
        #expect(harness.say("hello", order: 1).requests.isEmpty)
        let after = harness.hear(.servers(request: sent.numbers.first ?? nil, [], nil))
        #expect(after.outputs.first == .connected(NodeID(0)))
        #expect(after.requests.map(\.body) == [.chat(room: "r", text: "hello")])
    }

    @Test func `logs in again on the next server`() {
        var (harness, sent) = connected()
        harness.hear(.servers(request: sent.numbers.first ?? nil, [], nil))
        #expect(harness.reconnect().requests.map(\.body) == [.login(password: "sesame")])
    }

    /// What the third refusal leads to.
    private func lockOut(_ harness: inout Harness, _ sent: [Effect<SyncNet>]) -> [NodeOutput] {
        let number = (sent.numbers.first ?? nil) ?? 0
        for server: UInt32 in 1...2 {
            #expect(
                harness.refuse(number, .badLogin, on: UInt64(server)).outputs == [.disconnected])
            harness.effects(of: .timer(.reconnectClient))
            harness.effects(of: .opened(StreamID(UInt64(server) + 1), to: NodeID(server)))
        }
        return harness.refuse(number, .badLogin, on: 3).outputs
    }

    @Test func `gives up after three servers have refused it`() {
        var (harness, sent) = connected()
        #expect(lockOut(&harness, sent) == [.loginRefused(detail: "no")])
        #expect(harness.effects(of: .input(.servers([NodeID(0)]))).isEmpty)
    }

    @Test func `gives up though a server lets it in that can't do anything for it`() {
        var (harness, sent) = connected()
        let number = (sent.numbers.first ?? nil) ?? 0
        harness.hear(.servers(request: number, [], nil))
        harness.effects(of: .closed(StreamID(1)))
        var outputs: [NodeOutput] = []
        for stream: UInt64 in 2...5 {
            harness.effects(of: .timer(.reconnectClient))
            harness.effects(of: .opened(StreamID(stream), to: NodeID(UInt32(stream - 1) % 3)))
            guard stream != 4 else {
                harness.hear(.servers(request: number, [], nil), on: stream)
                harness.effects(of: .closed(StreamID(stream)))
                continue
            }
            outputs = harness.refuse(number, .badLogin, on: stream).outputs
        }
        #expect(outputs == [.loginRefused(detail: "no")])
    }

    @Test func `goes on with another password where it was, and what waited is sent once`() {
        var (harness, sent) = connected()
        harness.say("before", order: 1)
        _ = lockOut(&harness, sent)
        #expect(harness.say("meanwhile", order: 2).isEmpty)
        let again = harness.effects(of: .input(.logIn(password: "open")))
        #expect(again.contains(.open(NodeID(0))))
        let login = harness.effects(of: .opened(StreamID(9), to: NodeID(0)))
        #expect(login.requests.map(\.body) == [.login(password: "open")])
        let after = harness.hear(.servers(request: login.numbers.first ?? nil, [], nil), on: 9)
        #expect(after.outputs.first == .connected(NodeID(0)))
        #expect(
            after.requests.map(\.body) == [
                .chat(room: "r", text: "before"), .chat(room: "r", text: "meanwhile"),
            ])
    }

    @Test func `goes on without an account where the password is empty`() {
        var (harness, sent) = connected()
        _ = lockOut(&harness, sent)
        harness.effects(of: .input(.logIn(password: "")))
        let opened = harness.effects(of: .opened(StreamID(9), to: NodeID(0)))
        #expect(opened.outputs == [.connected(NodeID(0))])
        #expect(opened.requests.isEmpty)
    }

    @Test func `takes another password while it is connected, on a connection of its own`() {
        var (harness, sent) = connected()
        harness.hear(.servers(request: sent.numbers.first ?? nil, [], nil))
        let again = harness.effects(of: .input(.logIn(password: "open")))
        #expect(again.contains(.close(StreamID(1))) && again.contains(.open(NodeID(0))))
        let login = harness.effects(of: .opened(StreamID(2), to: NodeID(0)))
        #expect(login.requests.map(\.body) == [.login(password: "open")])
    }
}

@Suite struct `A client without a password` {
    private let required = ClientReply.nack(request: nil, .loginRequired, detail: "made")

    @Test func `whose name gets an account tells its owner, and waits for the password`() {
        var harness = Harness.connected()
        harness.say("before", order: 1)
        let told = harness.hear(required)
        #expect(told.contains(.close(StreamID(1))))
        #expect(
            told.outputs
                == [.disconnected, .loginRefused(detail: "made")])
        #expect(harness.say("meanwhile", order: 2).isEmpty)
        harness.effects(of: .input(.logIn(password: "open")))
        let login = harness.effects(of: .opened(StreamID(9), to: NodeID(0)))
        #expect(login.requests.map(\.body) == [.login(password: "open")])
        let after = harness.hear(.servers(request: login.numbers.first ?? nil, [], nil), on: 9)
        #expect(
            after.requests.map(\.body) == [
                .chat(room: "r", text: "before"), .chat(room: "r", text: "meanwhile"),
            ])
    }

    @Test func `goes on following a room whose leave was refused`() {
        var harness = Harness.inRoom()
        harness.effects(of: .input(.leave(order: 2, room: "r")))
        #expect(
            harness.refuse(3, .loginRequired).outputs.first
                == .refused(order: 2, .loginRequired, detail: "no"))
        let again = harness.effects(of: .opened(StreamID(2), to: NodeID(0)))
        #expect(again.requests.map(\.body) == [.createJoin(room: "r", after: LogIndex(10))])
    }

    @Test func `is refused what surely was not done, and waits with what may have been`() {
        var harness = Harness.connected()
        let number = (harness.say("hello", order: 1).numbers.first ?? nil) ?? 0
        let refused = harness.refuse(number, .loginRequired, on: 1).outputs
        #expect(refused.first == .refused(order: 1, .loginRequired, detail: "no"))
        harness = Harness.connected()
        harness.say("hello", order: 1)
        let again = harness.reconnect().numbers
        let doubted = harness.refuse((again.first ?? nil) ?? 0, .loginRequired, on: 2).outputs
        #expect(
            doubted == [.disconnected, .loginRefused(detail: "no")])
    }
}
