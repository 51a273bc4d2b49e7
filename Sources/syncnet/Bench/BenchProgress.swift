import Foundation

/// What somebody who waits for figures is shown meanwhile: one line of standard error, and only
/// where that is a terminal.
enum BenchProgress {
    private static var isWanted: Bool { isatty(2) == 1 }
    private static let clearLine = "\r\u{1B}[K"

    /// Says what is done now, in place of what was said before.
    static func show(_ text: String) {
        if isWanted { Terminal.write(clearLine + text, to: .standardError) }
    }

    /// Says nothing any more.
    static func clear() { show("") }
}
