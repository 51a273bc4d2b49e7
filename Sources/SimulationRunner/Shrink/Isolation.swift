import DeterministicSimulation
import Foundation
import StateMachine

/// Runs stories in other processes, for failures that end theirs.
final class Isolation {
    private let arguments: [String]
    private let directory: URL
    private var worker: Worker?

    /// The arguments are those of a campaign's processes.
    init(arguments: [String]) throws {
        self.arguments = arguments
        directory = FileManager.default.temporaryDirectory
            .appendingPathComponent("simulation-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        // Writing to a worker that has just died must not end us.
        signal(SIGPIPE, SIG_IGN)
    }

    deinit {
        worker?.dismiss()
        try? FileManager.default.removeItem(at: directory)
    }

    private func path(_ name: String) -> String { directory.appendingPathComponent(name).path }

    private func living() throws -> Worker {
        if let worker, !worker.hasEnded { return worker }
        let next = try Worker(arguments: arguments)
        worker = next
        return next
    }

    /// How the process ends that runs a seed; nil where it doesn't.
    func death(of scenario: any SimulatedScenario, _ seed: UInt64) throws -> String? {
        let worker = try living()
        worker.take(SeedJob(scenario: scenario.name, seed: seed))
        return try ending(of: worker)
    }

    /// How the process ends that runs a story until a moment; nil where it doesn't. Its tale goes
    /// to a file.
    func death(of story: Story, until: Instant? = nil, tale: String? = nil) throws -> String? {
        guard let how = try anyDeath(of: story, until: until, tale: tale),
            let known = story.violation?.detail, Self.areAlike(how, known)
        else { return nil }
        return how
    }

    private func anyDeath(of story: Story, until: Instant?, tale: String?) throws -> String? {
        var told = story
        told.until = until ?? story.until
        try told.write(path("story"))
        let worker = try living()
        worker.play(path("story"), as: SeedJob(scenario: story.scenario, seed: story.seed), tale)
        return try ending(of: worker)
    }

    /// No run of a story takes longer, in seconds.
    private static let secondsMost = 30.0

    /// What Swift calls the ends of processes.
    private static let beginnings = ["Fatal error", "Precondition failed", "Assertion failed"]

    /// In one line, what the process said of its end. Nil also where somebody outside ended it.
    private func ending(of worker: Worker) throws -> String? {
        guard let result = try worker.nextResult(within: Self.secondsMost),
            result.property == SeedResult.death, !worker.wasTerminated
        else { return nil }
        let lines = (result.detail ?? "").split(separator: "\n").map(String.init)
        return lines.first { line in Self.beginnings.contains(where: line.contains) }
            ?? lines.first ?? ""
    }

    /// Whether two ends are of one cause: numbers in the words may differ.
    static func areAlike(_ one: String, _ other: String) -> Bool {
        func shape(_ text: String) -> [Substring] {
            text.split { $0.isNumber }
        }
        return shape(one) == shape(other)
    }

    /// What a story tells until its end.
    func tale(of story: Story) throws -> (lines: [(at: Instant, text: String)], end: String) {
        let file = path("tale")
        let end = try death(of: story, tale: file) ?? ""
        var lines: [(at: Instant, text: String)] = []
        var reading = try LineFile(file)
        while let line = try reading.next() {
            let parts = line.split(separator: " ", maxSplits: 1)
            guard parts.count == 2, let at = UInt64(parts[0]) else { continue }
            lines.append((Instant(nanoseconds: at), String(parts[1])))
        }
        return (lines, end)
    }

    /// The story of a seed that ends its process. Nil where its choices don't lead there again.
    func record(_ scenario: any SimulatedScenario, _ seed: UInt64) throws -> Story? {
        let worker = try living()
        worker.take(
            SeedJob(scenario: scenario.name, seed: seed), choices: path("choices"))
        guard let how = try ending(of: worker) else { return nil }
        var (lines, end) = try choices(path("choices"))
        // The run's first moment tells the settings. A run that ends in it has none.
        guard end > .zero else { return nil }
        let outcome = try scenario.run(RunRequest(seed: seed, source: .recording, until: .zero))
        guard var list = outcome.recorded else { return nil }
        list.decisions = []
        // The last line may be half of one.
        while let line = lines.popFirst(), list.add(line: line[...]) {}
        var whole = outcome
        whole.recorded = list
        var story = Story(of: scenario, seed: seed, whole)
        story.violation = Violation(property: SeedResult.death, detail: how)
        story.hash = 0
        story.end = end
        return try death(of: story) == nil ? nil : story
    }

    /// The choices of a run, and when its last event was.
    private func choices(_ path: String) throws -> (lines: ArraySlice<String>, end: Instant) {
        var reading = try LineFile(path)
        var lines: [String] = []
        var last = Instant.zero
        while let line = try reading.next() {
            if !line.hasPrefix("#") {
                lines.append(line)
            } else if let moment = Self.moment(ofTraced: line.dropFirst(2)) {
                last = max(last, moment)
            }
        }
        return (lines[...], last)
    }

    /// The moment of a line of a trace, as all simulations write it: `[  1.250000] …`.
    private static func moment(ofTraced line: Substring) -> Instant? {
        guard line.hasPrefix("["), let end = line.firstIndex(of: "]") else { return nil }
        let number = line[line.index(after: line.startIndex)..<end]
        guard let seconds = Double(number.trimmingCharacters(in: .whitespaces)) else { return nil }
        return Instant(nanoseconds: UInt64((seconds * 1e9).rounded()))
    }
}
