import Foundation
import SyncNetTerminal

/// Asks for a password at the terminal, key by key: the system's own `getpass` is deaf to Ctrl-C
/// and Ctrl-D.
struct PasswordPrompt {
    /// Where it is asked, in both directions.
    private let terminal: Int32
    private let former: termios

    /// What was typed, and nothing of it shown.
    static func ask(_ prompt: String) throws -> String {
        let isInput = isatty(0) == 1
        let terminal = isInput ? 0 : open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC)
        defer { if !isInput, terminal >= 0 { close(terminal) } }
        var former = termios()
        guard terminal >= 0, tcgetattr(terminal, &former) == 0 else {
            throw Failure("there is no terminal to ask for the password: give it in another way")
        }
        return try PasswordPrompt(terminal: terminal, former: former).ask(prompt)
    }

    private func ask(_ prompt: String) throws -> String {
        var modes = former
        cfmakeraw(&modes)
        tcsetattr(terminal, TCSADRAIN, &modes)
        let signals = Signals.onStop { leave(with: $0) }
        defer {
            Signals.forget(signals)
            restore()
        }
        show(prompt)
        switch read() {
        case .entered(let secret): return secret
        case .interrupted: leave(with: SIGINT)
        case .typing, .cancelled: throw Failure("no password was typed: nothing was done")
        }
    }

    /// One key after the other, so that what follows stays for whoever reads next.
    private func read() -> SecretLine.Outcome {
        var keys = KeyReader()
        var line = SecretLine()
        while true {
            var byte: UInt8 = 0
            let count = Foundation.read(terminal, &byte, 1)
            if count < 0, errno == EINTR { continue }
            guard count == 1 else { return .cancelled }
            for key in keys.feed([byte]) {
                let outcome = line.take(key)
                if outcome != .typing { return outcome }
            }
        }
    }

    private func show(_ text: String) {
        let bytes = Array(text.utf8)
        _ = write(terminal, bytes, bytes.count)
    }

    private func restore() {
        var modes = former
        tcsetattr(terminal, TCSADRAIN, &modes)
        show("\n")
    }

    private func leave(with number: Int32) -> Never {
        restore()
        exit(128 + number)
    }
}
