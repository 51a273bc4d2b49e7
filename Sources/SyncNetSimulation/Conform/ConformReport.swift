import Foundation
package import StateMachine
package import SyncNetProtocol
package import SyncNetWire

/// What came of one record that was fed to the machine.
package struct ConformReport: Equatable, Sendable {
    /// How a record ends.
    package enum Ending: Equatable, Sendable {
        /// With the server's stop, or at the limit of its size.
        case ended(RecordEnd)
        /// Right behind an event: the server was killed.
        case cut
        /// Within an event: so many bytes are left of it.
        case torn(bytes: Int)
        /// It was not read to its end, since there is a difference.
        case unread
    }

    /// How many events were fed.
    package var events: UInt64 = 0
    /// From the first one to the last, by the server's clock.
    package var span = Interval.zero
    /// The first difference.
    package var difference: ConformDifference?
    /// How the record ends.
    package var ending = Ending.cut

    /// One line, but for the difference.
    package var line: String {
        let seconds = String(format: "%.1f s", Double(span.nanoseconds) / 1_000_000_000)
        let differs = difference.map { "differs at event \($0.step.number)" }
        return "\(events) events in \(seconds), \(differs ?? "no difference")\(ending.words)"
    }
}

extension ConformReport.Ending {
    /// Nothing where nothing is to be said.
    fileprivate var words: String {
        switch self {
        case .ended(.stopped), .unread: ""
        case .ended(.limit): "; recording stopped at its limit"
        case .cut: "; the server did not end it"
        case .torn(let bytes): "; torn: the last \(bytes) bytes are no whole event"
        }
    }
}

extension ConformReport {
    /// So much of a file is in memory at a time.
    private static let chunkBytes = 1 << 18

    /// Feeds the record in a file to the machine that `make` makes.
    /// - Throws: ``RecordReader/Problem``, or what the file system says.
    package static func of<Machine: StateMachine<SyncNet>>(
        _ path: String, making make: (ServerConfiguration) -> Machine
    ) throws -> ConformReport {
        let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
        defer { try? file.close() }
        var reader = RecordReader()
        var report = ConformReport()
        let first = try next(&reader, from: file)
        guard case .header(let header)? = first else {
            if case .torn(let bytes)? = first { report.ending = .torn(bytes: bytes) }
            return report
        }
        var conformance = Conformance(make(header.configuration))
        while report.difference == nil, let item = try next(&reader, from: file) {
            switch item {
            case .header: break
            case .end(let end): report.ending = .ended(end)
            case .torn(let bytes): report.ending = .torn(bytes: bytes)
            case .step(let step):
                guard step.event.isStart == (step.number == 1) else {
                    throw RecordReader.Problem.senseless(
                        after: step.number - 1, .invalid("start"))
                }
                report.difference = conformance.take(step)
            }
        }
        if report.difference != nil { report.ending = .unread }
        report.events = conformance.events
        report.span = conformance.span
        return report
    }

    private static func next(
        _ reader: inout RecordReader, from file: FileHandle
    ) throws -> RecordReader.Item? {
        var isAtEnd = false
        while true {
            if let item = try reader.next(isAtEnd: isAtEnd) { return item }
            if isAtEnd { return nil }
            let chunk = try file.read(upToCount: chunkBytes) ?? Data()
            isAtEnd = chunk.isEmpty
            chunk.withUnsafeBytes { reader.feed($0) }
        }
    }
}

extension Event where Words == SyncNet {
    fileprivate var isStart: Bool {
        if case .started = self { return true }
        return false
    }
}

extension RecordReader.Problem: CustomStringConvertible {
    /// One sentence for people.
    package var description: String {
        switch self {
        case .noRecord: "is no record"
        case .otherVersion(let version):
            "is a record of version \(version): only \(RecordFrame.version) is read here"
        case .otherMachine(let name):
            "is a record of the machine \"\(name.string)\", not of a server"
        case .damaged(let events): "is damaged behind event \(events)"
        case .senseless(let events, let error):
            "makes no sense behind event \(events): \(error)"
        }
    }
}
