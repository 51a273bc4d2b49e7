import Foundation
import Synchronization

/// Keeps Ctrl-C from leaving a server stopped that was to be started again.
final class Interruption: Sendable {
    private struct State {
        var isHeld = false
        var signal: Int32?
    }

    private let state = Mutex(State())

    /// Somebody asks for the end: it comes at once, or once nothing is held.
    func ask(_ signal: Int32) {
        let isHeld = state.withLock { state in
            state.signal = signal
            return state.isHeld
        }
        guard isHeld else { Foundation.exit(128 + signal) }
        Terminal.printError("Interrupted: ends once the server is started again.")
    }

    /// From here on nothing ends the process.
    func hold() { state.withLock { $0.isHeld = true } }

    /// Ends the process where that was asked for meanwhile.
    func release() {
        let signal = state.withLock { state in
            state.isHeld = false
            return state.signal
        }
        if let signal { Foundation.exit(128 + signal) }
    }
}
