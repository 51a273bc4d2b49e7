import Foundation

/// The load generator as a process of its own, so that its time is not the servers'.
enum LoadProcess {
    /// Runs it and decodes its line; throws a line for a person where it failed.
    static func run<Figures: Decodable>(
        _ words: [String], _ kind: Figures.Type = Figures.self
    ) throws -> Figures {
        let process = Process()
        let (output, errors) = (Pipe(), Pipe())
        process.executableURL = Executable.own
        process.arguments = ["bench", "load"] + words
        process.standardOutput = output
        process.standardError = errors
        process.standardInput = FileHandle.nullDevice
        let line: Data
        do {
            try process.run()
            line = try output.fileHandleForReading.readToEnd() ?? Data()
        } catch {
            throw Failure("can't run the load generator: \(error)")
        }
        // What it complains of fits into a pipe.
        let complaint = try? errors.fileHandleForReading.readToEnd()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw failure(complaint ?? Data(), process.terminationStatus)
        }
        return try decode(line)
    }

    /// What to tell a person of a load generator that failed.
    static func failure(_ complaint: Data, _ code: Int32) -> Failure {
        let text = String(decoding: complaint, as: UTF8.self)
        let first = text.split(separator: "\n").first.map(String.init)
        return Failure(first ?? "the load generator ended with \(code)")
    }

    private static func decode<Figures: Decodable>(_ line: Data) throws -> Figures {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        do {
            return try decoder.decode(Figures.self, from: line)
        } catch {
            throw Failure("the load generator's line can't be read: \(error)")
        }
    }
}
