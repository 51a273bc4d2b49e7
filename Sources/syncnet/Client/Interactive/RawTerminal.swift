import Foundation
import Synchronization

/// The terminal that a person sits at, key by key instead of line by line.
final class RawTerminal: Sendable {
    private static let bytesAtOnce = 4_096

    /// How the terminal was before; nil while it is so.
    private let former = Mutex<termios?>(nil)
    private let typed = Mutex(Typed())

    /// What is typed, and who reads it.
    private struct Typed {
        var reader: AsyncStream<[UInt8]>.Continuation?
        /// What came when nobody read.
        var waiting: [[UInt8]] = []
        var hasEnded = false
    }

    /// Whether input and output are one that understands how we draw.
    static var isThere: Bool {
        let kind = ProcessInfo.processInfo.environment["TERM"] ?? ""
        return isatty(0) == 1 && isatty(1) == 1 && !["", "dumb"].contains(kind)
    }

    /// Takes it over.
    func enter() {
        former.withLock { former in
            var modes = termios()
            if let former {
                modes = former
            } else {
                guard tcgetattr(0, &modes) == 0 else { return }
            }
            former = modes
            cfmakeraw(&modes)
            tcsetattr(0, TCSADRAIN, &modes)
        }
    }

    /// Shows nothing of what is typed until it is taken over again, or left.
    func hush() {
        former.withLock { former in
            guard var modes = former else { return }
            modes.c_lflag &= ~tcflag_t(ECHO)
            tcsetattr(0, TCSADRAIN, &modes)
        }
    }

    /// Leaves it as it was.
    func leave() {
        former.withLock { former in
            guard var modes = former else { return }
            tcsetattr(0, TCSADRAIN, &modes)
            former = nil
        }
    }

    /// How wide it is.
    var columns: Int {
        var size = winsize()
        guard ioctl(1, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }

    /// Writes all of it.
    func write(_ text: String) { Terminal.write(text, to: .standardOutput) }

    /// What is typed from now on, as it comes, until the terminal goes away. Whoever asked before
    /// is told no more; what was typed since they stopped reading comes first.
    func keys() -> AsyncStream<[UInt8]> {
        let (stream, source) = AsyncStream.makeStream(of: [UInt8].self)
        let isFirst = typed.withLock { typed in
            let isFirst = typed.reader == nil
            typed.reader = source
            for bytes in typed.waiting { source.yield(bytes) }
            typed.waiting = []
            if typed.hasEnded { source.finish() }
            return isFirst
        }
        if isFirst { Thread { self.read() }.start() }
        return stream
    }

    private func read() {
        var buffer = [UInt8](repeating: 0, count: Self.bytesAtOnce)
        while true {
            let count = Glibc.read(0, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            let bytes = Array(buffer.prefix(count))
            typed.withLock { typed in
                guard case .terminated? = typed.reader?.yield(bytes) else { return }
                typed.waiting.append(bytes)
            }
        }
        typed.withLock { typed in
            typed.hasEnded = true
            typed.reader?.finish()
        }
    }
}

extension RawTerminal {
    /// Stops this process until the shell lets it go on.
    func suspend() {
        leave()
        // To this very thread: sent to the process, it may stop a moment after the call, when the
        // terminal is taken over again already.
        raise(SIGSTOP)
        enter()
    }
}
