import Foundation

/// Programs of this system that the torture uses where they are there.
enum Tool {
    /// Where a program is; nil where it is not there.
    static func path(of name: String) -> String? {
        if name.contains("/") { return name }
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        let folders = path.split(separator: ":").map(String.init) + ["/usr/sbin", "/sbin"]
        return folders.map { "\($0)/\(name)" }.first {
            FileManager.default.isExecutableFile(atPath: $0)
        }
    }

    /// What a program said, and its exit code; 127 where it could not be started.
    @discardableResult
    static func run(_ words: [String], input: String? = nil) -> (code: Int32, text: String) {
        guard let name = words.first, let path = path(of: name) else { return (127, "") }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = Array(words.dropFirst())
        let (output, feed) = (Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = output
        process.standardInput = input == nil ? FileHandle.nullDevice : feed
        do {
            try process.run()
            if let input {
                try feed.fileHandleForWriting.write(contentsOf: Data(input.utf8))
                try feed.fileHandleForWriting.close()
            }
        } catch {
            return (127, "\(error)")
        }
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: data, as: UTF8.self))
    }

    /// The same, where it has to succeed.
    static func demand(_ words: [String], input: String? = nil) throws {
        let (code, text) = run(words, input: input)
        guard code == 0 else {
            let reason = text.split(separator: "\n").first.map(String.init) ?? "exit code \(code)"
            throw Failure("\(words.joined(separator: " ")): \(reason)")
        }
    }
}
