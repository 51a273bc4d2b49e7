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
    /// The bugs that simulations find, each with the scenario that does so soon. Not here:
    /// R6, R15, R20, R21, S6, S8, P15 and P21 take dozens of seeds and more.
    static let canaries = [
        Canary(bug: "E1", scenario: "calm", seeds: 5),
        Canary(bug: "E2", scenario: "crash-storm", seeds: 5),
        Canary(bug: "E3", scenario: "slow-disks", seeds: 40),
        Canary(bug: "E4", scenario: "calm", seeds: 5),
        Canary(bug: "E5", scenario: "crash-storm", seeds: 60),
        Canary(bug: "E7", scenario: "crash-storm", seeds: 10),
        Canary(bug: "E8", scenario: "crash-storm", seeds: 60),
        Canary(bug: "E10", scenario: "split-brain", seeds: 10),
        Canary(bug: "E11", scenario: "split-brain", seeds: 20),
        Canary(bug: "E12", scenario: "slow-disks", seeds: 40),
        Canary(bug: "F1", scenario: "crash-storm", seeds: 10),
        Canary(bug: "F2", scenario: "crash-storm", seeds: 10),
        Canary(bug: "F5", scenario: "one-way-partition", seeds: 40),
        Canary(bug: "R1", scenario: "crash-storm", seeds: 10),
        Canary(bug: "R2", scenario: "crash-storm", seeds: 10),
        Canary(bug: "R4", scenario: "crash-storm", seeds: 10),
        Canary(bug: "R5", scenario: "crash-storm", seeds: 20),
        Canary(bug: "R7", scenario: "split-brain", seeds: 20),
        Canary(bug: "R9", scenario: "disk-crash", seeds: 60),
        Canary(bug: "R11", scenario: "split-brain", seeds: 20),
        Canary(bug: "R12", scenario: "crash-storm", seeds: 5),
        Canary(bug: "R16", scenario: "split-brain", seeds: 40),
        Canary(bug: "R18", scenario: "crash-storm", seeds: 5),
        Canary(bug: "R19", scenario: "split-brain", seeds: 20),
        Canary(bug: "S1", scenario: "disk-crash", seeds: 5, storage: .sqlite),
        Canary(bug: "S2", scenario: "broken-disks", seeds: 60, storage: .sqlite),
        Canary(bug: "S5", scenario: "broken-disks", seeds: 12, storage: .sqlite),
        Canary(bug: "F9", scenario: "broken-disks", seeds: 8, storage: .sqlite),
        Canary(bug: "L1", scenario: "crash-storm", seeds: 5),
        Canary(bug: "L2", scenario: "crash-storm", seeds: 5),
        Canary(bug: "L3", scenario: "crash-storm", seeds: 80),
        Canary(bug: "L6", scenario: "crash-storm", seeds: 10),
        Canary(bug: "C1", scenario: "crash-storm", seeds: 20),
        Canary(bug: "C2", scenario: "crash-storm", seeds: 10),
        Canary(bug: "C4", scenario: "crash-storm", seeds: 20),
        Canary(bug: "C8", scenario: "crash-storm", seeds: 20),
        Canary(bug: "M1", scenario: "contested-membership", seeds: 40),
        Canary(bug: "X3", scenario: "mixed-versions", seeds: 10),
        Canary(bug: "X5", scenario: "many-sessions", seeds: 20),
        Canary(bug: "P2", scenario: "crash-storm", seeds: 10),
        Canary(bug: "P4", scenario: "mixed-versions", seeds: 60),
        Canary(bug: "P6", scenario: "crash-storm", seeds: 40),
        Canary(bug: "P7", scenario: "many-sessions", seeds: 20),
        Canary(bug: "P8", scenario: "crash-storm", seeds: 5),
        Canary(bug: "P9", scenario: "mixed-versions", seeds: 10),
        Canary(bug: "P10", scenario: "crash-storm", seeds: 40),
        Canary(bug: "P11", scenario: "crash-storm", seeds: 5),
        Canary(bug: "P12", scenario: "mixed-versions", seeds: 10),
        Canary(bug: "P13", scenario: "crash-storm", seeds: 30),
        Canary(bug: "P16", scenario: "split-brain", seeds: 40),
        Canary(bug: "P17", scenario: "many-sessions", seeds: 20),
        Canary(bug: "P18", scenario: "split-brain", seeds: 20),
        Canary(bug: "P22", scenario: "crash-storm", seeds: 5),
        Canary(bug: "P23", scenario: "private-rooms", seeds: 30),
        Canary(bug: "P24", scenario: "private-rooms", seeds: 20),
        Canary(bug: "P25", scenario: "private-rooms", seeds: 5),
        Canary(bug: "P26", scenario: "private-rooms", seeds: 10),
        Canary(bug: "P30", scenario: "crash-storm", seeds: 10),
        Canary(bug: "P31", scenario: "crash-storm", seeds: 40),
        Canary(bug: "P32", scenario: "split-brain", seeds: 60),
        Canary(bug: "P28", scenario: "private-rooms", seeds: 10),
        Canary(bug: "P29", scenario: "private-rooms", seeds: 10),
        Canary(bug: "P27", scenario: "stopped-clocks", seeds: 60),
    ]

    @Test(arguments: canaries) func `are found within so many seeds`(canary: Canary) throws {
        let bug = try #require(PlantedBugs(id: canary.bug))
        var scenario = try Campaign.scenario(canary.scenario, bugs: bug)
        scenario.storage = canary.storage
        let found = Campaign.firstFailure(of: scenario, below: canary.seeds)
        #expect(found != nil, "\(canary.bug) lives through \(canary.seeds) seeds")
    }

    @Test func `are found, at least twenty of them`() {
        var ids: [String] = []
        for canary in Self.canaries where !ids.contains(canary.bug) { ids.append(canary.bug) }
        #expect(ids.count >= 20)
        #expect(ids.count == Self.canaries.count)
    }
}
