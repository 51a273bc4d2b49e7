import StateMachine
import Testing

@testable import SyncNetProtocol

/// Servers whose datagrams are heard, and whose streams are dead.
@Suite struct StreamlessTests {
    private static let death = Timing.guide.death

    /// A cluster in which somebody leads, and where that is.
    private static func led(
        _ count: Int = 3, bugs: PlantedBugs = []
    ) -> (network: TestNetwork, leader: Int) {
        var network = ChatTests.formed(count, bugs: bugs)
        network.run(for: .seconds(5))
        return (network, network.leaders[0])
    }

    private static func others(than node: Int, of count: Int = 3) -> [Int] {
        (0..<count).filter { $0 != node }
    }

    @Test func `a leader whose streams are dead gives way to one that has some`() {
        var (network, leader) = Self.led()
        network.endStreams(of: leader, with: Self.others(than: leader))
        network.run(for: Self.death)
        #expect(network.leaders == [leader], "they may come back")
        network.run(for: Self.death * 2)
        #expect(network.leaders.count == 1 && network.leaders != [leader])
        #expect(
            network.marks.contains { $0.node == leader && $0.mark == .sometimes(.leaderStreamless) }
        )
        let next = network.leaders[0]
        let stream = network.connectClient(to: next)
        network.request(ChatTests.join, to: next, on: stream)
        network.run(for: .seconds(20))
        #expect(network.servers[next].commit == network.servers[next].log.last)
        // It does not take the leadership back, whatever becomes of tokens.
        network.run(for: .seconds(300))
        #expect(network.leaders == [next])
    }

    @Test func `the longest log leads again once its streams are back`() {
        var (network, leader) = Self.led()
        // What only it has.
        let stream = network.connectClient(to: leader)
        network.endStreams(of: leader, with: Self.others(than: leader))
        network.request(ChatTests.join, to: leader, on: stream)
        // One of the others is down, so that nothing goes on without it.
        let down = Self.others(than: leader)[0]
        network.kill(down)
        network.run(for: .seconds(120))
        #expect(network.leaders.isEmpty)
        network.streamless = []
        network.run(for: .seconds(60))
        #expect(network.leaders == [leader])
        #expect(network.servers[leader].commit == network.servers[leader].log.last)
    }

    @Test func `a leader that has streams with a quorum leads on`() {
        var (network, leader) = Self.led(5)
        network.endStreams(of: leader, with: Array(Self.others(than: leader, of: 5).prefix(2)))
        network.run(for: .seconds(120))
        #expect(network.leaders == [leader])
    }

    @Test func `planted, it leads for ever, and commits nothing`() {
        var (network, leader) = Self.led(bugs: .p47StreamlessLeads)
        network.endStreams(of: leader, with: Self.others(than: leader))
        let stream = network.connectClient(to: leader)
        network.request(ChatTests.join, to: leader, on: stream)
        network.run(for: .seconds(300))
        #expect(network.leaders == [leader])
        #expect(network.servers[leader].commit < network.servers[leader].log.last)
    }
}
