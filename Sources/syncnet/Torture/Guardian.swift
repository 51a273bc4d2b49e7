import Foundation

/// A process that waits for the end of a run, however sudden, and then takes away what is left.
///
/// Processes that are stopped don't notice that a pipe ends, and nobody else unmounts.
final class Guardian {
    private let process = Process()
    private let pipe = Pipe()

    /// Starts it.
    init() throws {
        for handle in [pipe.fileHandleForReading, pipe.fileHandleForWriting] {
            _ = fcntl(handle.fileDescriptor, F_SETFD, FD_CLOEXEC)
        }
        process.executableURL = Executable.own
        process.arguments = ["torture", "--guard", "\(getpid())"]
        process.standardInput = pipe
        do { try process.run() } catch { throw Failure("can't start the guardian: \(error)") }
    }

    /// What the process does.
    static func watch(over owner: Int32) {
        for number in [SIGINT, SIGTERM, SIGHUP] { signal(number, SIG_IGN) }
        while case let chunk = FileHandle.standardInput.availableData, !chunk.isEmpty {}
        RunPlace(owner: owner).remove()
    }

    /// Ends it, once there is nothing left to guard.
    func dismiss() {
        try? pipe.fileHandleForWriting.close()
        process.waitUntilExit()
    }
}
