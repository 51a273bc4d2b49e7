import Foundation
import Synchronization

/// What is known of the places that the command writes to.
enum Terminal {
    /// Whether a person sees what is written to standard output, and colours are wanted.
    static var isColourful: Bool {
        let environment = ProcessInfo.processInfo.environment
        return isatty(1) == 1 && environment["NO_COLOR"] == nil && environment["TERM"] != "dumb"
    }

    /// Whether a person types on standard input.
    static var isInteractive: Bool { isatty(0) == 1 }

    /// Writes one line at once: whoever reads a pipe must not wait for a full buffer.
    static func print(_ line: String) { write(line + "\n", to: .standardOutput) }

    /// Writes one line to standard error.
    static func printError(_ line: String) { write(line + "\n", to: .standardError) }

    /// Why standard output took no more, as `errno` has it; 0 while it does.
    private static let trouble = Atomic<Int32>(0)

    /// Whether anything that was written did not get out: it was not shown.
    static var hasLostOutput: Bool { trouble.load(ordering: .relaxed) != 0 }

    /// Whether the reader of standard output has gone away: who only shows things is done then.
    static var hasLostReader: Bool { trouble.load(ordering: .relaxed) == EPIPE }

    /// Writes text as it is. A reader that has gone away is no reason to fail; what else went
    /// wrong is told at the end, by ``demandOutput()``.
    static func write(_ text: String, to handle: FileHandle) {
        let file = handle.fileDescriptor
        var text = text
        let code = text.withUTF8 { write($0, to: file) }
        if code != 0, file == 1 { trouble.store(code, ordering: .relaxed) }
    }

    private static func write(_ bytes: UnsafeBufferPointer<UInt8>, to file: Int32) -> Int32 {
        guard let start = bytes.baseAddress else { return 0 }
        var written = 0
        while written < bytes.count {
            let count = Glibc.write(file, start + written, bytes.count - written)
            if count >= 0 {
                written += count
            } else if errno == EAGAIN {
                var wait = pollfd(fd: file, events: Int16(POLLOUT), revents: 0)
                _ = poll(&wait, 1, -1)
            } else if errno != EINTR {
                return errno
            }
        }
        return 0
    }

    /// Throws where standard output did not take all that was written to it, by whatever way. A
    /// reader that went away has seen what it wanted.
    static func demandOutput() throws {
        var code = trouble.load(ordering: .relaxed)
        if fflush(nil) != 0, code == 0 { code = errno }
        guard code != 0, code != EPIPE else { return }
        throw Failure("can't write the output: \(String(cString: strerror(code)))")
    }

    /// The text with what would steer a terminal made visible, so that nobody's message can
    /// move the cursor, change the title or hide other messages.
    static func harmless(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control: result += scalar == "\t" ? " " : "\u{FFFD}"
            case .lineSeparator, .paragraphSeparator: result += "\u{FFFD}"
            case .format where isReordering(scalar): result += "\u{FFFD}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// Marks that turn the direction of text around and could make a line read as another.
    private static func isReordering(_ scalar: Unicode.Scalar) -> Bool {
        (0x202A...0x202E).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value)
    }
}

/// A colour of the terminal.
enum Colour: Int {
    case red = 31
    case green = 32
    case yellow = 33
    case blue = 34
    case magenta = 35
    case cyan = 36
    case grey = 90

    /// The text in this colour.
    func paint(_ text: String, if isWanted: Bool = Terminal.isColourful) -> String {
        isWanted ? "\u{1B}[\(rawValue)m\(text)\u{1B}[0m" : text
    }
}
