import Foundation

/// One line that is written over, on a terminal only.
struct ProgressLine {
    private let isTerminal = isatty(STDERR_FILENO) == 1
    private var lastShown = ContinuousClock.now - .seconds(1)

    mutating func show(_ text: @autoclosure () -> String) {
        guard isTerminal, lastShown.duration(to: .now) > .milliseconds(200) else { return }
        lastShown = .now
        write("\r" + text() + " \u{1B}[K")
    }

    func clear() {
        if isTerminal { write("\r\u{1B}[K") }
    }

    private func write(_ text: String) {
        try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
    }
}

extension CampaignResult {
    /// How far a campaign is.
    func progress(of total: UInt64, budget: Duration?) -> String {
        let (done, wall) = (Double(seeds), wallSeconds)
        let work = done > 0 ? wall / done * (Double(total) - done) : 0
        let left = max(0, min(work, budget.map { $0.seconds - wall } ?? work))
        let pace = String(format: "%.0f events/s", wall > 0 ? Double(events) / wall : 0)
        return "\(seeds)" + (budget == nil ? " of \(total)" : "") + " seeds, \(pace), "
            + "\(failureCount) failures, " + String(format: "%.0f s left", left)
    }
}

extension ScoreResult {
    /// How far a score is.
    var progress: String {
        let done = bugs.map(\.findings.count).reduce(0, +)
        let found = bugs.map(\.foundCount).reduce(0, +)
        return "\(done) of \(bugs.count * campaigns) campaigns, \(found) found something"
    }
}
