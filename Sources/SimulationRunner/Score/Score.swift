import Foundation

/// Counts how many seeds it takes to find each of a list of known bugs.
///
/// For each bug, several campaigns are run, each with seeds of its own, up to the first seed
/// that breaks any property. A campaign is searched by one process; the processes search
/// many campaigns at a time.
public struct Score {
    private let entries: [ScoreEntry]
    private let options: ScoreOptions
    private let workerArguments: [String]
    private let replay: (String, UInt64) -> String

    /// Plans it. `replay` makes the command line that repeats a seed of a scenario, which has
    /// the name of its ``ScoreEntry/planted``; the workers have to know those, too.
    public init(
        _ entries: [ScoreEntry], _ options: ScoreOptions, workerArguments: [String],
        replay: @escaping (String, UInt64) -> String
    ) throws {
        self.entries =
            options.bugs.isEmpty
            ? entries : try options.bugs.map { try entries.entry($0) }
        self.options = options
        self.workerArguments = workerArguments
        self.replay = replay
    }

    /// Runs it to the end, or to Ctrl-C.
    public func run() throws -> ScoreResult {
        var result = ScoreResult(
            bugs: entries.map { BugScore(id: $0.id, summary: $0.summary) },
            campaigns: options.campaigns, seedsMost: options.seedsMost)
        result.jobs = options.jobs ?? CampaignOptions.processors
        let begin = ContinuousClock.now
        let interruption = Interruption()
        defer { interruption.stop() }
        var progress = ProgressLine()
        let names = entries.map(\.planted.name)
        var crew = Crew(
            result.jobs, busyMost: result.jobs, arguments: workerArguments,
            source: ScoreQueue(
                names, campaigns: options.campaigns, seedsMost: options.seedsMost))
        defer { crew.dismiss() }
        try crew.start()
        while !crew.isDone, !interruption.hasCome {
            let answers = try crew.wait(milliseconds: 100) { interruption.hasCome }
            for answer in answers {
                result.cpuSeconds += answer.result.cpuSeconds
                guard
                    let (search, finding) = crew.source.take(answer.result, by: answer.worker)
                else { continue }
                // What was told ahead to a search that is over is of no interest.
                crew.drop(answer.worker)
                add(finding, to: &result.bugs[search.entry], names[search.entry])
            }
            progress.show(result.progress)
            crew.feed()
        }
        progress.clear()
        result.isInterrupted = interruption.hasCome
        result.signal = interruption.signal
        result.wallSeconds = begin.duration(to: .now).seconds
        return result
    }

    private func add(_ finding: ScoreFinding, to bug: inout BugScore, _ name: String) {
        bug.findings.append(finding)
        bug.findings.sort { $0.seed < $1.seed }
        guard finding.property != nil else { return }
        bug.replay = bug.findings.first { $0.property != nil }.map { replay(name, $0.seed) }
    }
}

extension [ScoreEntry] {
    /// The bug of an id, in capitals or not.
    public func entry(_ id: String) throws -> ScoreEntry {
        guard let found = first(where: { $0.id.lowercased() == id.lowercased() }) else {
            let known = map(\.id).joined(separator: ", ")
            throw RunnerError("There is no bug \"\(id)\". There are: \(known).")
        }
        return found
    }
}
