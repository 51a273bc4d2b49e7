import Foundation

/// What happened in one failover, from the servers' JSON logs of all marks.
struct TimeLine: Codable, Equatable {
    /// A moment, and what was seen first there.
    struct Step: Codable, Equatable {
        var name: String
        /// Since the signal, in milliseconds; nil where it was not seen.
        var afterMs: Double?
    }

    var steps: [Step]

    /// What is looked for, and how the mark of it begins.
    private static let marks = [
        ("a server noticed", "suspected("), ("a token was sent", "tokenSent("),
        ("a vote was issued", "voteIssued("), ("a leader was elected", "becameLeader("),
        ("it committed", "committed("),
    ]

    /// Looks for the first of each, one after the other.
    init(logs: [String], trial: FailoverTrial) {
        let lines = logs.flatMap { $0.split(separator: "\n").compactMap(LogLine.parse) }
            .map { (at: $0.seconds(after: trial.takenAt), message: $0.message) }
            .sorted { $0.at < $1.at }
        // Logs are exact to the millisecond, the signal's moment is exact to less.
        var from = -0.001
        steps = Self.marks.map { name, mark in
            let found = lines.first { $0.at >= from && $0.message.hasPrefix(mark) }
            from = found?.at ?? from
            return Step(name: name, afterMs: found.map { max(0, ($0.at * 1_000).rounded()) })
        }
        steps.append(Step(name: "a write was acknowledged", afterMs: trial.outageMs))
    }

    var lines: [String] {
        steps.map { step in
            let time = step.afterMs.map { ClusterRow.text($0, 0) } ?? "-"
            return String(repeating: " ", count: max(0, 8 - time.count))
                + "\(time) ms  \(step.name)"
        }
    }
}

/// A line of a server's JSON log.
struct LogLine: Equatable {
    /// Seconds since midnight, universal time.
    var at: Double
    var message: String

    static let day = 86_400.0

    private struct Record: Decodable {
        var time: String
        var message: String
    }

    /// Nil for what is no such line.
    static func parse(_ line: Substring) -> LogLine? {
        guard let record = try? JSONDecoder().decode(Record.self, from: Data(line.utf8)),
            let clock = record.time.split(separator: "T").last, clock.hasSuffix("Z")
        else { return nil }
        let parts = clock.dropLast().split(separator: ":").compactMap { Double($0) }
        guard parts.count == 3 else { return nil }
        return LogLine(
            at: parts[0] * 3_600 + parts[1] * 60 + parts[2], message: record.message)
    }

    /// How long after a moment, given in seconds since 1970, this was written: from half a day
    /// before it to half a day after it, so that midnight does no harm.
    func seconds(after moment: Double) -> Double {
        let difference = at - moment.truncatingRemainder(dividingBy: Self.day)
        return difference - (difference / Self.day).rounded() * Self.day
    }
}
