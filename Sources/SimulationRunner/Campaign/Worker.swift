import Foundation

/// One process of a campaign.
final class Worker {
    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()
    private let errors = Pipe()
    private var received: [UInt8] = []
    private var lastErrors: [UInt8] = []
    /// What it was told and has not answered, first to last.
    private(set) var outstanding: [SeedJob] = []
    private(set) var hasEnded = false
    /// So many answers are still to come that nobody wants.
    private var dropped = 0

    /// Whether it still works on what nobody wants.
    var runsDropped: Bool { dropped > 0 }

    init(arguments: [String]) throws {
        guard let executable = Bundle.main.executableURL else {
            throw RunnerError("This executable's own path is unknown: run it by its full path.")
        }
        process.executableURL = executable
        process.arguments = arguments
        process.standardInput = input
        process.standardOutput = output
        process.standardError = errors
        for pipe in [input, output, errors] {
            for handle in [pipe.fileHandleForReading, pipe.fileHandleForWriting] {
                // Otherwise later workers hold these open, and an end is never noticed.
                _ = fcntl(handle.fileDescriptor, F_SETFD, FD_CLOEXEC)
            }
        }
        try process.run()
        try output.fileHandleForWriting.close()
        try errors.fileHandleForWriting.close()
        try input.fileHandleForReading.close()
    }

    var outputDescriptor: Int32 { output.fileHandleForReading.fileDescriptor }
    var errorDescriptor: Int32 { errors.fileHandleForReading.fileDescriptor }

    /// Tells it to run a seed, with a trace in a file where one is named. Without effect on
    /// one that has died: that is noticed by its end of output.
    func take(_ job: SeedJob, trace: String? = nil) {
        outstanding.append(job)
        let order = (trace.map { "trace \($0)\n" } ?? "") + "\(job.seed) \(job.scenario)\n"
        try? input.fileHandleForWriting.write(contentsOf: Data(order.utf8))
    }

    /// Takes no interest any more in what it was told; its answers are dropped.
    func drop() {
        dropped += outstanding.count
        outstanding = []
    }

    /// Reads what it has answered.
    func readAnswers() throws -> [(job: SeedJob, result: SeedResult)] {
        guard let bytes = Self.read(outputDescriptor) else {
            hasEnded = true
            return []
        }
        received += bytes
        var answers: [(job: SeedJob, result: SeedResult)] = []
        var rest = received[...]
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            let line = Data(rest[..<end])
            rest = rest[(end + 1)...]
            // Whatever else the system under test prints is not for us.
            guard let result = try? JSONDecoder().decode(SeedResult.self, from: line) else {
                continue
            }
            if dropped > 0 {
                dropped -= 1
            } else if !outstanding.isEmpty {
                answers.append((outstanding.removeFirst(), result))
            }
        }
        received = Array(rest)
        return answers
    }

    /// Waits for its next answer; a death is one.
    func nextResult() throws -> SeedResult? {
        guard let job = outstanding.first else { return nil }
        while true {
            var descriptors = [
                pollfd(fd: outputDescriptor, events: Int16(POLLIN), revents: 0),
                pollfd(fd: errorDescriptor, events: Int16(POLLIN), revents: 0),
            ]
            _ = poll(&descriptors, 2, 1_000)
            if descriptors[1].revents & Int16(POLLIN) != 0 { readErrors() }
            guard descriptors[0].revents != 0 else { continue }
            if let answer = try readAnswers().first { return answer.result }
            if hasEnded { return .died(job, obituary()) }
        }
    }

    func readErrors() {
        guard let bytes = Self.read(errorDescriptor) else { return }
        lastErrors += bytes
        if lastErrors.count > 8_192 { lastErrors.removeFirst(lastErrors.count - 8_192) }
    }

    /// How it ended, with the tail of what it wrote to standard error.
    func obituary() -> String {
        readErrors()
        process.waitUntilExit()
        readErrors()
        let how =
            process.terminationReason == .uncaughtSignal
            ? "it was ended by signal \(process.terminationStatus)"
            : "it ended with status \(process.terminationStatus)"
        let tail = String(decoding: lastErrors, as: UTF8.self)
            .split(separator: "\n").filter { !$0.isEmpty }.prefix(12)
        return ([how] + tail.map(String.init)).joined(separator: "\n")
    }

    /// Whether somebody asked it to end.
    var wasTerminated: Bool {
        process.waitUntilExit()
        return process.terminationReason == .uncaughtSignal
            && [SIGTERM, SIGINT].contains(process.terminationStatus)
    }

    func dismiss() {
        try? input.fileHandleForWriting.close()
        if process.isRunning { process.terminate() }
        process.waitUntilExit()
    }

    /// What can be read now; nil at the end.
    private static func read(_ descriptor: Int32) -> [UInt8]? {
        var all: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        while poll(&request, 1, 0) > 0 {
            let count = Foundation.read(descriptor, &chunk, chunk.count)
            guard count > 0 else { return all.isEmpty ? nil : all }
            all += chunk[..<count]
        }
        return all
    }
}
