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

    /// Tells it to run a seed. Without effect on one that has died: that is noticed by its
    /// end of output.
    func take(_ job: SeedJob) {
        outstanding.append(job)
        try? input.fileHandleForWriting.write(
            contentsOf: Data("\(job.seed) \(job.scenario)\n".utf8))
    }

    /// Reads what it has answered.
    func readAnswers() throws -> [SeedResult] {
        guard let bytes = Self.read(outputDescriptor) else {
            hasEnded = true
            return []
        }
        received += bytes
        var results: [SeedResult] = []
        while let end = received.firstIndex(of: UInt8(ascii: "\n")) {
            let line = Data(received[..<end])
            received.removeSubrange(...end)
            // Whatever else the system under test prints is not for us.
            guard let result = try? JSONDecoder().decode(SeedResult.self, from: line) else {
                continue
            }
            outstanding.removeAll { $0.seed == result.seed && $0.scenario == result.scenario }
            results.append(result)
        }
        return results
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
