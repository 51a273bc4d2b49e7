import Foundation
import StateMachine
import SyncNetProtocol
import SyncNetSimulation
import SyncNetWire

/// Records of servers, and what comes of feeding them to the machine.
struct RecordSet {
    /// What came of all of them.
    struct Total: Equatable {
        var records = 0
        var events: UInt64 = 0
        var nanoseconds: UInt64 = 0
        /// How many records differ.
        var differences = 0
        /// How many files could not be read as records.
        var unreadable = 0

        /// Whether there were events, and all of them led to the same effects.
        var isGood: Bool { events > 0 && differences == 0 && unreadable == 0 }

        /// One line.
        var line: String {
            let seconds = String(format: "%.1f s", Double(nanoseconds) / 1_000_000_000)
            let found =
                differences == 0
                ? (events == 0 ? "nothing to compare" : "no difference")
                : "\(differences) \(differences == 1 ? "record differs" : "records differ")"
            return
                "\(records) \(records == 1 ? "record" : "records"), \(events) events in \(seconds)"
                + ": \(found)" + (unreadable == 0 ? "" : "; \(unreadable) unreadable")
        }
    }

    /// The files, in the order in which they are read.
    let files: [String]

    /// The records at paths: each is a file, or a directory of files that end in `.record`.
    init(at paths: [String]) throws {
        files = try paths.flatMap { path in
            var isDirectory: ObjCBool = false
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
                throw Failure("there is no \(path)")
            }
            guard isDirectory.boolValue else { return [path] }
            let names = try FileManager.default.contentsOfDirectory(atPath: path)
                .filter { $0.hasSuffix(".record") }.sorted()
            guard !names.isEmpty else {
                throw Failure("there is no record in \(path): no file ends in .record")
            }
            return names.map { "\(path)/\($0)" }
        }
    }

    /// How many bytes they take.
    var bytes: UInt64 {
        files.reduce(0) { sum, file in
            let facts = try? FileManager.default.attributesOfItem(atPath: file)
            return sum + (facts?[.size] as? UInt64 ?? 0)
        }
    }

    /// Feeds all of them to the machine, and tells of each on a line; what is told of a file
    /// that is no record goes to `complain`.
    func conform(tell: (String) -> Void, complain: (String) -> Void) -> Total {
        var total = Total()
        for file in files {
            let name = URL(fileURLWithPath: file).lastPathComponent
            do {
                let report = try ConformReport.of(file) { Server($0) }
                tell("\(name): \(report.line)")
                report.difference?.lines.forEach { tell("  " + Terminal.harmless($0)) }
                total.records += 1
                total.events += report.events
                total.nanoseconds += report.span.nanoseconds
                if report.difference != nil { total.differences += 1 }
            } catch {
                let isRead = error is RecordReader.Problem
                complain(
                    isRead ? "\(name) \(error)" : "\(name): \(error.localizedDescription)")
                total.unreadable += 1
            }
        }
        return total
    }
}
