import StateMachine
import Testing

@testable import SyncNetProtocol

/// Chang & Roberts, "An improved algorithm for decentralized extrema-finding in circular
/// configurations of processes" (1979): when all start, each token travels as far as the next
/// larger identifier.
@Suite struct ChangRobertsTests {
    /// Tokens of one ring by the theorem: distances to the next larger, n for the largest.
    static func exactCount(_ identifiers: [UInt64]) -> Int {
        let count = identifiers.count
        return identifiers.indices.map { place in
            (1..<count).first { identifiers[(place + $0) % count] > identifiers[place] } ?? count
        }.reduce(0, +)
    }

    /// Tokens that the servers send when all of a ring start at once: first and second lap.
    static func measured(_ identifiers: [UInt64]) -> (first: Int, second: Int, leader: [Int]) {
        var network = TestNetwork(count: identifiers.count)
        network.startFormed(lastIndices: identifiers)
        network.settle()
        for node in identifiers.indices { network.input(.timer(.discovery), to: node) }
        network.settle()
        return (
            network.tokensSent[.first, default: 0], network.tokensSent[.second, default: 0],
            network.leaders
        )
    }

    static func orders(of count: Int) -> [[UInt64]] {
        guard count > 1 else { return [[1]] }
        return orders(of: count - 1).flatMap { order in
            (0...order.count).map { place in
                order[..<place] + [UInt64(count)] + order[place...]
            }
        }.map(Array.init)
    }

    private struct Election {
        let identifiers: [UInt64]
        let first: Int
        let second: Int
        let leader: [Int]
    }

    /// Each ring of up to seven, once for all tests: there are 5,912.
    private static let elections = (2...7).map { count in
        orders(of: count).map { identifiers in
            let (first, second, leader) = measured(identifiers)
            return Election(
                identifiers: identifiers, first: first, second: second, leader: leader)
        }
    }

    @Test(arguments: 2...7)
    func `every ring of up to seven sends exactly the tokens of the theorem`(count: Int) {
        for sent in Self.elections[count - 2] {
            let identifiers = sent.identifiers
            #expect(sent.first == Self.exactCount(identifiers), "\(identifiers)")
            #expect(sent.second == count, "\(identifiers)")
            #expect(sent.leader == [identifiers.firstIndex(of: UInt64(count)) ?? -1])
        }
    }

    @Test(arguments: [(3, 11, 2, 5, 6), (5, 137, 12, 9, 15), (7, 363, 20, 13, 28)])
    func `the mean over all rings is n times the harmonic number`(
        count: Int, numerator: Int, denominator: Int, least: Int, most: Int
    ) {
        let counts = Self.elections[count - 2].map(\.first)
        #expect(counts.reduce(0, +) * denominator == numerator * counts.count)
        #expect(counts.min() == least)
        #expect(counts.max() == most)
    }
}
