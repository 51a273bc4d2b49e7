import DeterministicSimulation
import Foundation
import SimulationRunner
import Testing

@testable import SyncNetSimulation

/// Every failure that was ever found and told as a story, played again. `scripts/regressions` plays
/// the others, too, which take long in a debug build.
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

    static let stories = `A story of a planted bug`.stories(in: "Regressions")

    @Test(arguments: stories) func `stays mended where it is told as a story`(
        file: String
    ) throws {
        let story = try KeptStory.load(file)
        let any = SyncNetScenario(Scenario(name: "any"))
        let report = try story.play(try story.scenario(among: [any])).report
        #expect(report.violation == nil, "\(file)")
        // It proves less and less when the code goes other ways than it tells.
        if let divergence = report.divergence {
            Issue.record("\(file) is stale: \(divergence)", severity: .warning)
        }
    }
}
