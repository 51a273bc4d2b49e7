import DeterministicSimulation
import Foundation
import SimulationRunner
import Testing

@testable import SyncNetSimulation

/// Every failure that was ever found is kept in a file that can be played. `scripts/regressions`
/// plays them: in a debug build they take long.
@Suite struct `A failure that was found once` {
    static let simulations = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Simulations").path

    static let files = (try? Regression.files(in: simulations + "/Regressions")) ?? []

    @Test func `is kept in a file`() { #expect(!Self.files.isEmpty) }

    @Test(arguments: files) func `names a scenario, and seeds`(file: String) throws {
        let regression = try Regression.load(file)
        #expect(!regression.seeds.isEmpty)
        // No file: a run of the swarm is drawn from its seed.
        guard regression.scenario != "swarm" else { return }
        _ = try Scenario.find(regression.scenario, in: Self.simulations)
    }
}
