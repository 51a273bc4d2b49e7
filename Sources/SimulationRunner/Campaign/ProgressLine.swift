import Foundation

/// One line that is written over, on a terminal only.
struct ProgressLine {
    private let total: Int
    private let isTerminal = isatty(STDERR_FILENO) == 1
    private var lastShown = ContinuousClock.now - .seconds(1)

    init(total: Int) { self.total = total }

    mutating func show(_ result: CampaignResult) {
        guard isTerminal, lastShown.duration(to: .now) > .milliseconds(200) else { return }
        lastShown = .now
        let done = Int(result.seeds)
        let left = done > 0 ? result.wallSeconds / Double(done) * Double(total - done) : 0
        let speed = result.wallSeconds > 0 ? Double(result.events) / result.wallSeconds : 0
        let text = String(
            format: "\r%d of %d seeds, %.0f events/s, %d failures, %.0f s left \u{1B}[K", done,
            total, speed, result.failureCount, left)
        write(text)
    }

    func clear() {
        if isTerminal { write("\r\u{1B}[K") }
    }

    private func write(_ text: String) {
        try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
    }
}
