import SyncNetProtocol

/// What a store remembers of the rows that it has written, to know them again.
///
/// Each row has a checksum, but a row of yesterday has a right one too. So the row of facts
/// carries the sum of the checksums of all rows that are there: a page that a disk lost, or
/// put elsewhere, makes it wrong. Changed only together with the database; after a failure
/// neither is used any more.
struct AppliedIndex {
    /// The latest message of each room.
    var latest: [[UInt8]: LogIndex] = [:]
    /// The checksum of each session's row.
    var sessions: [[UInt8]: UInt64] = [:]
    /// The checksum of each account's row.
    var accounts: [[UInt8]: UInt64] = [:]
    /// The checksum of the formation's row, zero for none.
    var formation: UInt64 = 0
    /// The checksums of the entries that are not applied, first to last.
    var tail: [UInt64] = []
    /// The sum over all rows, but for the facts and the entries that are not applied.
    var sum: UInt64 = 0

    /// The entries that are applied now count in the sum: they are never cut.
    mutating func apply(_ count: Int) {
        for entry in tail.prefix(count) { sum &+= entry }
        tail.removeFirst(count)
    }
}
