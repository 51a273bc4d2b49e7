import Foundation
import Synchronization

/// A screen of its own on which something is shown again and again, in place.
///
/// Lines are written over those that stand there, so that nothing flickers; at the end the
/// terminal is as it was, with the last state below the prompt.
final class WatchScreen: Sendable {
    private struct State {
        var isOpen = false
        var last: [String] = []
    }

    private let state = Mutex(State())
    /// Whether it is a terminal; a pipe gets one state after the other.
    private let isInPlace: Bool

    init(isInPlace: Bool) { self.isInPlace = isInPlace }

    /// Shows lines instead of those before; what does not fit is left out.
    func show(_ lines: [String]) {
        guard isInPlace else { return lines.forEach(Terminal.print) }
        state.withLock { state in
            if !state.isOpen { Self.write("\u{1B}[?1049h\u{1B}[?25l\u{1B}[?7l\u{1B}[2J") }
            state.isOpen = true
            state.last = lines
            let rows = max(Self.rows - 1, 1)
            let text = lines.prefix(rows).map { "\($0)\u{1B}[K\r\n" }.joined()
            Self.write("\u{1B}[H\(text)\u{1B}[J")
        }
    }

    /// Gives the terminal back. Nothing is shown afterwards.
    func close() {
        state.withLock { state in
            guard state.isOpen else { return }
            state.isOpen = false
            Self.write("\u{1B}[?7h\u{1B}[?25h\u{1B}[?1049l")
            state.last.forEach(Terminal.print)
        }
    }

    private static func write(_ text: String) { Terminal.write(text, to: .standardOutput) }

    private static var rows: Int {
        var size = winsize()
        let isKnown = ioctl(1, UInt(TIOCGWINSZ), &size) == 0 && size.ws_row > 0
        return isKnown ? Int(size.ws_row) : 24
    }
}
