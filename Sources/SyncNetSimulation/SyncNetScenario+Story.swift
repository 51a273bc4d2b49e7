public import DeterministicSimulation
public import SimulationRunner
import StateMachine

/// Scenarios as stories have them set.
extension SyncNetScenario {
    /// Any story's scenario: all that it needs stands in its settings.
    public func set(
        _ name: String, _ settings: [StorySetting]
    ) throws -> (any SimulatedScenario)? {
        for key in ["servers", "clients", "timing", "duration", "storage"] {
            guard settings.contains(where: { $0.key == key }) else {
                throw ScenarioError("the story of \(name) does not say its \(key)")
            }
        }
        let table = try ScenarioTable(
            StorySetting.table(of: settings), file: "the settings of a story of \(name)")
        return SyncNetScenario(try Scenario(table, name: name))
    }

    /// Fewer servers and clients, no SQLite, no fault points, less time.
    public func smaller(than story: Story) -> [[StorySetting]] {
        func with(_ key: String, _ value: String) -> [StorySetting] {
            story.settings.map { $0.key == key ? StorySetting(key, value) : $0 }
        }
        func below(_ key: String, from least: UInt64) -> [[StorySetting]] {
            let now = story.setting(key).flatMap { UInt64($0) } ?? least
            return (least..<max(now, least)).map { with(key, "\($0)") }
        }
        var ideas = shorter(than: story).map { with("duration", $0.word) }
        if story.setting("storage") == StorageKind.sqlite.rawValue {
            ideas.append(with("storage", StorageKind.memory.rawValue))
        }
        let plain = story.settings.filter {
            $0.key != "fault-points" && !$0.key.hasPrefix("points.")
        }
        if plain.count < story.settings.count { ideas.append(plain) }
        ideas += below("servers", from: 1) + below("clients", from: 0)
        return ideas
    }

    /// The first act ends soon after the failure; or, where that is of the second act, the
    /// first one is cut short.
    private func shorter(than story: Story) -> [Interval] {
        guard case .file(let scenario) = origin else { return [] }
        let now = scenario.duration.upperBound
        let end = story.end.since(.zero)
        let step = Interval.milliseconds(100)
        if end < now {
            let cut = step * (end.nanoseconds / step.nanoseconds + 2)
            return cut < now ? [cut] : []
        }
        return [now / 8, now / 4, now / 2, now * 3 / 4].filter { $0 >= step * 5 }
            .map { step * ($0.nanoseconds / step.nanoseconds) }.filter { $0 < now }
    }
}
