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
    /// When it began with the first of these.
    private var since = SuspendingClock.now
    /// Why we ended it.
    private var reason: String?
    var isBeingEnded: Bool { reason != nil }
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
    func take(_ job: SeedJob, trace: String? = nil, choices: String? = nil) {
        let files = [("trace", trace), ("choices", choices)].compactMap { word, path in
            path.map { "\(word) \($0)\n" }
        }
        tell(files.joined() + "\(job.seed) \(job.scenario)\n", job)
    }

    /// Tells it to run the story of a file, with its tale in a file where one is named.
    func play(_ path: String, as job: SeedJob, _ tale: String?) {
        tell((tale.map { "tale \($0)\n" } ?? "") + "story \(path)\n", job)
    }

    private func tell(_ order: String, _ job: SeedJob) {
        if outstanding.isEmpty, dropped == 0 { since = .now }
        outstanding.append(job)
        try? input.fileHandleForWriting.write(contentsOf: Data(order.utf8))
    }

    /// Takes no interest any more in what it was told; its answers are dropped.
    func drop() {
        dropped += outstanding.count
        outstanding = []
    }

    /// What passed until now does not count: nobody has read what it answered.
    func excuse() { since = .now }

    /// Ends the process where it has been at one job for longer: also one that stands still.
    func end(after seconds: Double) {
        guard !hasEnded, dropped > 0 || !outstanding.isEmpty, reason == nil,
            since.duration(to: .now).seconds > seconds
        else { return }
        reason = "it took more than \(Int(seconds.rounded(.up))) s, and was ended"
        kill(process.processIdentifier, SIGKILL)
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
            since = .now
            if dropped > 0 {
                dropped -= 1
            } else if !outstanding.isEmpty {
                answers.append((outstanding.removeFirst(), result))
            }
        }
        received = Array(rest)
        return answers
    }

    /// Waits for its next answer; a death is one, and so is an end after so many seconds.
    func nextResult(within seconds: Double = .infinity) throws -> SeedResult? {
        guard let job = outstanding.first else { return nil }
        while true {
            end(after: seconds)
            var descriptors = [
                pollfd(fd: outputDescriptor, events: Int16(POLLIN), revents: 0),
                pollfd(fd: errorDescriptor, events: Int16(POLLIN), revents: 0),
            ]
            _ = poll(&descriptors, 2, 1_000)
            if descriptors[1].revents & Int16(POLLIN) != 0 { readErrors() }
            guard descriptors[0].revents != 0 else { continue }
            if let answer = try readAnswers().first { return answer.result }
            if hasEnded { return .died(job, obituary(), isEndless: isBeingEnded) }
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
        return ([reason ?? how] + tail.map(String.init)).joined(separator: "\n")
    }

    /// Whether somebody asked it to end.
    var wasTerminated: Bool {
        process.waitUntilExit()
        return process.terminationReason == .uncaughtSignal
            && [SIGTERM, SIGINT].contains(process.terminationStatus)
    }

    func dismiss() {
        try? input.fileHandleForWriting.close()
        // It has nothing to lose, and what it runs may never end. A polite signal may be blocked:
        // whoever is started by a thread that blocks signals does so, too.
        // Nor is its end waited for: what tells Foundation of it may be held open by a child that
        // looks at a crash, and never ends without the process.
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
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
