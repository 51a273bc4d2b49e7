import ArgumentParser
import DeterministicSimulation
import Foundation

extension SimulationCommands {
    /// Makes a failing run small, prints the story in words, and keeps it where the options
    /// say so. Ctrl-C, and the time limit, end it with the smallest story so far. With
    /// `workerArguments`, those of a campaign, also one that ends its process.
    public static func shrink(
        _ scenarios: [any SimulatedScenario], _ options: ShrinkOptions,
        workerArguments: [String]? = nil
    ) throws {
        try perform {
            let shrink = try Shrink(scenarios, options, workerArguments: workerArguments)
            let interruption = Interruption()
            defer { interruption.stop() }
            var line = ProgressLine()
            let result = try shrink.run(
                isEnding: { interruption.hasCome },
                progress: { story, runs in
                    line.show("\(story.choices.decisions.count) choices left after \(runs) runs")
                })
            line.clear()
            if let path = options.out { try result.story.write(path) }
            for setting in result.story.settings { print("\(setting.key) = \(setting.value)") }
            tell(try shrink.words(for: result.story))
            print(summary(result))
            if let path = options.out { print("kept in \(path)") }
        }
    }

    /// All lines, or, where nobody would read them all, the first ones, in which causes are, and
    /// the last ones.
    private static func tell(_ lines: [String]) {
        let (first, last) = (140, 60)
        guard lines.count > first + last else { return lines.forEach { print($0) } }
        for line in lines.prefix(first) { print(line) }
        print("(\(lines.count - first - last) steps between these)")
        for line in lines.suffix(last) { print(line) }
    }

    private static func summary(_ result: Shrink.Result) -> String {
        let count = result.story.choices.decisions.count
        let claim =
            if count == 0 {
                "it fails so on its own"
            } else if result.isMinimal {
                "without any one of them it does not fail so"
            } else {
                "there was no time to make it minimal"
            }
        return "\(result.choicesBefore) choices became \(count), \(claim) "
            + String(format: "(%d runs, %.1f s)", result.runs, result.seconds)
    }

    /// Keeps every failure of a campaign as a story in a directory, but for those that don't
    /// come again; those that end their process only with `workerArguments`. Gives the paths.
    public static func keep(
        _ result: CampaignResult, of scenarios: [any SimulatedScenario], in directory: String,
        workerArguments: [String]? = nil
    ) throws -> [String] {
        try make(directory)
        let isolation = try workerArguments.map { try Isolation(arguments: $0) }
        return result.failures.compactMap { failure in
            do {
                let scenario = try scenarios.named([failure.scenario])[0]
                let story = try story(of: failure, scenario, in: isolation)
                let path = "\(directory)/\(failure.scenario)-\(failure.seed).story"
                try story.write(path)
                return path
            } catch {
                complain("\(failure.scenario) seed \(failure.seed) is not kept: \(error)")
                return nil
            }
        }
    }

    private static func story(
        of failure: CampaignFailure, _ scenario: any SimulatedScenario, in isolation: Isolation?
    ) throws -> Story {
        let story: Story?
        switch failure.property {
        case SeedResult.endless:
            throw RunnerError("it takes too long; replay it by its seed")
        // What ended a worker would end this process, too.
        case SeedResult.death: story = try isolation?.record(scenario, failure.seed)
        default: story = recorded(scenario, failure.seed)
        }
        guard let story else { throw RunnerError("it did not fail again") }
        return story
    }

    private static func recorded(_ scenario: any SimulatedScenario, _ seed: UInt64) -> Story? {
        guard let outcome = try? scenario.run(RunRequest(seed: seed, source: .recording)),
            outcome.recorded != nil, outcome.report.violation != nil
        else { return nil }
        return Story(of: scenario, seed: seed, outcome)
    }
}
