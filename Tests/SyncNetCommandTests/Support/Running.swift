import Foundation
import Synchronization

/// A process under test, and what it writes.
final class Running {
    private let process = Process()
    private let input = Pipe()
    private let output = Collected()
    private let errors = Collected()

    /// Starts a program. Nothing of this process's SYNCNET_ environment reaches it.
    init(
        _ program: URL, _ arguments: [String], environment: [String: String] = [:],
        in directory: URL? = nil
    ) throws {
        let inherited = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("SYNCNET_") }
        process.executableURL = program
        process.arguments = arguments
        // No test asks other machines.
        process.environment = inherited.merging(["SYNCNET_DISCOVERY": "loopback"]) { $1 }
            .merging(environment) { $1 }
        if let directory { process.currentDirectoryURL = directory }
        for pipe in [input, output.pipe, errors.pipe] {
            for handle in [pipe.fileHandleForReading, pipe.fileHandleForWriting] {
                // Otherwise processes that start later hold these open.
                _ = fcntl(handle.fileDescriptor, F_SETFD, FD_CLOEXEC)
            }
        }
        process.standardInput = input
        process.standardOutput = output.pipe
        process.standardError = errors.pipe
        try process.run()
        output.read()
        errors.read()
    }

    /// Nothing outlives the test that started it, however it ended.
    deinit { send(SIGKILL) }

    /// Starts the command.
    static func syncnet(
        _ arguments: [String], environment: [String: String] = [:], in directory: URL? = nil
    ) throws -> Running {
        try Running(Place.command, arguments, environment: environment, in: directory)
    }

    /// Starts a Python program.
    static func python(_ arguments: [String]) throws -> Running {
        try Running(URL(fileURLWithPath: "/usr/bin/env"), ["python3"] + arguments)
    }

    var id: Int32 { process.processIdentifier }
    var isRunning: Bool { process.isRunning }

    /// What it has written so far, and nothing if it has not.
    var text: String { output.text + errors.text }
    var errorText: String { errors.text }

    /// Gives it a line to read.
    func type(_ line: String) {
        do {
            try input.fileHandleForWriting.write(contentsOf: Data("\(line)\n".utf8))
        } catch {
            // It has ended; whoever waits for it finds out.
            return
        }
    }

    /// Ends its input.
    func endInput() {
        do { try input.fileHandleForWriting.close() } catch { return }
    }

    /// Sends it a signal.
    func send(_ signal: Int32) { if process.isRunning { kill(process.processIdentifier, signal) } }

    /// Waits for its end; one that takes too long is killed and gives nil.
    func end(within seconds: Double) -> Ended? {
        let isOver = Wait.until(seconds) { !process.isRunning }
        if !isOver { send(SIGKILL) }
        process.waitUntilExit()
        output.finish()
        errors.finish()
        guard isOver else { return nil }
        let code = process.terminationStatus
        return Ended(
            code: process.terminationReason == .exit ? code : 128 + code, output: output.text,
            errors: errors.text)
    }
}

/// What a process left.
struct Ended {
    var code: Int32
    var output: String
    var errors: String

    /// The lines of its standard output.
    var lines: [String] { output.split(separator: "\n").map(String.init) }
}

/// Text that comes through a pipe.
private final class Collected: Sendable {
    let pipe = Pipe()
    private let data = Mutex(Data())
    private let ended = DispatchSemaphore(value: 0)

    var text: String { String(decoding: data.withLock { $0 }, as: UTF8.self) }

    func read() {
        Thread { [self] in
            while case let chunk = pipe.fileHandleForReading.availableData, !chunk.isEmpty {
                data.withLock { $0 += chunk }
            }
            ended.signal()
        }.start()
    }

    /// Until everything is read, or somebody else holds the pipe open.
    func finish() {
        // Put back, for whoever asks again.
        if ended.wait(timeout: .now() + 2) == .success { ended.signal() }
    }
}

/// Waiting for something that other processes do.
enum Wait {
    /// Asks again and again; whether it came true in time.
    static func until(_ seconds: Double, _ isSo: () throws -> Bool) rethrows -> Bool {
        let end = ContinuousClock.now + .seconds(seconds)
        while ContinuousClock.now < end {
            if try isSo() { return true }
            Thread.sleep(forTimeInterval: 0.02)
        }
        return try isSo()
    }

    /// Asks until an answer is right, or there is no time left; gives the last one.
    static func last<Answer>(
        _ seconds: Double, _ ask: () throws -> Answer, isRight: (Answer) throws -> Bool
    ) rethrows -> Answer {
        let end = ContinuousClock.now + .seconds(seconds)
        while true {
            let answer = try ask()
            if try isRight(answer) || ContinuousClock.now >= end { return answer }
            Thread.sleep(forTimeInterval: 0.02)
        }
    }
}
