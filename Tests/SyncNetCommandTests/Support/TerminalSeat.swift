import Foundation
import Synchronization
import TerminalTestSupport

/// A client at a real pseudo-terminal: what is typed goes in as keys, what it draws is read from
/// a screen.
final class TerminalSeat {
    private let process = Process()
    private let master: Int32
    private let screen: Screen

    init(_ arguments: [String], state: URL, columns: Int = 60) throws {
        let slave: Int32
        (master, slave) = try Self.openPair()
        screen = Screen(columns: columns)
        var size = winsize(ws_row: 40, ws_col: UInt16(columns), ws_xpixel: 0, ws_ypixel: 0)
        _ = ioctl(slave, UInt(TIOCSWINSZ), &size)
        let inherited = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("SYNCNET_") }
        process.executableURL = Place.command
        process.arguments = arguments
        process.environment = inherited.merging(
            [
                "TERM": "xterm-256color", "XDG_STATE_HOME": state.path, "NO_COLOR": "1",
                "SYNCNET_DISCOVERY": "loopback",
            ]) { $1 }
        let handle = FileHandle(fileDescriptor: slave, closeOnDealloc: true)
        process.standardInput = handle
        process.standardOutput = handle
        process.standardError = handle
        try process.run()
        let (descriptor, screen) = (master, screen)
        Thread {
            var buffer = [UInt8](repeating: 0, count: 65_536)
            while true {
                let count = read(descriptor, &buffer, buffer.count)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return }
                screen.write(buffer.prefix(count))
            }
        }.start()
    }

    /// A pseudo-terminal: our end, and that of the client.
    private static func openPair() throws -> (Int32, Int32) {
        let master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
        var locked: Int32 = 0
        var number: UInt32 = 0
        guard master >= 0, ioctl(master, setLock, &locked) == 0,
            ioctl(master, getNumber, &number) == 0
        else { throw CocoaError(.fileReadUnknown) }
        let slave = open("/dev/pts/\(number)", O_RDWR | O_NOCTTY | O_CLOEXEC)
        guard slave >= 0 else { throw CocoaError(.fileReadUnknown) }
        return (master, slave)
    }

    // TIOCSPTLCK and TIOCGPTN, which stand behind unlockpt and ptsname.
    private static let setLock: UInt = 0x4004_5431
    private static let getNumber: UInt = 0x8004_5430

    deinit {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        process.waitUntilExit()
        close(master)
    }

    /// The rows.
    var rows: [String] { screen.rows }
    /// All of it, for whoever reads a failure.
    var text: String { rows.joined(separator: "\n") }
    /// The row in which one types.
    var prompt: String { rows.last ?? "" }

    /// How many rows end so.
    func count(endingIn end: String) -> Int { rows.count { $0.hasSuffix(end) } }

    /// Presses keys.
    func type(_ keys: String) {
        let bytes = Array(keys.utf8)
        _ = write(master, bytes, bytes.count)
    }

    /// Kills it as a crash would.
    func crash() {
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    /// Its exit code, if it ends in time.
    func end(within seconds: Double) -> Int32? {
        guard Wait.until(seconds, { !process.isRunning }) else { return nil }
        process.waitUntilExit()
        return process.terminationStatus
    }

    /// Whether the terminal reads lines and shows what is typed, as it does for a shell.
    var isAsBefore: Bool {
        var modes = termios()
        tcgetattr(master, &modes)
        let wanted = tcflag_t(ICANON | ECHO | ISIG)
        return modes.c_lflag & wanted == wanted
    }

    /// The terminal's memory: bytes may be cut within a character.
    private final class Screen: Sendable {
        private let state: Mutex<(terminal: VirtualTerminal, cut: [UInt8])>

        init(columns: Int) { state = Mutex((VirtualTerminal(columns: columns), [])) }

        var rows: [String] { state.withLock { $0.terminal.text } }

        func write(_ bytes: ArraySlice<UInt8>) {
            state.withLock { state in
                let all = state.cut + bytes
                let whole = all.count - Self.cutLength(of: all)
                state.cut = Array(all[whole...])
                state.terminal.write(String(decoding: all[..<whole], as: UTF8.self))
            }
        }

        /// How many bytes at the end are a character without its end.
        private static func cutLength(of bytes: [UInt8]) -> Int {
            for length in 1...3 where bytes.count >= length {
                let byte = bytes[bytes.count - length]
                guard byte & 0xC0 != 0x80 else { continue }
                let needed = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC0 ? 2 : 1
                return needed > length ? length : 0
            }
            return 0
        }
    }
}
