import DeterministicSimulation
import Foundation
import SimulationRunner
import SyncNetProtocol

@testable import SyncNetSimulation

/// Runs scenarios of `Simulations/`.
enum Campaign {
    static var directory: String {
        var url = URL(fileURLWithPath: #filePath)
        for _ in 0..<3 { url.deleteLastPathComponent() }
        return url.appendingPathComponent("Simulations").path
    }

    static func scenario(_ name: String, bugs: PlantedBugs = []) throws -> Scenario {
        var scenario = try Scenario.find(name, in: directory)
        scenario.bugs = bugs
        return scenario
    }

    /// The first seed below a bound that breaks a promise, with the promise.
    static func firstFailure(
        of scenario: Scenario, below end: UInt64
    ) -> (seed: UInt64, violation: Violation)? {
        for seed in 0..<end {
            let report = SyncNetScenario(scenario).run(RunRequest(seed: seed)).report
            if let violation = report.violation { return (seed, violation) }
        }
        return nil
    }
}
