import Foundation

/// The other side of a ``Campaign``: a process that runs the seeds it is told.
public enum CampaignWorker {
    /// Reads lines of a seed and a scenario's name from standard input, runs them one after
    /// the other, and writes a line of JSON for each to standard output. Ends with its input.
    public static func run(_ scenarios: [any SimulatedScenario]) throws {
        let encoder = JSONEncoder()
        while let line = readLine() {
            let words = line.split(separator: " ", maxSplits: 1)
            guard words.count == 2, let seed = UInt64(words[0]) else {
                throw RunnerError("A worker reads lines of a seed and a scenario, not: \(line)")
            }
            guard let scenario = try scenarios.named([String(words[1])]).first else { continue }
            var answer = try encoder.encode(SeedResult(scenario, seed: seed))
            answer.append(UInt8(ascii: "\n"))
            try FileHandle.standardOutput.write(contentsOf: answer)
        }
    }
}
