import Foundation
import StateMachine
import SyncNetSimulation

/// What is kept of a run that failed: data, logs, and its history as a person reads it.
struct Evidence {
    var report: TortureReport
    var events: [RecordedEvent]

    /// Puts all of it in a directory, which gets the data of the run.
    func keep(from place: RunPlace, in directory: String) throws {
        let files = FileManager.default
        try files.createDirectory(atPath: directory, withIntermediateDirectories: true)
        // File systems in memory can't be moved.
        for name in try files.contentsOfDirectory(atPath: place.directory) {
            try files.copyItem(
                atPath: "\(place.directory)/\(name)", toPath: "\(directory)/\(name)")
        }
        try write(history, to: "\(directory)/history.txt")
        try write(report.lines.joined(separator: "\n") + "\n", to: "\(directory)/summary.txt")
    }

    private func write(_ text: String, to path: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    }

    /// What was done, asked and told, in the order in which it happened.
    private var history: String {
        var remarks = report.remarks[...]
        var lines: [String] = []
        for event in events {
            while let remark = remarks.first, remark.at <= event.at {
                lines.append("== \(remark.text)")
                remarks.removeFirst()
            }
            lines.append(Terminal.harmless(event.description))
        }
        return (lines + remarks.map { "== \($0.text)" }).joined(separator: "\n") + "\n"
    }
}
