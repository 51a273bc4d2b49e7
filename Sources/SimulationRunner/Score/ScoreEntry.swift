import DeterministicSimulation

/// A known bug, in a scenario that has it planted: a simulation should find it.
public struct ScoreEntry: Sendable {
    /// One word, by which it is asked for.
    public var id: String
    /// What is wrong, in half a sentence.
    public var summary: String
    /// A scenario in which the bug is.
    public var scenario: any SimulatedScenario

    /// Describes a bug.
    public init(_ id: String, _ summary: String, in scenario: any SimulatedScenario) {
        self.id = id
        self.summary = summary
        self.scenario = scenario
    }

    /// The scenario under a name of its own, the scenario's and the bug's with a plus
    /// between: by that name it can be simulated and replayed, and workers are told of it.
    public var planted: any SimulatedScenario { PlantedScenario(entry: self) }
}

/// A scenario with a bug, under a name that says so.
private struct PlantedScenario: SimulatedScenario {
    let entry: ScoreEntry

    var name: String { "\(entry.scenario.name)+\(entry.id)" }
    var summary: String { "\(entry.scenario.summary); \(entry.summary)" }

    var settings: [StorySetting] { entry.scenario.settings }

    func run(_ request: RunRequest) throws -> RunOutcome { try entry.scenario.run(request) }

    func set(
        _ name: String, _ settings: [StorySetting]
    ) throws -> (any SimulatedScenario)? {
        guard name == self.name else { return nil }
        var entry = entry
        let base = try entry.scenario.set(entry.scenario.name, settings)
        guard let base else { return nil }
        entry.scenario = base
        return PlantedScenario(entry: entry)
    }

    func smaller(than story: Story) -> [[Story]] { entry.scenario.smaller(than: story) }
}
