import Foundation
import Synchronization
import SyncNetClient
import SyncNetTerminal

/// What a client in a pipe shows, and up to where it has.
final class Screen: Sendable {
    let isInteractive: Bool
    let isJSON: Bool
    private let isColourful: Bool
    private let memory: MemoryFile?
    private let shown = Mutex(Board())

    /// For people, or for programs.
    init(isJSON: Bool, memory: MemoryFile?) {
        self.isJSON = isJSON
        self.memory = memory
        isInteractive = Terminal.isInteractive && !isJSON
        isColourful = Terminal.isColourful && !isJSON
    }

    /// A message of a room.
    func show(_ message: ChatMessage) {
        if isJSON {
            tell(.message(message))
        } else {
            Terminal.print(MessageLine.text(of: message, isColourful: isColourful))
        }
        // The next start begins with what nobody has seen.
        if Terminal.hasLostOutput { return }
        shown.withLock { shown in
            shown.showed(Post(message))
            memory?.save(shown)
        }
    }

    /// Anything else; with the `id` of the object that it answers.
    func tell(_ news: ChatNews, id: ProgramID? = nil) {
        guard !isJSON else {
            var report = news.report
            report.id = id
            return Terminal.print(JSONLine.text(of: report))
        }
        for line in news.lines.map(Terminal.harmless) {
            if line.first == "!" {
                let isRed = isColourful && isatty(2) == 1
                Terminal.printError(Colour.red.paint(line, if: isRed))
            } else {
                let isGrey = isColourful && line.first == "·"
                Terminal.print(Colour.grey.paint(line, if: isGrey))
            }
        }
    }

    /// A room was entered, of which everything up to an index is known.
    func enter(_ room: String, at index: UInt64) {
        shown.withLock { shown in
            if shown[room] == nil { shown.enter(Bookmark(room: room, index: index, stamp: nil)) }
            memory?.save(shown)
        }
    }

    /// A room was entered again.
    func enter(_ mark: Bookmark) {
        shown.withLock { if $0[mark.room] == nil { $0.enter(mark) } }
    }

    /// A room was left.
    func leave(_ room: String) {
        shown.withLock { shown in
            shown.leave(room)
            memory?.save(shown)
        }
    }

    /// Takes away what a person typed: it comes back as a message once it can't be lost.
    func eraseTypedLine() {
        guard isInteractive, isColourful else { return }
        Terminal.write("\u{1B}[1A\u{1B}[2K", to: .standardOutput)
    }

    /// Waits a little until a message is shown that is known to be there.
    func awaitMessage(_ index: UInt64, in room: String) async {
        let end = ContinuousClock.now + .seconds(2)
        while shown.withLock({ $0[room]?.mark.index ?? 0 }) < index, ContinuousClock.now < end,
            !Terminal.hasLostOutput
        {
            do { try await Task.sleep(for: .milliseconds(5)) } catch { return }
        }
    }
}
