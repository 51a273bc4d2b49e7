import SyncNetProtocol

/// What a store remembers of the rows that it has written, to know them again.
///
/// Each row has a checksum, but a row of yesterday has a right one too. So the row of facts
/// carries the sum of the checksums of all rows that could be changed or cut: a page that a
/// disk lost, or put elsewhere, makes it wrong. Closed segments of the log count with one
/// number each; the index of the rooms' messages, whose rows only ever get more and name one
/// another, does not. Changed only together with the database; after a failure neither is used
/// any more.
struct AppliedIndex {
    /// An entry that may still be cut.
    struct TailEntry {
        var sum: UInt64
        var epoch: Epoch
    }

    /// The latest message of each room.
    var latest: [[UInt8]: LogIndex] = [:]
    /// The checksum of each session's row.
    var sessions: [[UInt8]: UInt64] = [:]
    /// The checksum of each account's row.
    var accounts: [[UInt8]: UInt64] = [:]
    /// The checksum of the formation's row, zero for none.
    var formation: UInt64 = 0
    /// The entries that are not applied, first to last.
    var tail: [TailEntry] = []
    /// The checksums of the entries that are applied and in no segment yet, first to last.
    var open: [UInt64] = []
    /// The last entry of the last segment.
    var sealed = LogIndex.zero
    /// The epoch of the last entry that is applied; nil where there is none.
    var epoch: Epoch?
    /// The sum.
    var sum: UInt64 = 0
}
