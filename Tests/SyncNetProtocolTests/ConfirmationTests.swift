import StateMachine
import Testing

@testable import SyncNetProtocol

@Suite struct ConfirmationTests {
    private static func read(_ number: UInt64) -> ClientRequest {
        let history = HistoryRequest(room: "lobby", isLinearizable: true)
        return ChatTests.request(.history(history), number: number)
    }

    private static func pages(_ network: TestNetwork) -> Int {
        network.replies.count { if case .history = $0.reply { true } else { false } }
    }

    @Test func `an answer to what was sent before a read does not confirm it`() {
        var network = ChatTests.formed()
        let leader = network.leaders[0]
        let stream = network.connectClient(to: leader)
        network.request(ChatTests.join, to: leader, on: stream)
        // Time stands still from here on: all that follows bears one moment.
        network.settle()
        network.request(Self.read(8), to: leader, on: stream)
        network.settle()
        #expect(Self.pages(network) == 1)
        network.kill((leader + 1) % 3)
        network.kill((leader + 2) % 3)
        network.request(Self.read(9), to: leader, on: stream)
        network.settle()
        #expect(Self.pages(network) == 1)
    }

    @Test func `a peer that speaks is asked again where the leader's clock stands still`() {
        var network = ChatTests.formed()
        let leader = network.leaders[0]
        let stream = network.connectClient(to: leader)
        network.request(ChatTests.join, to: leader, on: stream)
        network.settle()
        let others = [(leader + 1) % 3, (leader + 2) % 3]
        network.cuts = others.map { (leader, $0) }
        network.request(Self.read(8), to: leader, on: stream)
        network.settle()
        network.cuts = []
        #expect(Self.pages(network) == 0)
        // No timer of the leader fires.
        network.input(.timer(.heartbeat), to: others[0])
        network.settle()
        #expect(Self.pages(network) == 1)
    }

    /// Seed 7012301 of the swarm: what is committed may be told with the next entry or by a timer,
    /// and neither came.
    @Test func `a follower that speaks is told what is committed, whatever the leader's clock`() {
        var network = ChatTests.formed()
        let leader = network.leaders[0]
        let stream = network.connectClient(to: leader)
        network.request(ChatTests.join, to: leader, on: stream)
        network.settle()
        let follower = (leader + 1) % 3
        network.servers[leader].leading?.progress[follower].commitSent = .zero
        network.marks.removeAll()
        network.input(.timer(.heartbeat), to: follower)
        network.settle()
        let committed = network.servers[leader].commit
        #expect(network.servers[leader].leading?.progress[follower].commitSent == committed)
        #expect(network.marks.contains { $0.mark == .sometimes(.commitToldLate) })
    }

    @Test func `one who leads no longer refuses no session that began after its time`() {
        var network = ChatTests.formed()
        let former = network.leaders[0]
        let stream = network.connectClient(to: former)
        network.settle()
        for other in 0..<3 where other != former {
            network.cuts += [(former, other), (other, former)]
        }
        // It leads on until the death time is over, and has never heard of this session.
        network.request(ChatTests.say("late", session: "s", number: 2), to: former, on: stream)
        network.request(ChatTests.say("later", session: "s", number: 3), to: former, on: stream)
        network.settle()
        #expect(network.leaders.contains(former))
        #expect(ChatTests.nacks(network).isEmpty)
        network.run(for: .seconds(60))
        #expect(!network.leaders.contains(former))
        #expect(ChatTests.nacks(network).allSatisfy { $0 == .noLeader || $0 == .unknownOutcome })
    }

    @Test func `a single server answers reads that come at one moment`() {
        var network = TestNetwork(count: 1)
        network.start(0)
        network.run(for: .seconds(10))
        let stream = network.connectClient(to: 0)
        network.request(ChatTests.join, to: 0, on: stream)
        for number in 7...9 as ClosedRange<UInt64> {
            network.request(Self.read(number), to: 0, on: stream)
        }
        network.settle()
        #expect(Self.pages(network) == 3)
    }
}
