import Foundation

/// One configured server of this machine as a process, whoever has started it.
final class ServerProcess {
    let id: String
    /// Where it keeps its data, its log and its process id.
    let directory: String
    private let given: [String]
    private let prefix: [String]
    private var arguments: [String]
    /// Of a process that somebody else has started: its environment and working directory.
    private var environment: [String: String]?
    private var workingDirectory: String?
    private let isTied: Bool
    private var child: Process?
    private var lifeline: Pipe?

    /// A server of the plan. One that is tied ends when this process does, however suddenly;
    /// another one goes on. The words of `prefix` stand before its command, and become it.
    init(
        id: String, plan: ClusterPlan, arguments: [String], isTied: Bool, prefix: [String] = []
    ) {
        self.id = id
        self.isTied = isTied
        self.prefix = prefix
        directory = "\(plan.dataDirectory)/\(id)"
        given = arguments
        let tie = isTied ? ["--until-input-ends"] : []
        self.arguments = ["server", "--server-id", id] + arguments + tie
    }

    /// The process that the file `server.pid` names, where it runs and is a server.
    var runningID: Int32? {
        guard let data = FileManager.default.contents(atPath: "\(directory)/server.pid"),
            let pid = Int32(String(decoding: data, as: UTF8.self).filter { !$0.isWhitespace }),
            Self.isAlive(pid), ProcessWords(of: pid)?.mayRun(server: id) ?? true
        else { return nil }
        return pid
    }

    /// Whether it ends with the command that started it, as the servers of `syncnet up` do.
    var belongsToUp: Bool {
        runningID.flatMap(ProcessWords.init(of:))?.list.contains("--until-input-ends") ?? false
    }

    /// Starts it, with its output appended to `server.log` in its directory.
    func start() throws {
        let process = Process()
        let words = prefix + [Executable.own.path] + arguments
        process.executableURL = URL(fileURLWithPath: words[0])
        process.arguments = Array(words.dropFirst())
        if let environment { process.environment = environment }
        if let workingDirectory {
            process.currentDirectoryURL = URL(fileURLWithPath: workingDirectory)
        }
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

    /// Starts from now on as the running process was started: with its flags, in its directory,
    /// with its environment. Flags of this command stand behind them, and win. Without effect
    /// where this system does not tell, or this process has started it.
    func startsAsItRuns() {
        guard !isTied, let pid = runningID, let words = ProcessWords(of: pid)?.list,
            words.count > 1
        else { return }
        arguments = Array(words.dropFirst())
        if arguments.suffix(given.count) != given[...] { arguments += given }
        let variables = ProcessWords.strings(in: "/proc/\(pid)/environ") ?? []
        let pairs = variables.compactMap { variable -> (String, String)? in
            guard let sign = variable.firstIndex(of: "=") else { return nil }
            return (String(variable[..<sign]), String(variable[variable.index(after: sign)...]))
        }
        environment = Dictionary(pairs) { first, _ in first }
        workingDirectory = try? FileManager.default.destinationOfSymbolicLink(
            atPath: "/proc/\(pid)/cwd")
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
