import ArgumentParser
import SimulationRunner

/// The smallest tool, to be tested from the outside.
@main
struct DiceTool: SimulationTool {
    static let scenarios: [any SimulatedScenario] =
        [
            DiceScenario(name: "fair"), DiceScenario(name: "no-six", forbidden: 6),
            DiceScenario(name: "broken-table", trapEvery: 4),
            DiceScenario(name: "weak-table", tooMany: 5),
            DiceScenario(name: "tilted", hangEvery: 4),
            DiceScenario(name: "talkative", talks: true),
        ] + Leak.allCases.map { DiceScenario(name: $0.rawValue, leak: $0) }

    static let bugs = [
        ScoreEntry("six", "a six is forbidden", in: DiceScenario(name: "die", forbidden: 6)),
        ScoreEntry("seven", "a seven is forbidden", in: DiceScenario(name: "die", forbidden: 7)),
    ]
}
