import Foundation
import Testing

extension CommandTests {
    /// The page of small commands, run as it stands.
    @Suite(.timeLimit(.minutes(3))) struct SmallCommandTests {
        @Test func `every command of the page prints what the page says`() throws {
            let page = Place.package.appendingPathComponent(
                "Sources/syncnet/syncnet.docc/SmallCommands.md")
            let examples = try Example.all(in: String(contentsOf: page, encoding: .utf8))
            try #require(examples.count >= 10, "the page lists too few commands")
            let directory = try Place.temporary()
            defer { do { try FileManager.default.removeItem(at: directory) } catch {} }
            let port = TestCluster.freshPorts()
            for example in examples {
                let ended = try #require(
                    try Running.syncnet(
                        example.arguments, environment: ["SYNCNET_BASE_PORT": "\(port)"],
                        in: directory
                    ).end(within: 20), "\(example.command) hangs")
                let seen = ended.output + ended.errors
                #expect(example.matches(seen), "\(example.command) printed:\n\(seen)")
            }
        }

        @Test func `it says which version it is, and what that speaks`() throws {
            let ended = try #require(try Running.syncnet(["--version"]).end(within: 20))
            #expect(ended.code == 0)
            let form = /syncnet \d+\.\d+\.\d+ \(servers speak formats 1 and 2, records .* \d+\)\n/
            #expect(ended.output.wholeMatch(of: form) != nil, "\(ended.output)")
        }

        @Test func `every part has a command on the page`() throws {
            let help = try #require(try Running.syncnet(["try", "--help"]).end(within: 20))
            let page = Place.package.appendingPathComponent(
                "Sources/syncnet/syncnet.docc/SmallCommands.md")
            let text = try String(contentsOf: page, encoding: .utf8)
            let parts = help.output.split(separator: "\n").drop { $0 != "SUBCOMMANDS:" }
                .dropFirst().prefix { $0.hasPrefix("  ") }
                .filter { !$0.hasPrefix("   ") && !$0.hasPrefix("  See") }
                .compactMap { $0.split(separator: " ").first }
            try #require(parts.count >= 5)
            for part in parts { #expect(text.contains("$ syncnet try \(part)")) }
        }
    }
}

/// A command of the page and what it prints; `…` in a line stands for anything.
private struct Example {
    var command: String
    var expected: [String] = []

    /// The examples in the code blocks of a page.
    static func all(in page: String) -> [Example] {
        var (examples, isCode) = ([Example](), false)
        for line in page.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("```") {
                isCode.toggle()
            } else if isCode, line.hasPrefix("$ ") {
                examples.append(Example(command: String(line.dropFirst(2))))
            } else if isCode, !examples.isEmpty {
                examples[examples.count - 1].expected.append(String(line))
            }
        }
        return examples
    }

    /// Words, split as a shell would: blanks part, single quotes hold together.
    var arguments: [String] {
        var words: [String] = []
        for (number, piece) in command.split(separator: "'", omittingEmptySubsequences: false)
            .enumerated()
        {
            if number % 2 == 1 {
                words.append(String(piece))
            } else {
                words += piece.split(separator: " ").map(String.init)
            }
        }
        return Array(words.dropFirst())
    }

    /// A line that is nothing but `…` stands for any number of lines.
    func matches(_ text: String) -> Bool {
        let lines = text.split(separator: "\n").map(String.init)
        return Self.lines(lines[...], match: expected.filter { !$0.isEmpty }[...])
    }

    private static func lines(
        _ lines: ArraySlice<String>, match patterns: ArraySlice<String>
    ) -> Bool {
        guard let pattern = patterns.first else { return lines.isEmpty }
        if pattern == "…" {
            return (lines.startIndex...lines.endIndex).contains {
                Self.lines(lines[$0...], match: patterns.dropFirst())
            }
        }
        guard let line = lines.first, Self.line(line, matches: pattern) else { return false }
        return Self.lines(lines.dropFirst(), match: patterns.dropFirst())
    }

    private static func line(_ line: String, matches pattern: String) -> Bool {
        let parts = pattern.split(separator: "…", omittingEmptySubsequences: false)
        guard parts.count > 1 else { return line == pattern }
        var rest = line[...]
        guard rest.hasPrefix(parts[0]), rest.hasSuffix(parts[parts.count - 1]) else { return false }
        for part in parts where !part.isEmpty {
            guard let range = rest.firstRange(of: part) else { return false }
            rest = rest[range.upperBound...]
        }
        return true
    }
}
