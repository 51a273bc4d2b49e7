public import DeterministicSimulation
import Foundation
import StateMachine

/// Repeats one run, from its seed or from its recorded decisions.
public struct Replay {
    private let scenario: any SimulatedScenario
    private let seed: UInt64
    private let story: Story?
    private let options: ReplayOptions

    /// Finds what is to be repeated.
    public init(_ scenarios: [any SimulatedScenario], _ options: ReplayOptions) throws {
        self.options = options
        if let named = scenarios.first(where: { $0.name == options.what }) {
            guard let seed = options.seed else {
                throw RunnerError("Which run of \(named.name)? Add --seed N.")
            }
            (scenario, self.seed, story) = (named, seed, nil)
            return
        }
        guard FileManager.default.fileExists(atPath: options.what) else {
            let known = scenarios.map(\.name).joined(separator: ", ")
            throw RunnerError(
                "\"\(options.what)\" is neither a scenario nor a file. Scenarios: \(known).")
        }
        let story = try Story.load(options.what)
        (scenario, seed, self.story) = (try story.scenario(among: scenarios), story.seed, story)
    }

    private var until: Instant? { options.until.map { .zero + $0.interval } ?? story?.until }

    /// Runs it. Every event goes to `print` where the options ask for a trace.
    public func run(print: @escaping (String) -> Void) throws -> RunReport {
        let source: RunRequest.Source =
            if let story { .playback(story.choices) } else if options.record != nil {
                .recording
            } else { .seed }
        let outcome = try scenario.run(
            RunRequest(
                seed: seed, source: source, until: until, trace: options.trace ? print : nil))
        if let path = options.record { try keep(outcome, path) }
        return outcome.report
    }

    /// What was drawn before the run begins, on a line that starts with `SEED=`; nil where the
    /// scenario says nothing. A run that ends at its first moment knows it.
    public func configuration() throws -> String? {
        let source: RunRequest.Source = story.map { .playback($0.choices) } ?? .seed
        let request = RunRequest(seed: seed, source: source, until: .zero)
        return try scenario.run(request).report.configuration.map { "SEED=\(seed) \($0)" }
    }

    private func keep(_ outcome: RunOutcome, _ path: String) throws {
        guard outcome.recorded != nil else {
            throw RunnerError("The scenario \(scenario.name) gave no decisions to keep.")
        }
        try Story(of: scenario, seed: seed, outcome, until: until).write(path)
    }

    /// What is wrong with a report; nil where nothing is. A recording of a run that broke
    /// nothing must give its hash again.
    public func complaint(about report: RunReport) -> String? {
        if let violation = report.violation {
            return "\(violation.property): \(violation.detail)"
        }
        guard let story, story.violation == nil, options.until == nil else { return nil }
        if let divergence = report.divergence { return "\(divergence)" }
        guard story.hash != report.hash else { return nil }
        return "the recording has the hash \(String(story.hash, radix: 16)), but the run has "
            + String(report.hash, radix: 16)
    }

    /// How a run stands to the story that it repeats; nil where it repeats none.
    public func comparison(with report: RunReport) -> String? {
        guard let story, let told = story.violation else { return nil }
        let place = report.divergence.map { "; \($0)" } ?? ""
        guard let found = report.violation else {
            let isCut = options.until.map { .zero + $0.interval < story.end } ?? false
            return isCut
                ? "it ended before \(told.property) broke in the story"
                : "\(told.property) holds now" + place
        }
        guard found.property == told.property else {
            return "it broke \(told.property), this run breaks \(found.property)" + place
        }
        return story.hash == report.hash
            ? "the same run, to the letter" : "the same failure in another run" + place
    }

    /// A report as lines for people, or as JSON.
    public func text(of report: RunReport) throws -> String {
        var rows = [
            ("scenario", scenario.name), ("seed", "\(seed)"), ("events", "\(report.events)"),
            ("simulated time", "\(Double(report.simulated.nanoseconds) / 1e9) s"),
            ("trace hash", String(report.hash, radix: 16)),
        ]
        if let configuration = report.configuration {
            rows.insert(("configuration", configuration), at: 2)
        }
        rows += (report.counters + report.counts.list).map { ($0.name, "\($0.value)") }
        if let comparison = comparison(with: report) { rows.append(("story", comparison)) }
        if let complaint = complaint(about: report) { rows.append(("FAILED", complaint)) }
        guard !options.json else { return try Self.json(rows) }
        let width = rows.map(\.0.count).max() ?? 0
        return rows.map { $0.0.padding(toLength: width + 2, withPad: " ", startingAt: 0) + $0.1 }
            .joined(separator: "\n")
    }

    private static func json(_ rows: [(String, String)]) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        let object = Dictionary(rows, uniquingKeysWith: { first, _ in first })
        return String(decoding: try encoder.encode(object), as: UTF8.self)
    }
}
