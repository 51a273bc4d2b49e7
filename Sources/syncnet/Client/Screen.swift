import Foundation
import Synchronization
import SyncNetClient

/// What the client shows, and up to where it has.
final class Screen: Sendable {
    let isInteractive = Terminal.isInteractive
    private let isColourful = Terminal.isColourful
    private let shown = Mutex([String: UInt64]())

    /// A message of a room.
    func show(_ message: ChatMessage) {
        Terminal.print(MessageLine.text(of: message, isColourful: isColourful))
        shown.withLock { $0[message.room] = message.index }
    }

    /// Something that is no message.
    func remark(_ text: String) {
        Terminal.print(Colour.grey.paint("· \(Terminal.harmless(text))", if: isColourful))
    }

    /// Something that did not work.
    func complain(_ text: String) {
        let text = Terminal.harmless(text)
        Terminal.printError(Colour.red.paint("! \(text)", if: isColourful && isatty(2) == 1))
    }

    /// Takes away what a person typed: it comes back as a message once it can't be lost.
    func eraseTypedLine() {
        guard isInteractive, isColourful else { return }
        Terminal.write("\u{1B}[1A\u{1B}[2K", to: .standardOutput)
    }

    /// Waits a little until a message is shown that is known to be there.
    func awaitMessage(_ index: UInt64, in room: String) async {
        let end = ContinuousClock.now + .seconds(2)
        while shown.withLock({ $0[room] ?? 0 }) < index, ContinuousClock.now < end {
            do { try await Task.sleep(for: .milliseconds(5)) } catch { return }
        }
    }
}
