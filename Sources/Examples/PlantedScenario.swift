import DeterministicSimulation
import SimulationRunner

/// An example in which a bug can be planted; its stories say which one.
protocol PlantedScenario: SimulatedScenario {
    associatedtype Bug: RawRepresentable<String>
    var bug: Bug? { get set }
}

extension PlantedScenario {
    var settings: [StorySetting] { bug.map { [StorySetting("bug", $0.rawValue)] } ?? [] }

    func set(_ name: String, _ settings: [StorySetting]) -> (any SimulatedScenario)? {
        guard name == self.name else { return nil }
        var scenario = self
        scenario.bug = settings.first { $0.key == "bug" }.flatMap { Bug(rawValue: $0.value) }
        return scenario
    }
}
