import StateMachine
import Testing

@testable import SyncNetProtocol

/// Servers that some hear and others don't.
@Suite struct HalfHeardTests {
    private static func cut(_ network: inout TestNetwork, _ nodes: [Int], from others: [Int]) {
        for node in nodes {
            for other in others { network.cuts += [(node, other), (other, node)] }
        }
    }

    @Test func `those who don't count are not among the quorum that hears a server`() {
        var network = TestNetwork(count: 5)
        network.startFormed(lastIndices: [5, 5, 5, 5, 6])
        network.run(for: .seconds(1))
        // The last one is heard by the third and the fourth only, whose disks were wiped.
        network.cuts = [(4, 0), (4, 1)]
        for wiped in [2, 3] {
            network.kill(wiped)
            network.restartWiped(wiped)
        }
        network.run(for: .seconds(30))
        #expect([2, 3].allSatisfy { network.servers[4].peers[$0].isRecovering })
        #expect(!network.servers[4].isHeardByQuorum)
    }

    @Test func `a server is served though its tokens end at one that can't reach it`() {
        var network = TestNetwork(count: 5)
        network.startFormed(lastIndices: [5, 5, 5, 6, 5])
        network.run(for: .seconds(5))
        #expect(network.leaders == [3])
        // The third hears the second, who hears the leader, and the last, who does not, and
        // whose neighbour, the first, keeps every token for a leader that lives.
        Self.cut(&network, [0], from: [1, 2])
        Self.cut(&network, [3], from: [2, 4])
        network.run(for: .seconds(60))
        #expect(network.leaders == [3])
        #expect(network.servers[2].following?.via == NodeID(1))
        #expect(network.servers[4].isServedThroughPeer)
        #expect(network.marks.contains { $0.mark == .sometimes(.tokenGivenToAll) })
    }

    @Test(arguments: 1...4)
    func `a follower that the leader can't feed is fed by another one`(distance: Int) {
        var network = ChatTests.formed(5)
        let leader = network.leaders[0]
        let follower = (leader + distance) % 5
        // Heartbeats come, and answer; entries don't.
        network.streamCuts = [(leader, follower)]
        let stream = network.connectClient(to: leader)
        network.request(ChatTests.join, to: leader, on: stream)
        network.run(for: .seconds(60))
        network.request(ChatTests.say("hello"), to: leader, on: stream)
        network.run(for: .seconds(20))
        #expect(network.leaders == [leader])
        #expect(network.servers[follower].applied == network.servers[leader].applied)
    }

    @Test func `a server that takes every token and can't reach its origin ends no election`() {
        var network = TestNetwork(count: 7)
        // The third hears the first, and two that nobody else hears: a quorum. So it takes the
        // tokens of the last three, which the first gives it, and can't bring them home.
        Self.cut(&network, [0], from: [1, 3])
        Self.cut(&network, [1, 2, 3], from: [4, 5, 6])
        network.startFormed(lastIndices: [5, 6, 5, 6, 6, 6, 6])
        network.run(for: .seconds(120))
        #expect(network.leaders.count == 1)
        #expect(network.leaders.allSatisfy { [0, 4, 5, 6].contains($0) })
        #expect(network.marks.contains { $0.mark == .sometimes(.electedDirectly) })
    }

    @Test func `a server that passes over whom its neighbours reach keeps nobody from leading`() {
        var network = TestNetwork(count: 8)
        // The seventh is heard by the last one alone, which the first two don't hear; and
        // between them they make up a quorum that the last one believes to be heard by.
        Self.cut(&network, [6], from: [0, 1, 3, 4, 5])
        Self.cut(&network, [7], from: [0, 1])
        network.startFormed(lastIndices: [5, 5, 5, 5, 5, 5, 3, 3])
        network.isDown[2] = true
        network.run(for: .seconds(120))
        #expect(network.leaders.count == 1)
        #expect(network.leaders.allSatisfy { [0, 1, 3, 4, 5].contains($0) })
        #expect(network.marks.contains { $0.mark == .sometimes(.electedDirectly) })
    }
}
