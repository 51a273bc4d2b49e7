import GRDB
import StateMachine
import SyncNetProtocol

/// A run of applied entries that is closed: one sum stands for all of them.
///
/// A start that had to add up every entry would get slower with the history. So the sum of
/// the rows has one number for each closed segment, and the entries themselves can be verified
/// later, but before anybody is given one of them.
struct Segment: Equatable {
    /// How many entries a segment has, unless an option says otherwise: verifying that many
    /// takes a few milliseconds, which a commit may have to wait.
    static let usualCount = 4_096

    /// The entry before its first one.
    var before: LogIndex
    /// Its last entry.
    var through: LogIndex
    /// The sum of the checksums of its entries.
    var sum: UInt64

    /// What is stored beside it.
    var checksum: UInt64 {
        StoredRow.checksum(.segment, [], [before.number, through.number, sum])
    }

    func contains(_ index: LogIndex) -> Bool { index > before && index <= through }
}

extension EpochRun {
    /// What is stored beside it.
    var checksum: UInt64 { StoredRow.checksum(.run, [], [first.number, epoch.number]) }
}

extension AppliedIndex {
    /// Closes as many segments as there are entries for. One entry at least stays open: it tells
    /// where the log ends.
    mutating func closeSegments(of count: Int) -> [Segment] {
        precondition(count > 1, "segments of \(count) entries")
        var result: [Segment] = []
        var rest = open[...]
        while rest.count > count {
            let sum = rest.prefix(count).reduce(0, &+)
            rest = rest.dropFirst(count)
            let segment = Segment(
                before: sealed, through: LogIndex(sealed.number + UInt64(count)), sum: sum)
            sealed = segment.through
            self.sum = self.sum &- sum &+ segment.checksum
            result.append(segment)
        }
        if !result.isEmpty { open = Array(rest) }
        return result
    }
}

extension ServerStore {
    /// The entries that are applied now are never cut: they count, and where their epochs
    /// begin is written down.
    func settle(_ count: Int, after applied: LogIndex, in db: Database) throws {
        for (place, entry) in index.tail.prefix(count).enumerated() {
            index.sum &+= entry.sum
            index.open.append(entry.sum)
            guard entry.epoch != index.epoch else { continue }
            index.epoch = entry.epoch
            let run = EpochRun(
                first: LogIndex(applied.number + UInt64(place) + 1), epoch: entry.epoch)
            try statements.get(.runInsert, on: db).insert(run)
            index.sum &+= run.checksum
        }
        index.tail.removeFirst(count)
        for segment in index.closeSegments(of: options.segmentEntries) {
            try statements.get(.segmentInsert, on: db).insert(segment)
        }
    }
}

extension PreparedStatement {
    func insert(_ segment: Segment) throws(SQLiteFailure) {
        bind(1, segment.through.number)
        bind(2, segment.sum)
        bind(3, segment.checksum)
        try run()
    }

    func insert(_ run: EpochRun) throws(SQLiteFailure) {
        bind(1, run.first.number)
        bind(2, run.epoch.number)
        bind(3, run.checksum)
        try self.run()
    }
}
