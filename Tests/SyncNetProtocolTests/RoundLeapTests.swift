import StateMachine
import Testing

@testable import SyncNetProtocol

/// Rounds that no election gets to.
@Suite struct RoundLeapTests {
    private static let least = Epoch(Limits.roundMax + 1)

    private static func bodies(_ round: Epoch) -> [Body] {
        let candidate = CandidateID(epoch: Epoch(1), index: LogIndex(9), node: NodeID(1))
        let serial = TokenSerial(boot: Boot(1), number: 1)
        return [
            .token(Token(round: round, candidate: candidate, serial: serial, passed: 1)),
            .roundOver(round), .leaderLives(round, leader: NodeID(1)),
        ]
    }

    private static func datagram(_ body: Body) -> Event<SyncNet> {
        .datagram(Message(stamp: Stamp(1), body: body), from: NodeID(1))
    }

    @Test(arguments: [least, Epoch(1 << 63), Epoch(.max)])
    func `are dropped, and the cluster goes on`(round: Epoch) {
        var network = ChatTests.formed()
        network.run(for: .seconds(5))
        let leader = network.leaders[0]
        for body in Self.bodies(round) {
            for node in 0..<3 where node != 1 {
                network.input(Self.datagram(body), to: node)
            }
        }
        network.run(for: .seconds(20))
        #expect(network.marks.count { $0.mark == .dropped(.round) } == 6)
        #expect(network.leaders == [leader])
        #expect(network.servers.allSatisfy { $0.highestRound < Epoch(100) })
    }

    @Test func `far ahead are believed, also by whoever was away`() {
        var network = ChatTests.formed()
        network.run(for: .seconds(5))
        network.kill(2)
        let round = Epoch(1 << 40)
        network.input(Self.datagram(.roundOver(round)), to: 0)
        network.run(for: .seconds(60))
        #expect(network.leaders.count == 1)
        network.restartWiped(2)
        network.run(for: .seconds(60))
        #expect(network.servers.allSatisfy { $0.highestRound > round })
        #expect(network.servers[2].recovery == nil)
        #expect(network.leaders.count == 1)
    }
}
