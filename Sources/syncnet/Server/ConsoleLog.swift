import Foundation
import Logging

/// Log lines for people: time, level where it is no everyday one, and a sentence.
struct ConsoleLog: LogHandler {
    var logLevel = Logger.Level.info
    var metadata = Logger.Metadata()
    private let isColourful: Bool

    init(level: Logger.Level) {
        logLevel = level
        isColourful = isatty(2) == 1 && ProcessInfo.processInfo.environment["NO_COLOR"] == nil
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let facts = metadata.merging(event.metadata ?? [:]) { $1 }
            .sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }.joined()
        let text = Terminal.harmless("\(event.message)\(facts)")
        Terminal.printError("\(Self.time())  \(word(for: event.level))\(text)")
    }

    private func word(for level: Logger.Level) -> String {
        switch level {
        case .info, .notice: ""
        case .trace, .debug: Colour.grey.paint("\(level): ", if: isColourful)
        case .warning: Colour.yellow.paint("\(level): ", if: isColourful)
        case .error, .critical: Colour.red.paint("\(level): ", if: isColourful)
        }
    }

    /// The time of day in milliseconds: the date is the file's business.
    private static func time() -> String {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        var fields = tm()
        localtime_r(&now.tv_sec, &fields)
        return [fields.tm_hour, fields.tm_min, fields.tm_sec].map { padded(Int($0), to: 2) }
            .joined(separator: ":") + "." + padded(now.tv_nsec / 1_000_000, to: 3)
    }

    private static func padded(_ number: Int, to width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: width - digits.count) + digits
    }
}
