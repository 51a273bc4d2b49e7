import Foundation
import Logging

/// Log lines for programs: one JSON object on each.
struct JSONLog: LogHandler {
    var logLevel = Logger.Level.info
    var metadata = Logger.Metadata()
    private let label: String

    init(label: String, level: Logger.Level) {
        self.label = label
        logLevel = level
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let facts = metadata.merging(event.metadata ?? [:]) { $1 }
        Terminal.printError(
            Self.line(
                Record(
                    time: Self.time(), level: event.level.rawValue, label: label,
                    message: "\(event.message)", metadata: facts.mapValues { "\($0)" })))
    }

    /// What stands on a line. Metadata of any shape is text.
    private struct Record: Encodable {
        var time: String
        var level: String
        var label: String
        var message: String
        var metadata: [String: String]
    }

    private static func line(_ record: Record) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            return String(decoding: try encoder.encode(record), as: UTF8.self)
        } catch {
            preconditionFailure("texts are encodable: \(error)")
        }
    }

    /// Universal time as in ISO 8601, to the millisecond.
    private static func time() -> String {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        var fields = tm()
        gmtime_r(&now.tv_sec, &fields)
        let date = [Int(fields.tm_year) + 1_900, Int(fields.tm_mon) + 1, Int(fields.tm_mday)]
        let time = [fields.tm_hour, fields.tm_min, fields.tm_sec].map { padded(Int($0), to: 2) }
        return date.map { padded($0, to: 2) }.joined(separator: "-") + "T"
            + time.joined(separator: ":") + "." + padded(now.tv_nsec / 1_000_000, to: 3) + "Z"
    }

    private static func padded(_ number: Int, to width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}

/// How a server writes its log.
enum LogFormat: String, CaseIterable, Equatable, Sendable {
    /// For people.
    case text
    /// For programs: one JSON object on each line.
    case json

    /// What writes it.
    func handler(label: String, level: Logger.Level) -> any LogHandler {
        switch self {
        case .text: ConsoleLog(level: level)
        case .json: JSONLog(label: label, level: level)
        }
    }

    /// The format of that name.
    static func parse(_ name: String) throws -> LogFormat {
        guard let format = LogFormat(rawValue: name.lowercased()) else {
            let names = allCases.map(\.rawValue).joined(separator: ", ")
            throw Failure("there is no log format \"\(name)\", only \(names)")
        }
        return format
    }
}
