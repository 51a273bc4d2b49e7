import StateMachine
import Testing

@testable import SyncNetProtocol

@Suite struct ElectionTests {
    @Test(arguments: 1...7) func `new servers form a cluster and elect one leader`(count: Int) {
        var network = TestNetwork(count: count)
        for node in 0..<count { network.start(node) }
        network.run(for: .seconds(10))
        #expect(network.leaders.count == 1)
        let followed = network.servers.map { $0.leader }
        #expect(followed.allSatisfy { $0 == NodeID(UInt32(network.leaders[0])) })
        #expect(network.servers.allSatisfy { $0.commit >= LogIndex(1) })
    }

    @Test func `the most complete log is elected whoever asks first`() {
        var network = TestNetwork(count: 3)
        network.startFormed(lastIndices: [3, 5, 4])
        network.run(for: .seconds(10))
        #expect(network.leaders == [1])
    }

    @Test func `a killed leader is replaced within a second`() {
        var network = TestNetwork(count: 3)
        for node in 0..<3 { network.start(node) }
        network.run(for: .seconds(10))
        let first = network.leaders
        network.kill(first[0])
        network.run(for: .seconds(1))
        #expect(network.leaders.count == 1)
        #expect(network.leaders != first)
    }

    @Test func `two of three new servers never form a cluster by themselves`() {
        var network = TestNetwork(count: 3)
        network.isDown[2] = true
        network.start(0)
        network.start(1)
        network.run(for: .seconds(60))
        #expect(network.leaders.isEmpty)
        #expect(network.servers[0].formation == nil)
    }

    @Test func `a server whose disk was wiped is fed and counts again`() {
        var network = ChatTests.formed()
        let leader = network.leaders[0]
        let stream = network.connectClient(to: leader)
        network.request(ChatTests.join, to: leader, on: stream)
        network.request(ChatTests.say("kept"), to: leader, on: stream)
        network.run(for: .seconds(1))
        let wiped = (leader + 1) % 3
        network.kill(wiped)
        network.run(for: .seconds(20))
        network.restartWiped(wiped)
        network.run(for: .milliseconds(50))
        #expect(network.servers[wiped].recovery != nil)
        network.run(for: .seconds(10))
        #expect(network.servers[wiped].recovery == nil)
        #expect(network.servers[wiped].applied == network.servers[leader].applied)
        // It counts: with the third one gone it makes a quorum with the leader.
        network.kill((leader + 2) % 3)
        network.run(for: .seconds(30))
        network.request(ChatTests.say("again"), to: leader, on: stream)
        network.run(for: .seconds(1))
        #expect(ChatTests.texts(network, stream) == ["kept", "again"])
    }

    @Test func `two servers one of which was wiped elect nobody by themselves`() {
        var network = ChatTests.formed()
        let leader = network.leaders[0]
        network.kill(leader)
        network.kill((leader + 1) % 3)
        network.run(for: .seconds(20))
        network.restartWiped((leader + 1) % 3)
        network.run(for: .seconds(60))
        #expect(network.leaders.isEmpty)
    }

    @Test func `a server that most don't hear can't end the tokens of the others`() {
        var network = TestNetwork(count: 4)
        // The first one hears everybody, and only the last one hears it.
        network.cuts = [(0, 1), (0, 2)]
        network.startFormed(lastIndices: [1, 2, 3, 4])
        network.run(for: .seconds(15))
        #expect(network.leaders == [3])
    }

    @Test func `servers that hear nobody don't keep the others from electing`() {
        var network = TestNetwork(count: 5)
        // The second and the fourth speak and hear nothing.
        network.cuts = [0, 2, 3, 4].map { ($0, 1) } + [0, 1, 2, 4].map { ($0, 3) }
        network.startFormed(lastIndices: [1, 5, 3, 4, 2])
        network.run(for: .seconds(30))
        #expect(network.leaders == [2])
    }

    @Test func `late words of a former disk don't make a server deaf to the present one`() throws {
        var network = TestNetwork(count: 3)
        network.startFormed()
        network.run(for: .seconds(5))
        let formation = try #require(network.servers[0].formation)
        // As the first one has never heard of that disk, it looks like a new one.
        let late = Heartbeat(
            boot: Boot(1), sequence: 7, disk: DiskID(900), cluster: formation.cluster,
            round: .zero, isLeading: false, commit: .zero, sentAt: .zero, wantsAnswer: false,
            isRecovering: true)
        let message = Message(stamp: Stamp(1), body: .heartbeat(late))
        network.input(.datagram(message, from: NodeID(2)), to: 0)
        network.settle()
        #expect(network.servers[0].peers[2].disk == DiskID(900))
        network.run(for: .seconds(5))
        #expect(network.servers[0].peers[2].disk == DiskID(102))
        network.input(.datagram(message, from: NodeID(2)), to: 0)
        network.run(for: .seconds(1))
        #expect(network.servers[0].peers[2].disk == DiskID(102))
        #expect(!network.servers[0].peers[2].isSuspected)
    }

    @Test func `a wiped server is heard although it counts its boots from 1 again`() {
        var network = TestNetwork(count: 3)
        network.startFormed(boot: Boot(7))
        network.run(for: .seconds(10))
        let wiped = (network.leaders[0] + 1) % 3
        network.kill(wiped)
        network.run(for: .seconds(20))
        network.restartWiped(wiped)
        network.run(for: .seconds(20))
        #expect(network.servers[wiped].recovery == nil)
        let peer = network.servers[network.leaders[0]].peers[wiped]
        #expect(!peer.isSuspected && peer.boot == Boot(1))
    }

    @Test func `a wiped disk confirms no leader`() {
        var network = ChatTests.formed()
        let leader = network.leaders[0]
        let (wiped, other) = ((leader + 1) % 3, (leader + 2) % 3)
        network.kill(wiped)
        network.kill(other)
        network.restartWiped(wiped)
        network.run(for: .seconds(2))
        #expect(network.servers[wiped].recovery != nil)
        let stream = network.connectClient(to: leader)
        let history = HistoryRequest(room: "lobby", isLinearizable: true)
        network.request(
            ChatTests.request(.history(history), number: 1), to: leader, on: stream)
        network.run(for: .seconds(4))
        #expect(network.replies.filter { $0.stream == stream }.isEmpty)
        network.run(for: .seconds(20))
        #expect(network.leaders.isEmpty)
    }

    @Test func `a larger log that no quorum hears does not end the elections of the others`() {
        var network = TestNetwork(count: 6)
        // The third and the sixth hear all; most of the others don't hear them.
        network.cuts = [(5, 0), (5, 1), (5, 3), (2, 0), (2, 1), (2, 3)]
        network.startFormed(lastIndices: [2, 2, 3, 2, 3, 3])
        network.run(for: .seconds(30))
        #expect(network.leaders == [4])
    }

    @Test func `a minority elects nobody`() {
        var network = TestNetwork(count: 5)
        for node in 0..<5 { network.start(node) }
        network.run(for: .seconds(10))
        let leader = network.leaders[0]
        for node in [0, 1, 2, 3, 4].filter({ $0 != leader }).prefix(2) { network.kill(node) }
        network.run(for: .seconds(30))
        #expect(network.leaders == [leader])
        network.kill(leader)
        network.run(for: .seconds(60))
        #expect(network.leaders.isEmpty)
    }
}
