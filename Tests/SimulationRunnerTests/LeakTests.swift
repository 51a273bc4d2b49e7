import Foundation
import Testing

/// Runs seeds in a process of its own, and gives what it tells of them.
private func answers(_ lines: [String]) throws -> [String] {
    let process = Process()
    let (input, output) = (Pipe(), Pipe())
    process.executableURL = try leakySimulation()
    process.standardInput = input
    process.standardOutput = output
    // What hides the order of hashes from a test would hide the leak.
    process.environment = ProcessInfo.processInfo.environment.filter {
        $0.key != "SWIFT_DETERMINISTIC_HASHING"
    }
    try process.run()
    try input.fileHandleForWriting.write(
        contentsOf: Data(lines.map { $0 + "\n" }.joined().utf8))
    try input.fileHandleForWriting.close()
    let data = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return String(decoding: data, as: UTF8.self).split(separator: "\n").map(String.init)
}

/// The executable stands beside the tests.
private func leakySimulation() throws -> URL {
    var directory = URL(fileURLWithPath: CommandLine.arguments[0])
    for _ in 0..<6 {
        directory.deleteLastPathComponent()
        let candidate = directory.appendingPathComponent("leaky-simulation")
        if FileManager.default.isExecutableFile(atPath: candidate.path) { return candidate }
    }
    throw CocoaError(.fileNoSuchFile)
}

@Suite struct `Two runs of one seed in two processes` {
    @Test(arguments: ["hash-order", "wall-clock", "unseeded", "address", "thread"])
    func `differ where something leaks into the simulation`(leak: String) throws {
        let lines = (0..<8).map { "\($0) \(leak)" }
        let (one, other) = (try answers(lines), try answers(lines))
        #expect(one.count == lines.count && other.count == lines.count)
        #expect(one != other, "\(leak) was not noticed")
    }

    @Test func `are the same where nothing does`() throws {
        let lines = (0..<8).map { "\($0) none" }
        let (one, other) = (try answers(lines), try answers(lines))
        #expect(one.count == lines.count)
        #expect(one == other)
        #expect(Set(one).count == lines.count, "and seeds differ from each other")
    }
}
