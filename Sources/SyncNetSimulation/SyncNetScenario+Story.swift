public import DeterministicSimulation
public import SimulationRunner
import StateMachine
import SyncNetProtocol

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

    /// Less time and no SQLite, no fault points, fewer servers, fewer clients.
    public func smaller(than story: Story) -> [[Story]] {
        var faster = shorter(than: story).map { story.with("duration", $0.word) }
        if story.setting("storage") == StorageKind.sqlite.rawValue {
            let all = faster + [story]
            faster = all.map { $0.with("storage", StorageKind.memory.rawValue) } + faster
        }
        var plain = story
        plain.settings.removeAll { $0.key == "fault-points" || $0.key.hasPrefix("points.") }
        return [
            faster, plain.settings.count < story.settings.count ? [plain] : [],
            fewerServers(story), fewerClients(story),
        ]
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
        return [step * 5, now / 8, now / 4, now / 2, now * 3 / 4].filter { $0 >= step * 5 }
            .map { step * ($0.nanoseconds / step.nanoseconds) }.filter { $0 < now }
    }

    /// What is told of the last servers stays with the last ones: among equals the last leads.
    private func fewerServers(_ story: Story) -> [Story] {
        let now = UInt32(story.setting("servers") ?? "") ?? 0
        return (1..<max(now, 1)).flatMap { count -> [Story] in
            let fewer = story.with("servers", "\(count)")
            let moved = fewer.renamed { rank in
                rank < now && rank >= now - count ? rank - (now - count) : rank
            }
            return moved == fewer ? [fewer] : [moved, fewer]
        }
    }

    /// Those of whom something is told, as the first ones; or just not the last ones.
    private func fewerClients(_ story: Story) -> [Story] {
        let now = Int(story.setting("clients") ?? "") ?? 0
        let least = Setting.client(0).rank
        var told: [UInt32] = []
        for decision in story.choices.decisions {
            for rank in [decision.node, decision.other] where rank != Decision.nobody {
                if rank >= least, !told.contains(rank) { told.append(rank) }
            }
        }
        told.sort()
        let packed = story.with("clients", "\(told.count)").renamed { rank in
            told.firstIndex(of: rank).map { least + UInt32($0) } ?? rank
        }
        return (told.count < now ? [packed] : [])
            + (0..<now).map { story.with("clients", "\($0)") }
    }
}

extension Story {
    fileprivate func with(_ key: String, _ value: String) -> Story {
        var story = self
        story.settings = settings.map { $0.key == key ? StorySetting(key, value) : $0 }
        return story
    }

    /// The same choices, of other nodes.
    fileprivate func renamed(_ name: (UInt32) -> UInt32) -> Story {
        var story = self
        story.choices.decisions = choices.decisions.map { decision in
            var renamed = decision
            if decision.node != Decision.nobody { renamed.node = name(decision.node) }
            if decision.other != Decision.nobody { renamed.other = name(decision.other) }
            return renamed
        }
        return story
    }
}
