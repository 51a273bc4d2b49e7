import Foundation

/// Where two traces of one seed go apart.
struct TraceDifference: Equatable {
    /// The number of the first line that differs, from 1 on.
    var line: UInt64
    /// The line before, which both have.
    var before: String?
    /// What the one has there; nil where it ends.
    var one: String?
    /// What the other has there; nil where it ends.
    var other: String?

    /// Compares two files, one line after the other; nil where they are equal.
    static func between(_ one: String, _ other: String) throws -> TraceDifference? {
        var (left, right) = (try LineFile(one), try LineFile(other))
        var difference = TraceDifference(line: 1)
        while true {
            (difference.one, difference.other) = (try left.next(), try right.next())
            if difference.one != difference.other { return difference }
            guard let line = difference.one else { return nil }
            difference.before = line
            difference.line += 1
        }
    }

    /// Lines for people.
    var text: String {
        var lines = ["the first event that differs is line \(line) of the trace"]
        if let before { lines.append("  both  \(before)") }
        lines.append("  once  \(one ?? "(the run ends)")")
        lines.append("  then  \(other ?? "(the run ends)")")
        return lines.joined(separator: "\n")
    }
}
