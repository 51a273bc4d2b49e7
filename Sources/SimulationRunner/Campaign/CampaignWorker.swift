import Foundation

/// The other side of a ``Campaign`` or a ``Score``: a process that runs the seeds it is told.
public enum CampaignWorker {
    /// Works with the scenarios given.
    public static func run(_ scenarios: [any SimulatedScenario]) throws {
        try run { name in
            guard let found = try scenarios.named([name]).first else {
                throw RunnerError("There is no scenario \"\(name)\".")
            }
            return found
        }
    }

    /// Reads lines of a seed and a scenario's name from standard input, runs them one after
    /// the other, and writes a line of JSON for each to standard output. Ends with its input.
    ///
    /// `resolve` finds the scenario of a name, once for each name. A line `trace FILE` has the
    /// next run leave its trace in a file.
    public static func run(
        resolve: (String) throws -> any SimulatedScenario
    ) throws {
        // Ctrl-C reaches a whole group of processes; whoever started us ends us.
        signal(SIGINT, SIG_IGN)
        signal(SIGTERM, SIG_DFL)
        let answers = try answers()
        let encoder = JSONEncoder()
        var known: [String: any SimulatedScenario] = [:]
        var trace: String?
        while let line = readLine() {
            let words = line.split(separator: " ", maxSplits: 1).map(String.init)
            if words.count == 2, words[0] == "trace" {
                trace = words[1]
                continue
            }
            guard words.count == 2, let seed = UInt64(words[0]) else {
                throw RunnerError("A worker reads lines of a seed and a scenario, not: \(line)")
            }
            let scenario = try known[words[1]] ?? resolve(words[1])
            known[words[1]] = scenario
            var answer = try encoder.encode(
                try result(of: scenario, as: words[1], seed: seed, trace: trace))
            trace = nil
            answer.append(UInt8(ascii: "\n"))
            try answers.write(contentsOf: answer)
        }
    }

    /// Standard output is for answers alone: what the system under test prints, which may come in
    /// the middle of a line, goes where complaints go.
    private static func answers() throws -> FileHandle {
        let own = dup(STDOUT_FILENO)
        guard own >= 0, dup2(STDERR_FILENO, STDOUT_FILENO) >= 0 else {
            throw RunnerError("A worker can't keep its output for itself.")
        }
        return FileHandle(fileDescriptor: own, closeOnDealloc: true)
    }

    private static func result(
        of scenario: any SimulatedScenario, as name: String, seed: UInt64, trace: String?
    ) throws -> SeedResult {
        guard let trace else { return SeedResult(scenario, as: name, seed: seed) }
        let file = try TraceFile(trace)
        let result = SeedResult(scenario, as: name, seed: seed) { file.write($0) }
        try file.close()
        return result
    }
}
