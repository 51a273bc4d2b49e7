import ArgumentParser
import DeterministicSimulation
import Foundation

extension SimulationCommands {
    /// Makes a failing run small, prints the story in words, and keeps it where the options
    /// say so. Ctrl-C, and the time limit, end it with the smallest story so far.
    public static func shrink(
        _ scenarios: [any SimulatedScenario], _ options: ShrinkOptions
    ) throws {
        let shrink = try Shrink(scenarios, options)
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

    /// All lines, or, where nobody would read them all, the last ones.
    private static func tell(_ lines: [String]) {
        let most = 200
        if lines.count > most { print("(\(lines.count - most) steps before these)") }
        for line in lines.suffix(most) { print(line) }
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

    /// Keeps every failure of a campaign as a story in a directory, but for those that end
    /// the process, and for those that don't come again. Gives the paths.
    public static func keep(
        _ result: CampaignResult, of scenarios: [any SimulatedScenario], in directory: String
    ) throws -> [String] {
        try make(directory)
        return try result.failures.compactMap { failure in
            // What ended a worker would end this process, too.
            guard failure.property != SeedResult.death,
                let scenario = try scenarios.named([failure.scenario]).first,
                let outcome = try? scenario.run(
                    RunRequest(seed: failure.seed, source: .recording)),
                outcome.recorded != nil, outcome.report.violation != nil
            else { return nil }
            let path = "\(directory)/\(failure.scenario)-\(failure.seed).story"
            try Story(of: scenario, seed: failure.seed, outcome).write(path)
            return path
        }
    }
}
