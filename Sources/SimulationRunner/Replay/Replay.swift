public import DeterministicSimulation
import Foundation
import StateMachine

/// Repeats one run, from its seed or from its recorded decisions.
public struct Replay {
    private let scenario: any SimulatedScenario
    private let seed: UInt64
    private let recording: DecisionList?
    private let options: ReplayOptions

    /// Finds what is to be repeated.
    public init(_ scenarios: [any SimulatedScenario], _ options: ReplayOptions) throws {
        self.options = options
        if let named = scenarios.first(where: { $0.name == options.what }) {
            guard let seed = options.seed else {
                throw RunnerError("Which run of \(named.name)? Add --seed N.")
            }
            (scenario, self.seed, recording) = (named, seed, nil)
            return
        }
        let list = try Self.load(options.what, scenarios)
        guard let name = list.about("scenario"), let seed = list.about("seed").flatMap(UInt64.init)
        else {
            throw RunnerError("\(options.what) does not say which scenario and seed it is of.")
        }
        guard let named = try scenarios.named([name]).first else {
            throw RunnerError("There is no scenario \"\(name)\".")
        }
        (scenario, self.seed, recording) = (named, seed, list)
    }

    private static func load(
        _ path: String, _ scenarios: [any SimulatedScenario]
    ) throws -> DecisionList {
        guard let data = FileManager.default.contents(atPath: path) else {
            let known = scenarios.map(\.name).joined(separator: ", ")
            throw RunnerError(
                "\"\(path)\" is neither a scenario nor a file. Scenarios: \(known).")
        }
        do throws(DecisionTextError) {
            return try DecisionList(text: Array(data))
        } catch {
            throw RunnerError("\(path), \(error)")
        }
    }

    /// Runs it. Every event goes to `print` where the options ask for a trace.
    public func run(print: @escaping (String) -> Void) throws -> RunReport {
        let source: RunRequest.Source =
            if let recording { .playback(recording) } else if options.record != nil {
                .recording
            } else { .seed }
        let outcome = try scenario.run(
            RunRequest(
                seed: seed, source: source, until: options.until.map { .zero + $0.interval },
                trace: options.trace ? print : nil))
        if let path = options.record { try keep(outcome, path) }
        return outcome.report
    }

    /// What was drawn before the run begins, on a line that starts with `SEED=`; nil where the
    /// scenario says nothing. A run that ends at its first moment knows it.
    public func configuration() throws -> String? {
        let source: RunRequest.Source = recording.map { .playback($0) } ?? .seed
        let request = RunRequest(seed: seed, source: source, until: .zero)
        return try scenario.run(request).report.configuration.map { "SEED=\(seed) \($0)" }
    }

    private func keep(_ outcome: RunOutcome, _ path: String) throws {
        guard var list = outcome.recorded ?? recording else {
            throw RunnerError("The scenario \(scenario.name) gave no decisions to keep.")
        }
        list.about = [
            "scenario \(scenario.name)", "seed \(seed)",
            "hash \(String(outcome.report.hash, radix: 16))",
        ]
        if let until = options.until { list.about.append("until \(until.interval.nanoseconds)") }
        do {
            try Data(list.text).write(to: URL(fileURLWithPath: path))
        } catch {
            throw RunnerError("\(path) can't be written: \(error.localizedDescription)")
        }
    }

    /// What is wrong with a report; nil where nothing is. A recording of the whole run must
    /// give its hash again.
    public func complaint(about report: RunReport) -> String? {
        if let violation = report.violation {
            return "\(violation.property): \(violation.detail)"
        }
        if let divergence = report.divergence, options.until == nil {
            return "after \(divergence.position) decisions the recording has "
                + "\(divergence.recorded), but the run asked for \(divergence.asked)"
        }
        let hash = String(report.hash, radix: 16)
        if let recorded = recording?.about("hash"), recorded != hash, options.until == nil {
            return "the recording has the hash \(recorded), but the run has \(hash)"
        }
        return nil
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
