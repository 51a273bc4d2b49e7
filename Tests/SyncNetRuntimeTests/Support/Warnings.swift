import Logging
import Synchronization

/// The warnings, and worse, that were logged.
final class Warnings: Sendable {
    private let kept = Mutex<[String]>([])

    var list: [String] { kept.withLock { $0 } }

    func logger() -> Logger { Logger(label: "warnings") { _ in Handler(warnings: self) } }

    private func keep(_ text: String) { kept.withLock { $0.append(text) } }

    private struct Handler: LogHandler {
        var warnings: Warnings
        var logLevel = Logger.Level.warning
        var metadata = Logger.Metadata()

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) { warnings.keep("\(event.message)") }
    }
}
