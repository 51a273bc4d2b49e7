import Foundation

/// A server that was started by another process ends when that process does, however
/// suddenly: its standard input, a pipe that nobody writes to, ends then.
enum Lifeline {
    /// Asks this process to stop cleanly when standard input ends.
    static func hold() {
        Thread {
            while case let chunk = FileHandle.standardInput.availableData, !chunk.isEmpty {}
            kill(getpid(), SIGTERM)
        }.start()
    }
}
