import Foundation

/// Clients that follow a room in which nobody says anything, in a process of their own.
final class IdleClients {
    private let load: HeldLoad

    /// Connects them, and waits until all of them follow the room.
    init(_ count: Int, ports: String) throws {
        load = try HeldLoad(["idle", "\(count)", ports])
    }

    /// Closes their connections.
    func end() { load.end() }
}

/// A load generator that says one line and then stays until it is told to end.
final class HeldLoad {
    private let process = Process()
    private let input = Pipe()

    /// Starts it and waits for its line; throws a line for a person where none comes.
    init(_ words: [String]) throws {
        let (output, errors) = (Pipe(), Pipe())
        // The end of this process has to be the end of the pipe, whoever else is started.
        for handle in [input.fileHandleForReading, input.fileHandleForWriting] {
            _ = fcntl(handle.fileDescriptor, F_SETFD, FD_CLOEXEC)
        }
        process.executableURL = Executable.own
        process.arguments = ["bench", "load"] + words
        process.standardInput = input
        process.standardOutput = output
        process.standardError = errors
        do { try process.run() } catch { throw Failure("can't run the load generator: \(error)") }
        guard output.fileHandleForReading.availableData.isEmpty else { return }
        process.waitUntilExit()
        throw LoadProcess.failure(
            errors.fileHandleForReading.availableData, process.terminationStatus)
    }

    /// Lets it end.
    func end() {
        try? input.fileHandleForWriting.close()
        process.waitUntilExit()
    }
}
