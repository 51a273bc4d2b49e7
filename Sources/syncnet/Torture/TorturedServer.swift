import Foundation

/// A server process that is killed, stopped and started again.
final class TorturedServer {
    let id: String
    /// Where its data is.
    let directory: String
    /// Where its output goes: not to its own disk, which may be full or wiped.
    let log: String
    private let words: [String]
    private let environment: [String: String]
    private let processFile: String
    private var child: Process?
    private var lifeline: Pipe?
    /// Whether it is to run.
    private var isWanted = false
    /// Whether it may end by itself, unless by a crash.
    private var isRetiring = false
    private var unwantedEnds: [String] = []

    /// A server that is started with these words, in this environment.
    init(
        id: String, directory: String, log: String, words: [String],
        environment: [String: String], processFile: String
    ) {
        self.processFile = processFile
        self.id = id
        self.directory = directory
        self.log = log
        self.words = words
        self.environment = environment
    }

    func start() throws {
        watch()
        isWanted = true
        guard child?.isRunning != true else { return }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: words[0])
        process.arguments = Array(words.dropFirst())
        process.environment = environment
        let pipe = Pipe()
        for handle in [pipe.fileHandleForReading, pipe.fileHandleForWriting] {
            _ = fcntl(handle.fileDescriptor, F_SETFD, FD_CLOEXEC)
        }
        do {
            let output = try append(to: log)
            process.standardInput = pipe
            process.standardOutput = output
            process.standardError = output
            try process.run()
            try output.close()
        } catch {
            throw Failure("can't start \(id): \(error)")
        }
        try note(process.processIdentifier)
        lifeline = pipe
        child = process
    }

    private func note(_ process: Int32) throws {
        try append(to: processFile).write(contentsOf: Data("\(process)\n".utf8))
    }

    private func append(to path: String) throws -> FileHandle {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw CocoaError(.fileWriteUnknown) }
        return FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    }

    private func send(_ number: Int32) {
        guard let child, child.isRunning else { return }
        kill(child.processIdentifier, number)
    }

    func freeze() { send(SIGSTOP) }
    func thaw() { send(SIGCONT) }
    func askToEnd() {
        watch()
        isWanted = false
        send(SIGTERM)
    }

    /// From now on it may end by itself, as one does that is no member any more.
    func mayRetire() { isRetiring = true }

    /// Kills it, and waits until it is gone.
    func kill9() async throws {
        watch()
        isWanted = false
        isRetiring = false
        send(SIGKILL)
        _ = try await hasEnded(within: .seconds(5))
        if let child { FakeClock.forget(child.processIdentifier) }
    }

    /// Whether it ends in time.
    func hasEnded(within limit: Duration) async throws -> Bool {
        try await Patience.until(limit) { child?.isRunning != true }
    }

    /// Notes its end, where nobody wanted that.
    private func watch() {
        guard isWanted, let child, !child.isRunning else { return }
        // A crash ends by a signal.
        if isRetiring, child.terminationReason == .exit {
            isWanted = false
            return
        }
        let how = child.terminationReason == .exit ? "exit code" : "signal"
        unwantedEnds.append("\(id) ended by itself, \(how) \(child.terminationStatus)")
        isWanted = false
    }

    /// How it ended by itself since this was asked last.
    func takeUnwantedEnds() -> [String] {
        watch()
        defer { unwantedEnds = [] }
        return unwantedEnds
    }

    /// Takes its data away.
    func wipe() throws { try Self.empty(directory) }

    private var copy: String { log + ".old" }

    /// Keeps a copy of its data.
    func remember() throws {
        try FileManager.default.createDirectory(atPath: copy, withIntermediateDirectories: true)
        try Self.empty(copy)
        try Self.copy(directory, to: copy)
    }

    /// Gives it the data that was kept, and no other.
    func recall() throws {
        try wipe()
        try Self.copy(copy, to: directory)
    }

    private static func empty(_ directory: String) throws {
        for name in try FileManager.default.contentsOfDirectory(atPath: directory) {
            try FileManager.default.removeItem(atPath: "\(directory)/\(name)")
        }
    }

    private static func copy(_ directory: String, to other: String) throws {
        for name in try FileManager.default.contentsOfDirectory(atPath: directory) {
            try FileManager.default.copyItem(
                atPath: "\(directory)/\(name)", toPath: "\(other)/\(name)")
        }
    }
}
