public import DeterministicSimulation
import Foundation
import StateMachine

/// Makes a failing run small, and tells it in words.
public struct Shrink {
    /// What came of it.
    public struct Result {
        /// The small story.
        public var story: Story
        /// Whether the failure does not come without any one of its choices. False where
        /// there was no time to try each.
        public var isMinimal: Bool
        /// How many choices there were at first.
        public var choicesBefore: Int
        /// How many runs it took.
        public var runs: Int
        /// How long it took.
        public var seconds: Double
    }

    private let scenarios: [any SimulatedScenario]
    private let story: Story
    private let seconds: Double
    /// Where stories are run that end their process.
    private let isolation: Isolation?

    /// Finds what is to be made small, and sees that it fails.
    ///
    /// With `workerArguments`, those of a ``Campaign``, a failure that ends its process can be
    /// made small as well: each run is another process's.
    public init(
        _ scenarios: [any SimulatedScenario], _ options: ShrinkOptions,
        workerArguments: [String]? = nil
    ) throws {
        seconds = options.seconds
        let isolation = try workerArguments.map { try Isolation(arguments: $0) }
        if let named = scenarios.first(where: { $0.name == options.what }) {
            guard let seed = options.seed else {
                throw RunnerError("Which run of \(named.name)? Add --seed N.")
            }
            if let isolation, try isolation.death(of: named, seed) != nil {
                guard let story = try isolation.record(named, seed) else {
                    throw RunnerError(
                        "This run ends its process, and its choices don't lead there again: "
                            + "replay it by its seed.")
                }
                self.story = story
            } else {
                let outcome = try named.run(RunRequest(seed: seed, source: .recording))
                story = Story(of: named, seed: seed, outcome)
            }
        } else {
            guard FileManager.default.fileExists(atPath: options.what) else {
                let known = scenarios.map(\.name).joined(separator: ", ")
                throw RunnerError(
                    "\"\(options.what)\" is neither a scenario nor a file. Scenarios: \(known).")
            }
            guard options.seed == nil else {
                throw RunnerError("A story has its seed in itself: leave --seed out.")
            }
            story = try Story.load(options.what)
        }
        // Whoever can't keep the small story says so before the work, not after it.
        if let path = options.out, story.violation != nil { try story.write(path) }
        guard story.violation != nil else {
            throw RunnerError("This run breaks no property: there is nothing to make small.")
        }
        let isDeath = story.violation?.property == SeedResult.death
        self.isolation = isDeath ? isolation : nil
        // Which scenarios there are is known only when one of a story was set.
        self.scenarios = scenarios + [try story.scenario(among: scenarios)]
    }

    /// Makes it small. `isEnding` is asked often, and ends it with the best so far.
    public func run(
        isEnding: @escaping () -> Bool = { false },
        progress: @escaping (Story, Int) -> Void = { _, _ in }
    ) throws -> Result {
        let begin = ContinuousClock.now
        let limit = seconds
        let first = try again(story)
        let counter = RunCounter()
        var shrinker = StoryShrinker(
            run: { candidate, patience in
                counter.runs += 1
                return try? self.fails(candidate, patience)
            },
            smaller: { (try? $0.scenario(among: self.scenarios))?.smaller(than: $0) ?? [] },
            isOver: { isEnding() || begin.duration(to: .now).seconds > limit },
            isSmaller: { progress($0, counter.runs) })
        let (small, isMinimal) = shrinker.shrink(first)
        return Result(
            story: try again(small), isMinimal: isMinimal,
            choicesBefore: story.choices.decisions.count, runs: shrinker.runs,
            seconds: begin.duration(to: .now).seconds)
    }

    /// Counts from inside of closures.
    private final class RunCounter { var runs = 0 }

    /// The story as it goes when nobody stops it. Throws where it does not fail as it says.
    private func again(_ story: Story) throws -> Story {
        if let isolation {
            guard try isolation.death(of: story) != nil else {
                throw RunnerError("The story does not end its process any more.")
            }
            return story
        }
        let scenario = try story.scenario(among: scenarios)
        let outcome = try story.play(scenario)
        guard let found = outcome.report.violation,
            found.property == story.violation?.property
        else {
            let place = outcome.report.divergence.map { ": \($0)" } ?? ""
            throw RunnerError(
                "The story does not lead to its failure any more\(place).")
        }
        return Story(of: scenario, seed: story.seed, outcome, until: story.until)
    }

    /// Nil where it does not come to the same failure; with short patience, soon after the one
    /// that is known.
    private func fails(
        _ candidate: Story, _ patience: StoryShrinker.Patience
    ) throws -> Story? {
        let margin = max(Interval.seconds(1), candidate.end.since(.zero) / 10)
        if let isolation {
            let until = patience == .short ? candidate.end + margin : nil
            return try isolation.death(of: candidate, until: until) == nil ? nil : candidate
        }
        let scenario = try candidate.scenario(among: scenarios)
        let outcome = try candidate.play(
            scenario, until: patience == .short ? candidate.end + margin : nil)
        guard outcome.report.violation?.property == story.violation?.property else { return nil }
        return Story(of: scenario, seed: candidate.seed, outcome, until: candidate.until)
    }

    /// A story in words: one line for each step.
    public func words(for story: Story) throws -> [String] {
        if let isolation {
            let (steps, end) = try isolation.tale(of: story)
            let told = lines(steps, story.choices.decisions, of: story)
            return told + ["PROPERTY \(SeedResult.death) broke: \(end)"]
        }
        var steps: [(at: Instant, text: String)] = []
        let outcome = try story.play(
            try story.scenario(among: scenarios), tale: { steps.append(($0, $1)) })
        var lines = lines(steps, outcome.recorded?.decisions ?? [], of: story)
        if let violation = outcome.report.violation {
            let at = Self.seconds(.zero + outcome.report.simulated)
            lines.append(
                "at \(at) s  PROPERTY \(violation.property) broke: \(violation.detail)")
        }
        return lines
    }

    /// What is told, and choices in words, by their moments.
    private func lines(
        _ told: [(at: Instant, text: String)], _ decisions: [Decision], of story: Story
    ) -> [String] {
        var steps = told
        for decision in decisions {
            guard let text = story.choices.words(for: decision) else { continue }
            steps.append((decision.at, text))
        }
        let order = steps.indices.sorted { (steps[$0].at, $0) < (steps[$1].at, $1) }
        return order.map { "at \(Self.seconds(steps[$0].at)) s  \(steps[$0].text)" }
    }

    private static func seconds(_ moment: Instant) -> String {
        let text = String(format: "%.6f", Double(moment.nanoseconds) / 1e9)
        return String(repeating: " ", count: max(0, 10 - text.count)) + text
    }
}
