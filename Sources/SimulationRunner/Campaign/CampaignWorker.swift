import DeterministicSimulation
import Foundation
import StateMachine

/// The other side of a ``Campaign`` or a ``Score``: a process that runs the seeds it is told.
public enum CampaignWorker {
    /// Works with the scenarios given.
    public static func run(_ scenarios: [any SimulatedScenario]) throws {
        try run(among: scenarios) { name in
            guard let found = try scenarios.named([name]).first else {
                throw RunnerError("There is no scenario \"\(name)\".")
            }
            return found
        }
    }

    /// Reads lines of a seed and a scenario's name from standard input, runs them one after
    /// the other, and writes a line of JSON for each to standard output. Ends with its input.
    ///
    /// `resolve` finds the scenario of a name, once for each name; those of stories are found
    /// among the `scenarios` as well. What goes wrong is an answer. A line `trace FILE` has the
    /// next run leave its trace in a file, `tale FILE` what it tells, and `choices FILE` its
    /// choices, line by line; `story FILE` runs the story of a file.
    public static func run(
        among scenarios: [any SimulatedScenario] = [],
        resolve: (String) throws -> any SimulatedScenario
    ) throws {
        // Ctrl-C reaches a whole group of processes; whoever started us ends us.
        signal(SIGINT, SIG_IGN)
        signal(SIGTERM, SIG_DFL)
        let answers = try answers()
        let encoder = JSONEncoder()
        var known: [String: any SimulatedScenario] = [:]
        var files: [String: String] = [:]
        func find(_ name: String) throws -> any SimulatedScenario {
            let scenario = try known[name] ?? resolve(name)
            known[name] = scenario
            return scenario
        }
        while let line = readLine() {
            let words = line.split(separator: " ", maxSplits: 1).map(String.init)
            guard words.count == 2 else { throw notUnderstood(line) }
            var result: SeedResult
            if ["trace", "choices", "tale"].contains(words[0]) {
                files[words[0]] = words[1]
                continue
            } else if words[0] == "story" {
                result = play(words[1], files["tale"]) { story in
                    let known = (try? find(story.scenario)).map { [$0] } ?? []
                    return try story.scenario(among: known + scenarios)
                }
            } else if let seed = UInt64(words[0]) {
                do {
                    result = try run(find(words[1]), as: words[1], seed: seed, files)
                } catch {
                    result = .failed(SeedJob(scenario: words[1], seed: seed), error)
                }
            } else {
                throw notUnderstood(line)
            }
            files = [:]
            var answer = try encoder.encode(result)
            answer.append(UInt8(ascii: "\n"))
            try answers.write(contentsOf: answer)
        }
    }

    /// With its choices in a file, and its trace between them behind number signs.
    private static func record(
        _ scenario: any SimulatedScenario, as name: String, seed: UInt64, _ path: String
    ) throws -> SeedResult {
        let file = try TraceFile(path, isLive: true)
        var request = RunRequest(seed: seed, source: .recording, trace: { file.write("# " + $0) })
        request.keeping = { file.write($0) }
        let outcome = try scenario.run(request)
        try file.close()
        return SeedResult(outcome.report, of: name, seed: seed)
    }

    private static func notUnderstood(_ line: String) -> RunnerError {
        RunnerError("A worker reads lines of a seed and a scenario, not: \(line)")
    }

    private static func play(
        _ path: String, _ tale: String?, find: (Story) throws -> any SimulatedScenario
    ) -> SeedResult {
        do {
            let story = try Story.load(path)
            let file = try tale.map { try TraceFile($0, isLive: true) }
            let outcome = try story.play(
                find(story),
                tale: file.map { file in { file.write("\($0.nanoseconds) \($1)") } })
            try file?.close()
            return SeedResult(outcome.report, of: story.scenario, seed: story.seed)
        } catch {
            return .failed(SeedJob(scenario: path, seed: 0), error)
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

    private static func run(
        _ scenario: any SimulatedScenario, as name: String, seed: UInt64, _ files: [String: String]
    ) throws -> SeedResult {
        if let path = files["choices"] { return try record(scenario, as: name, seed: seed, path) }
        guard let trace = files["trace"] else {
            return SeedResult(scenario, as: name, seed: seed)
        }
        let file = try TraceFile(trace)
        let result = SeedResult(scenario, as: name, seed: seed) { file.write($0) }
        try file.close()
        return result
    }
}
