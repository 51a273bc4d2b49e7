import StateMachine
import Testing

@testable import SyncNetProtocol

@Suite struct ChatTests {
    static func formed(_ count: Int = 3, bugs: PlantedBugs = []) -> TestNetwork {
        var network = TestNetwork(count: count, bugs: bugs)
        for node in 0..<count { network.start(node) }
        network.run(for: .seconds(5))
        return network
    }

    static func request(
        _ body: ClientRequestBody, session: Text? = nil, number: UInt64? = nil
    ) -> ClientRequest {
        ClientRequest(
            sender: "ada", createdAt: 1, session: session, request: number, body: body)
    }

    static func say(_ text: Text, session: Text? = nil, number: UInt64? = nil) -> ClientRequest {
        request(.chat(room: "lobby", text: text), session: session, number: number)
    }

    static let join = request(.createJoin(room: "lobby", after: LogIndex(0)))

    static func texts(_ network: TestNetwork, _ stream: StreamID) -> [String] {
        network.replies.compactMap {
            guard $0.stream == stream, case .pushed(let message) = $0.reply else { return nil }
            return message.text.string
        }
    }

    static func nacks(_ network: TestNetwork) -> [NackReason] {
        network.replies.compactMap {
            if case .nack(_, let reason, _) = $0.reply { reason } else { nil }
        }
    }

    @Test(arguments: 0..<3)
    func `a message said at any server reaches the followers of every server`(node: Int) {
        var network = Self.formed()
        let streams = (0..<3).map { network.connectClient(to: $0) }
        for (server, stream) in streams.enumerated() {
            network.request(Self.join, to: server, on: stream)
        }
        network.run(for: .seconds(1))
        network.request(Self.say("hello"), to: node, on: streams[node])
        network.run(for: .seconds(1))
        for stream in streams { #expect(Self.texts(network, stream) == ["hello"]) }
    }

    @Test func `a retry is answered as before and applied once`() {
        var network = Self.formed()
        let stream = network.connectClient(to: 1)
        let join = Self.request(
            .createJoin(room: "lobby", after: nil), session: "s", number: 1)
        network.request(join, to: 1, on: stream)
        network.request(Self.say("once", session: "s", number: 2), to: 1, on: stream)
        network.run(for: .seconds(1))
        let other = network.connectClient(to: 2)
        network.request(Self.say("once", session: "s", number: 2), to: 2, on: other)
        network.run(for: .seconds(1))
        let answers = network.replies.compactMap { reply -> LogIndex? in
            guard case .done(request: 2, _, let index) = reply.reply else { return nil }
            return index
        }
        #expect(answers.count == 2)
        #expect(answers.first == answers.last)
        #expect(Self.texts(network, stream) == ["once"])
    }

    @Test func `a number that is skipped is refused as a gap, and so is an unknown session`() {
        var network = Self.formed()
        let stream = network.connectClient(to: 0)
        network.request(
            Self.request(.createJoin(room: "lobby", after: nil), session: "s", number: 1),
            to: 0, on: stream)
        network.request(Self.say("gap", session: "s", number: 3), to: 0, on: stream)
        network.request(Self.say("unknown", session: "t", number: 2), to: 0, on: stream)
        network.run(for: .seconds(1))
        #expect(Self.nacks(network) == [.gap, .unknownSession])
    }

    @Test func `who is no member can't say anything`() {
        var network = Self.formed()
        let stream = network.connectClient(to: 0)
        network.request(Self.say("hello"), to: 0, on: stream)
        network.run(for: .seconds(1))
        #expect(Self.nacks(network) == [.notJoined])
    }

    @Test func `a second join without a session is no entry of the log`() {
        var network = Self.formed()
        let stream = network.connectClient(to: 1)
        network.request(Self.join, to: 1, on: stream)
        network.run(for: .seconds(1))
        let last = network.servers[0].log.last
        network.request(Self.join, to: 1, on: stream)
        network.run(for: .seconds(1))
        #expect(network.servers[0].log.last == last)
        #expect(network.replies.count { if case .done = $0.reply { true } else { false } } == 2)
    }

    @Test func `what was acknowledged is there after the leader is killed`() {
        var network = Self.formed()
        let leader = network.leaders[0]
        let survivor = (0..<3).first { $0 != leader } ?? 0
        let stream = network.connectClient(to: survivor)
        network.request(Self.join, to: survivor, on: stream)
        for word in ["one", "two", "three"] {
            network.request(Self.say(Text(word)), to: survivor, on: stream)
        }
        network.run(for: .seconds(1))
        network.kill(leader)
        network.run(for: .seconds(1))
        network.request(Self.say("four"), to: survivor, on: stream)
        network.run(for: .seconds(1))
        #expect(Self.texts(network, stream) == ["one", "two", "three", "four"])
    }

    @Test func `a linearizable page shows what was acknowledged elsewhere just before`() {
        var network = Self.formed()
        let writer = network.connectClient(to: 0)
        network.request(Self.join, to: 0, on: writer)
        network.request(Self.say("hello"), to: 0, on: writer)
        network.run(for: .seconds(1))
        let reader = network.connectClient(to: 2)
        let history = HistoryRequest(room: "lobby", isLinearizable: true, wantsMembers: true)
        network.request(Self.request(.history(history), number: 9), to: 2, on: reader)
        network.run(for: .seconds(1))
        let pages = network.replies.compactMap { reply -> HistoryPage? in
            guard case .history(request: 9, let page) = reply.reply else { return nil }
            return page
        }
        #expect(pages.first?.messages.map(\.text) == ["hello"])
        #expect(pages.first?.members == ["ada"])
    }

    @Test func `a server that alone cannot hear the leader is served through a peer`() {
        var network = Self.formed()
        let leader = network.leaders[0]
        let deaf = (leader + 1) % 3
        network.cuts = [(leader, deaf), (deaf, leader)]
        network.run(for: .seconds(30))
        #expect(network.leaders == [leader])
        let third = (leader + 2) % 3
        let writer = network.connectClient(to: deaf)
        network.request(Self.join, to: deaf, on: writer)
        network.request(Self.say("through you"), to: deaf, on: writer)
        network.run(for: .seconds(5))
        #expect(network.leaders == [leader])
        #expect(network.servers[deaf].following?.via == NodeID(UInt32(third)))
        #expect(Self.texts(network, writer) == ["through you"])
    }

    @Test func `what was confirmed before a question does not make a leader`() {
        var network = Self.formed()
        let leader = network.leaders[0]
        let stream = network.connectClient(to: leader)
        network.run(for: .seconds(3))
        network.request(Self.request(.statusLine), to: leader, on: stream)
        network.settle()
        #expect(Self.lines(network).count == 1)
        #expect(Self.lines(network).allSatisfy { $0.hasPrefix("LEADER") })
        // A machine that slept finds by its clock that no time has passed.
        for node in 0..<3 where node != leader {
            network.cuts += [(leader, node), (node, leader)]
        }
        network.request(Self.request(.statusLine), to: leader, on: stream)
        network.settle()
        #expect(Self.lines(network).count == 1)
        network.run(for: .seconds(1))
        #expect(Self.lines(network).count == 2)
        #expect(Self.lines(network).last?.lowercased().contains("leader") == false)
    }

    private static func lines(_ network: TestNetwork) -> [String] {
        network.replies.compactMap { reply in
            if case .statusLine(let line) = reply.reply { line.string } else { nil }
        }
    }

    @Test func `a leader that hears no quorum steps down and says no`() {
        var network = Self.formed()
        let leader = network.leaders[0]
        for node in 0..<3 where node != leader {
            network.cuts += [(leader, node), (node, leader)]
        }
        let stream = network.connectClient(to: leader)
        network.run(for: .seconds(3))
        network.request(Self.request(.statusLine), to: leader, on: stream)
        network.run(for: .seconds(1))
        let lines = Self.lines(network)
        #expect(lines.count == 1)
        #expect(lines.allSatisfy { !$0.lowercased().contains("leader") })
        network.run(for: .seconds(10))
        #expect(!network.leaders.contains(leader))
        #expect(network.leaders.count == 1)
    }
}
