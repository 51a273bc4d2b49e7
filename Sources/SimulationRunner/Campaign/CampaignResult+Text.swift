import Foundation

extension CampaignResult {
    /// The result as lines for people.
    public var text: String {
        // What broke comes last, where people look, and before it what nobody reads to its end.
        let broken = failures.isEmpty ? [] : [""] + failures.map(Self.text)
        let parts = [summary, measureLines, sometimesLines, broken, verdict]
        return parts.flatMap { $0 }.joined(separator: "\n")
    }

    private static func text(_ failure: CampaignFailure) -> String {
        let time = String(format: "%.6f", failure.simulatedSeconds)
        let lines = [failure.detail, failure.configuration, failure.replay].compactMap { $0 }
        return "FAILED \(failure.scenario) seed \(failure.seed) at \(time) s: "
            + failure.property + "\n"
            + lines.joined(separator: "\n").split(separator: "\n")
            .map { "    \($0)\n" }.joined()
    }

    private var summary: [String] {
        let ratio = wallSeconds > 0 ? simulatedSeconds / wallSeconds : 0
        let speed = wallSeconds > 0 ? Double(events) / wallSeconds : 0
        var rows: [[String]] = [
            ["seeds", "\(seeds)" + ending],
            ["run twice", "\(checkedSeeds)"],
            ["events", "\(events)"],
            [
                "simulated time",
                String(format: "%.0f s, %.0f times real time", simulatedSeconds, ratio),
            ],
            ["wall time", String(format: "%.1f s, %d at a time", wallSeconds, jobs)],
            ["events per second", String(format: "%.0f", speed)],
        ]
        if let underWay, !underWay.isEmpty {
            rows.append(["under way", underWay.joined(separator: ", ")])
        }
        if shard != .whole { rows.insert(["shard", "\(shard)"], at: 0) }
        rows += counterOrder.map { [$0, "\(counters[$0] ?? 0)"] }
        return TextTable.lines(rows)
    }

    private var ending: String {
        isInterrupted ? " (interrupted)" : isOutOfTime ? " (its time was over)" : ""
    }

    private var measureLines: [String] {
        guard !measures.isEmpty else { return [] }
        let rows = measures.sorted { $0.key < $1.key }.map { name, lengths in
            [name, "\(lengths.count)"]
                + [lengths.least, lengths.percentile(50), lengths.percentile(99), lengths.most]
                .map(TextTable.time(nanoseconds:))
        }
        return [""]
            + TextTable.lines(
                [["measured", "times", "min", "median", "p99", "max"]] + rows,
                rightAligned: [1, 2, 3, 4, 5])
    }

    /// Those never reached come first.
    private var sometimesLines: [String] {
        guard !sometimes.isEmpty else { return [] }
        let reached = sometimes.filter { $0.value.hits > 0 }.sorted { $0.key < $1.key }
        let rows =
            neverReached.map { ["NEVER  \($0)", "0", "-"] }
            + reached.map { name, point in
                let seed = point.firstSeed.map { "\(point.scenario ?? "") \($0)" } ?? "-"
                return [name, "\(point.hits)", seed]
            }
        return [""]
            + TextTable.lines(
                [["sometimes", "hits", "first seed"]] + rows, rightAligned: [1])
    }

    private var verdict: [String] {
        (failures.isEmpty ? [""] : [])
            + TextTable.lines([["campaign hash", hash], ["failures", "\(failureCount)"]])
    }
}
