import DeterministicSimulation
import Foundation
import SimulationRunner

/// A run whose hash is kept: whoever changes it has to do so on purpose.
package struct GoldenRun: Equatable, Sendable {
    /// The scenario.
    package var scenario: String
    /// The seed.
    package var seed: UInt64
    /// All that happened, in 64 bits.
    package var hash: UInt64
    /// How many events that were.
    package var events: UInt64

    /// Reads a line of a scenario, a seed, a hash in hexadecimal and a number of events.
    package init?(line: Substring) {
        let words = line.split(separator: " ")
        guard words.count == 4, let seed = UInt64(words[1]),
            let hash = UInt64(words[2], radix: 16), let events = UInt64(words[3])
        else { return nil }
        self.init(scenario: String(words[0]), seed: seed, hash: hash, events: events)
    }

    /// Makes one.
    package init(scenario: String, seed: UInt64, hash: UInt64 = 0, events: UInt64 = 0) {
        self.scenario = scenario
        self.seed = seed
        self.hash = hash
        self.events = events
    }

    /// The line of a file that tells it.
    package var line: String {
        let digits = String(hash, radix: 16)
        let padding = String(repeating: "0", count: 16 - digits.count)
        return "\(scenario) \(seed) \(padding)\(digits) \(events)"
    }

    /// The same run as this build makes it.
    package func again(in directory: String) throws -> GoldenRun {
        let scenario = try Scenario.find(self.scenario, in: directory)
        let report = SyncNetScenario(scenario).run(RunRequest(seed: seed)).report
        return GoldenRun(
            scenario: self.scenario, seed: seed, hash: report.hash, events: report.events)
    }
}

/// The runs that are kept in a file.
package struct GoldenRuns: Equatable, Sendable {
    /// In the order of the file.
    package var runs: [GoldenRun]

    /// Reads a file.
    package init(path: String) throws {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw ScenarioError("\(path) can't be read: see that the file is there")
        }
        let lines = text.split(separator: "\n").filter { !$0.hasPrefix("#") }
        runs = lines.compactMap { GoldenRun(line: $0) }
        guard runs.count == lines.count, !runs.isEmpty else {
            throw ScenarioError("\(path): a line has a scenario, a seed, a hash and a count")
        }
    }

    /// So many runs, with the scenarios of a directory in turn.
    package init(count: Int, in directory: String) throws {
        let names = try Scenario.names(in: directory)
        runs = (0..<count).map { GoldenRun(scenario: names[$0 % names.count], seed: UInt64($0)) }
    }

    /// Writes them to a file.
    package func write(to path: String) throws {
        let head = [
            "# Hashes of whole runs: equal in every build and machine, alone or in a campaign.",
            "# Written anew by: SYNCNET_REWRITE=1 scripts/golden",
        ]
        let text = (head + runs.map(\.line)).joined(separator: "\n") + "\n"
        try text.write(toFile: path, atomically: true, encoding: .utf8)
    }
}
