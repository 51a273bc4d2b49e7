import DeterministicSimulation
import SyncNetProtocol
import Testing

@testable import SyncNetSimulation

/// A planted bug, and where it is found.
struct Canary: Sendable, CustomTestStringConvertible {
    let bug: String
    let scenario: String
    /// It is found within so many seeds.
    let seeds: UInt64
    var storage = StorageKind.memory

    var testDescription: String { "\(bug) in \(scenario)" }
}

@Suite struct `Planted bugs` {
    /// Some that simulations find at once. `scripts/canaries` has all of them, in a release build,
    /// which is ten times as fast.
    static let canaries = [
        Canary(bug: "E1", scenario: "calm", seeds: 5),
        Canary(bug: "E2", scenario: "crash-storm", seeds: 5),
        Canary(bug: "E4", scenario: "calm", seeds: 5),
        Canary(bug: "R12", scenario: "crash-storm", seeds: 5),
        Canary(bug: "R18", scenario: "crash-storm", seeds: 5),
        Canary(bug: "S1", scenario: "disk-crash", seeds: 5, storage: .sqlite),
        Canary(bug: "L1", scenario: "crash-storm", seeds: 5),
        Canary(bug: "L2", scenario: "crash-storm", seeds: 5),
        Canary(bug: "P8", scenario: "crash-storm", seeds: 5),
        Canary(bug: "P25", scenario: "private-rooms", seeds: 5),
        Canary(bug: "P36", scenario: "accounts", seeds: 5),
    ]

    @Test(arguments: canaries) func `are found within so many seeds`(canary: Canary) throws {
        let bug = try #require(PlantedBugs(id: canary.bug))
        var scenario = try Campaign.scenario(canary.scenario, bugs: bug)
        scenario.storage = canary.storage
        let found = Campaign.firstFailure(of: scenario, below: canary.seeds)
        #expect(found != nil, "\(canary.bug) lives through \(canary.seeds) seeds")
    }
}
