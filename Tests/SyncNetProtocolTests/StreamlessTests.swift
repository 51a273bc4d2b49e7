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

    @Test func `streams with those that stand still are of no use`() {
        var (network, leader) = Self.led(5)
        let others = Self.others(than: leader, of: 5)
        network.endStreams(of: leader, with: [others[0], others[1]])
        // Its kernel keeps the streams of one that was stopped.
        for other in 0..<5 where other != others[2] {
            network.cuts += [(others[2], other), (other, others[2])]
        }
        network.run(for: Self.death * 5)
        #expect(network.leaders.count == 1 && network.leaders != [leader])
        #expect(network.leaders != [others[2]])
    }

    @Test func `who has streams with one other only is served by that, whoever leads`() {
        var (network, leader) = Self.led(5)
        let others = Self.others(than: leader, of: 5)
        let (lonely, feeder) = (others[0], others[1])
        for other in 0..<5 where other != lonely && other != feeder {
            network.cuts += [(lonely, other), (other, lonely)]
        }
        let far = (0..<5).filter { $0 != lonely && $0 != feeder }
        network.endStreams(of: lonely, with: far)
        network.run(for: Self.death * 6)
        #expect(network.servers[lonely].isStreamless)
        network.kill(leader)
        network.run(for: Self.death * 6)
        #expect(network.leaders.count == 1)
        Self.say(&network, to: network.leaders[0])
        #expect(network.servers[lonely].applied == network.servers[network.leaders[0]].applied)
    }

    @Test func `who hears the leader and has streams with one other only is served by that`() {
        var (network, leader) = Self.led(5)
        let others = Self.others(than: leader, of: 5)
        let lonely = others[0]
        let far = (0..<5).filter { $0 != lonely && $0 != others[1] }
        network.endStreams(of: lonely, with: far)
        network.run(for: Self.death * 6)
        #expect(network.servers[lonely].isStreamless)
        Self.say(&network, to: leader)
        #expect(network.leaders == [leader])
        #expect(network.servers[lonely].applied == network.servers[leader].applied)
    }

    @Test(arguments: [3, 5], [1, 2])
    func `a starved server deposes nobody, and whoever hears the leader stays with it`(
        count: Int, distance: Int
    ) {
        var (network, leader) = Self.led(count)
        let starved = (leader + distance) % count
        network.endStreams(of: starved, with: Self.others(than: starved, of: count))
        let begin = network.marks.count
        for _ in 0..<6 { Self.say(&network, to: leader) }
        #expect(network.leaders == [leader])
        let left = network.marks[begin...].filter {
            if case .steppedDown = $0.mark { return true }
            if case .searching = $0.mark { return $0.node != starved }
            return false
        }
        #expect(left.isEmpty, "\(left.map(\.node))")
    }

    @Test(arguments: 0..<5)
    func `a starved server is fed by one that can, past those that can't`(leader: Int) {
        var network = TestNetwork(count: 5)
        var indices: [UInt64] = [5, 5, 5, 5, 5]
        indices[leader] = 6
        network.startFormed(lastIndices: indices)
        network.run(for: .seconds(5))
        #expect(network.leaders == [leader])
        // Neither the leader nor its next neighbour can feed it; the other two can.
        let starved = (leader + 3) % 5
        network.endStreams(of: starved, with: [leader, (starved + 1) % 5])
        for _ in 0..<3 { Self.say(&network, to: leader) }
        #expect(network.leaders == [leader])
        #expect(network.servers[starved].applied == network.servers[leader].applied)
    }

    private static func say(_ network: inout TestNetwork, to leader: Int) {
        let stream = network.connectClient(to: leader)
        network.request(ChatTests.join, to: leader, on: stream)
        network.run(for: .seconds(1))
        network.request(ChatTests.say("hello"), to: leader, on: stream)
        network.run(for: death * 4)
    }

    @Test func `a leader without streams whose clock stands still is followed no more`() {
        var (network, leader) = Self.led()
        network.stopped[leader] = network.now
        network.endStreams(of: leader, with: Self.others(than: leader))
        network.run(for: Self.death * 6)
        #expect(network.leaders.count == 1 && network.leaders != [leader])
        let next = network.leaders[0]
        Self.say(&network, to: next)
        #expect(network.servers[next].commit == network.servers[next].log.last)
        // It speaks on, and is not believed.
        network.run(for: .seconds(300))
        #expect(network.leaders == [next])
    }

    @Test func `a clock stands still by the heartbeats of a quorum, and that deposes nobody`() {
        var (network, leader) = Self.led(5)
        let others = Self.others(than: leader, of: 5).map { NodeID(UInt32($0)) }
        var server = network.servers[leader]
        var effects = Effects<SyncNet>()
        // All of one peer's that were late, at once.
        for _ in 0..<100 { server.noteTick(of: others[0], into: &effects) }
        #expect(!server.isClockStill)
        for _ in 0..<100 { server.noteTick(of: others[1], into: &effects) }
        #expect(server.isClockStill && server.isLeading, "it has its streams")
        network.endStreams(of: leader, with: Self.others(than: leader, of: 5))
        network.settle()
        server = network.servers[leader]
        for peer in others.prefix(2) {
            #expect(server.isLeading)
            for _ in 0..<100 { server.noteTick(of: peer, into: &effects) }
        }
        #expect(!server.isLeading && server.standsBack)
    }

    @Test func `a follower that lacks something only for a moment stays`() {
        var (network, leader) = Self.led()
        network.run(for: .seconds(300))
        let late = Self.others(than: leader)[0]
        network.streamCuts = [(leader, late)]
        let stream = network.connectClient(to: leader)
        let begin = network.marks.count
        network.request(ChatTests.join, to: leader, on: stream)
        network.run(for: Self.death / 2)
        #expect(network.servers[late].commit < network.servers[leader].commit)
        network.streamCuts = []
        network.run(for: Self.death * 2)
        #expect(network.servers[late].commit == network.servers[leader].commit)
        let hasSearched = network.marks[begin...].contains {
            if case .searching = $0.mark { true } else { false }
        }
        #expect(!hasSearched)
    }

    @Test func `a follower without streams with the leader is fed by another, and stays so`() {
        var (network, leader) = Self.led(5)
        let cutOff = Self.others(than: leader, of: 5)[1]
        network.endStreams(of: leader, with: [cutOff])
        network.run(for: Self.death * 6)
        Self.say(&network, to: leader)
        #expect(network.leaders == [leader])
        #expect(network.servers[cutOff].applied == network.servers[leader].applied)
        let begin = network.marks.count
        network.run(for: .seconds(300))
        let searches = network.marks[begin...].count {
            if case .searching = $0.mark { true } else { false }
        }
        #expect(searches == 0)
    }

    @Test(arguments: [(1, 2), (1, 3), (1, 4), (2, 3), (2, 4), (3, 4)])
    func `two starved servers don't keep each other from those that can feed them`(
        one: Int, other: Int
    ) {
        var (network, leader) = Self.led(5)
        let starved = [(leader + one) % 5, (leader + other) % 5]
        network.streamCuts = starved.map { (leader, $0) }
        for _ in 0..<4 { Self.say(&network, to: leader) }
        #expect(network.leaders == [leader])
        for node in starved {
            #expect(network.servers[node].applied == network.servers[leader].applied)
        }
    }

    @Test(arguments: [true, false])
    func `two servers that feed each other nothing look for another one`(isSilent: Bool) {
        var (network, leader) = Self.led(4)
        let (one, other, feeder) = ((leader + 1) % 4, (leader + 2) % 4, (leader + 3) % 4)
        // The other gets its entries from the first one, as the leader's don't reach it.
        network.endStreams(of: other, with: isSilent ? [feeder] : [feeder, leader])
        network.streamCuts = [(leader, other)]
        for _ in 0..<3 { Self.say(&network, to: leader) }
        #expect(network.servers[other].following?.via == NodeID(UInt32(one)))
        // Now those of the first one don't either, and its token gets to the other.
        network.streamCuts.append((leader, one))
        for _ in 0..<6 { Self.say(&network, to: leader) }
        #expect(network.leaders == [leader])
        for node in [one, other] {
            #expect(network.servers[node].applied == network.servers[leader].applied)
        }
    }

    @Test(arguments: [true, false])
    func `who can't answer the leader is fed by somebody whom it can answer`(isSilent: Bool) {
        var (network, leader) = Self.led()
        let mute = (leader + 2) % 3
        if isSilent {
            network.streamCuts = [(mute, leader)]
        } else {
            network.endStream(from: mute, to: leader)
        }
        let stream = network.connectClient(to: leader)
        network.request(ChatTests.join, to: leader, on: stream)
        // More than the leader sends before an answer comes.
        for _ in 0..<(2 * Limits().appendEntries) {
            network.request(ChatTests.say("hello"), to: leader, on: stream)
        }
        network.run(for: Self.death * 6)
        for _ in 0..<3 { Self.say(&network, to: leader) }
        #expect(network.leaders == [leader])
        #expect(network.servers[leader].applied.number > 2 * UInt64(Limits().appendEntries))
        #expect(network.servers[mute].applied == network.servers[leader].applied)
        guard !isSilent else { return }
        let begin = network.marks.count
        for _ in 0..<10 { Self.say(&network, to: leader) }
        let searches = network.marks[begin...].count {
            if case .searching = $0.mark { true } else { false }
        }
        #expect(searches == 0, "the leader, which repeats itself, takes it back from its feeder")
    }

    @Test(arguments: [3, 5], [1, 2])
    func `a starved server that nobody else can feed deposes nobody`(count: Int, distance: Int) {
        var (network, leader) = Self.led(count)
        let starved = (leader + distance) % count
        network.streamCuts = [(leader, starved)]
        let far = (0..<count).filter { $0 != starved && $0 != leader }
        network.endStreams(of: starved, with: far)
        for _ in 0..<6 { Self.say(&network, to: leader) }
        #expect(network.leaders == [leader])
        #expect(
            !network.marks.contains {
                if case .steppedDown = $0.mark { $0.node == leader } else { false }
            })
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
