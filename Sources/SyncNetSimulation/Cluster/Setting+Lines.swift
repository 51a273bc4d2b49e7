import DeterministicSimulation
import StateMachine
import SyncNetProtocol

/// What a run was set to, for stories: its scenario with all that was drawn fixed.
extension Setting {
    /// Lines that a ``Scenario`` can be read from. Whoever draws another setting adds it here.
    var lines: [StorySetting] {
        var lines = [
            StorySetting("servers", "\(servers)"), StorySetting("clients", "\(clients)"),
            StorySetting("timing", timingName), StorySetting("duration", duration.word),
            StorySetting("storage", scenario.storage.rawValue),
        ]
        let bugs = PlantedBugs.catalogue.filter { scenario.bugs.contains($0.bug) }.map(\.id)
        if !bugs.isEmpty { lines.append(StorySetting("bugs", bugs.joined(separator: ", "))) }
        lines += limits.lines
        lines += scenario.lines.filter { !Self.isDrawn($0.key) && !isLeftOut($0.key) }
        return lines
    }

    private var timingName: String {
        scenario.timings.first { $0.timing == timing }?.rawValue ?? ""
    }

    /// What is told by what was drawn.
    private static func isDrawn(_ key: String) -> Bool {
        let drawn = [
            "servers", "clients", "timing", "duration", "storage", "bugs", "small-limits",
            "faults.swarm",
        ]
        return drawn.contains(key) || key.hasPrefix("limits.")
    }

    /// Faults that the swarm has left out.
    private func isLeftOut(_ key: String) -> Bool {
        FaultKind.allCases.contains { kind in
            !faults.choices.contains { $0.kind == kind }
                && (key == "faults.\(kind.word)" || key.hasPrefix("faults.\(kind.word)."))
        }
    }
}

extension Interval {
    /// As scenario files have it, without loss.
    var word: String {
        let (whole, rest) = nanoseconds.quotientAndRemainder(dividingBy: 1_000_000)
        guard whole < 1_000_000 else { return "\(whole / 1_000)s" }
        guard rest > 0 else { return "\(whole)ms" }
        let digits = String(rest)
        return "\(whole).\(String(repeating: "0", count: 6 - digits.count))\(digits)ms"
    }
}
