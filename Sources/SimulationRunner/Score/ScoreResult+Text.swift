import Foundation

extension ScoreResult {
    private static let titles = [
        "bug", "found", "median seeds", "range", "CPU s", "what broke", "the bug",
    ]

    /// The result as a table for people, and its totals.
    public var text: String {
        let rows = [Self.titles] + bugs.map(row)
        let lines = TextTable.lines(rows, rightAligned: [1, 2, 3, 4])
        return (lines + [""] + totals).joined(separator: "\n")
    }

    /// The result as a table of Markdown, and its totals.
    public var markdown: String {
        let rows = bugs.map { row($0).map { $0.replacingOccurrences(of: "|", with: "\\|") } }
        let head = [Self.titles, ["---", "---:", "---:", "---:", "---:", "---", "---"]]
        let lines = (head + rows).map { "| " + $0.joined(separator: " | ") + " |" }
        return (lines + [""] + totals.map { "- " + $0 }).joined(separator: "\n") + "\n"
    }

    private func row(_ bug: BugScore) -> [String] {
        let seeds = bug.seeds
        let range = seeds.isEmpty ? "" : "\(said(seeds[0]))–\(said(seeds[seeds.count - 1]))"
        let broken = bug.properties.map { $0.count == 1 ? $0.name : "\($0.name) ×\($0.count)" }
        return [
            bug.id,
            found(bug),
            bug.findings.isEmpty ? "" : said(bug.medianSeeds), range,
            String(format: "%.1f", bug.medianSeconds), broken.joined(separator: ", "),
            bug.summary,
        ]
    }

    private func found(_ bug: BugScore) -> String {
        guard !bug.findings.isEmpty else { return "-" }
        return bug.foundCount == 0 ? "NO" : "\(bug.foundCount) of \(bug.findings.count)"
    }

    private func said(_ seeds: UInt64?) -> String { seeds.map { "\($0)" } ?? ">\(seedsMost)" }

    private var totals: [String] {
        let found = bugs.count { $0.foundCount > 0 }
        let fast = bugs.count { ($0.medianSeeds ?? .max) < 1_000 }
        var lines = [
            "\(found) of \(bugs.count) bugs found, \(fast) with a median under 1000 seeds"
                + (isInterrupted ? " (interrupted)" : ""),
            "\(campaigns) campaigns for each, of at most \(seedsMost) seeds",
            String(format: "%.0f s, %.0f s of CPU, %d at a time", wallSeconds, cpuSeconds, jobs),
        ]
        if !unsearched.isEmpty {
            lines.insert("not searched to the end: " + unsearched.joined(separator: ", "), at: 1)
        }
        if !missed.isEmpty { lines.insert("missed: " + missed.joined(separator: ", "), at: 1) }
        return lines
    }
}
