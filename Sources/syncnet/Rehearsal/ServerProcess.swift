import Foundation

/// One configured server of this machine as a process, whoever has started it.
final class ServerProcess {
    let id: String
    /// Where it keeps its data, its log and its process id.
    let directory: String
    private let arguments: [String]
    private let isTied: Bool
    private var child: Process?
    private var lifeline: Pipe?

    /// A server of the plan. One that is tied ends when this process does, however suddenly;
    /// another one goes on.
    init(id: String, plan: ClusterPlan, arguments: [String], isTied: Bool) {
        self.id = id
        self.isTied = isTied
        directory = "\(plan.dataDirectory)/\(id)"
        let tie = isTied ? ["--until-input-ends"] : []
        self.arguments = ["server", "--server-id", id] + arguments + tie
    }

    /// The process that the file `server.pid` names, where it runs and is a server.
    var runningID: Int32? {
        guard let data = FileManager.default.contents(atPath: "\(directory)/server.pid"),
            let pid = Int32(String(decoding: data, as: UTF8.self).filter { !$0.isWhitespace }),
            Self.isAlive(pid), Self.words(of: pid)?.contains("server") ?? true
        else { return nil }
        return pid
    }

    /// Whether it ends with the command that started it, as the servers of `syncnet up` do.
    var belongsToUp: Bool {
        runningID.flatMap(Self.words)?.contains("--until-input-ends") ?? false
    }

    /// Starts it, with its output appended to `server.log` in its directory.
    func start() throws {
        let process = Process()
        process.executableURL = Executable.own
        process.arguments = arguments
        do {
            let log = try openLog()
            process.standardOutput = log
            process.standardError = log
            process.standardInput = isTied ? tie() : FileHandle.nullDevice
            try process.run()
            try log.close()
        } catch {
            throw Failure("can't start \(id): \(error)")
        }
        child = process
    }

    private func openLog() throws -> FileHandle {
        try FileManager.default.createDirectory(
            atPath: directory, withIntermediateDirectories: true)
        let path = "\(directory)/server.log"
        if !FileManager.default.fileExists(atPath: path) {
            _ = FileManager.default.createFile(atPath: path, contents: nil)
        }
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        try handle.seekToEnd()
        return handle
    }

    private func tie() -> Pipe {
        let pipe = Pipe()
        for handle in [pipe.fileHandleForReading, pipe.fileHandleForWriting] {
            _ = fcntl(handle.fileDescriptor, F_SETFD, FD_CLOEXEC)
        }
        lifeline = pipe
        return pipe
    }

    /// Sends it a signal; whether there was a process to send it to.
    @discardableResult
    func send(_ signal: Int32) -> Bool {
        guard let pid = runningID else { return false }
        return kill(pid, signal) == 0
    }

    /// Sends it a signal and waits for its end; whether it came in time.
    func end(by signal: Int32, within limit: Duration) async throws -> Bool {
        guard let pid = runningID else { return true }
        kill(pid, signal)
        return try await Patience.until(limit) { !Self.isAlive(pid) }
    }

    /// The last lines of its log.
    var lastLines: String {
        let data = FileManager.default.contents(atPath: "\(directory)/server.log") ?? Data()
        return String(decoding: data, as: UTF8.self).split(separator: "\n").suffix(5)
            .joined(separator: "\n")
    }

    /// A process that nobody has waited for yet is dead all the same.
    private static func isAlive(_ pid: Int32) -> Bool {
        guard let data = FileManager.default.contents(atPath: "/proc/\(pid)/stat") else {
            return kill(pid, 0) == 0 && !FileManager.default.fileExists(atPath: "/proc/self")
        }
        let words = String(decoding: data, as: UTF8.self).split(separator: ")").last ?? ""
        return !["Z", "X"].contains(words.drop { $0 == " " }.prefix(1))
    }

    /// What the process was started with; nil where this system does not tell.
    private static func words(of pid: Int32) -> [String]? {
        FileManager.default.contents(atPath: "/proc/\(pid)/cmdline")?.split(separator: 0)
            .map { String(decoding: $0, as: UTF8.self) }
    }
}

/// Waiting for what others do.
enum Patience {
    /// Asks every few milliseconds; whether it came true in time.
    static func until(
        _ limit: Duration, isolation: isolated (any Actor)? = #isolation,
        _ isSo: () async throws -> Bool
    ) async throws -> Bool {
        let end = ContinuousClock.now + limit
        while ContinuousClock.now < end {
            if try await isSo() { return true }
            try await Task.sleep(for: .milliseconds(20))
        }
        return try await isSo()
    }
}
