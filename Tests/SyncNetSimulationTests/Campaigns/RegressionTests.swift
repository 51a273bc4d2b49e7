import DeterministicSimulation
import Foundation
import SimulationRunner
import Testing

@testable import SyncNetSimulation

/// Every failure that was ever found, played again.
@Suite struct `A failure that was found once` {
    static let simulations = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Simulations").path

    static let files = (try? Regression.files(in: simulations + "/Regressions")) ?? []

    @Test func `is kept in a file`() { #expect(!Self.files.isEmpty) }

    @Test(arguments: files) func `stays mended`(file: String) throws {
        let regression = try Regression.load(file)
        let scenario = try Scenario.find(regression.scenario, in: Self.simulations)
        for seed in regression.seeds {
            let report = SyncNetScenario(scenario).run(RunRequest(seed: seed)).report
            #expect(report.violation == nil, "seed \(seed) of \(regression.scenario)")
        }
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
