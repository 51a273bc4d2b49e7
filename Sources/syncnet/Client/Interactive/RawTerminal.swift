import Foundation
import Synchronization

/// The terminal that a person sits at, key by key instead of line by line.
final class RawTerminal: Sendable {
    private static let bytesAtOnce = 4_096

    /// How the terminal was before; nil while it is so.
    private let former = Mutex<termios?>(nil)

    /// Whether input and output are one that understands how we draw.
    static var isThere: Bool {
        let kind = ProcessInfo.processInfo.environment["TERM"] ?? ""
        return isatty(0) == 1 && isatty(1) == 1 && !["", "dumb"].contains(kind)
    }

    /// Takes it over.
    func enter() {
        former.withLock { former in
            guard former == nil else { return }
            var modes = termios()
            guard tcgetattr(0, &modes) == 0 else { return }
            former = modes
            cfmakeraw(&modes)
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

    /// What is typed, as it comes, until the terminal goes away.
    func keys() -> AsyncStream<[UInt8]> {
        let (stream, source) = AsyncStream.makeStream(of: [UInt8].self)
        Thread {
            var buffer = [UInt8](repeating: 0, count: Self.bytesAtOnce)
            while true {
                let count = read(0, &buffer, buffer.count)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { break }
                source.yield(Array(buffer.prefix(count)))
            }
            source.finish()
        }.start()
        return stream
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
