import GRDB
import GRDBSQLite

/// What a start can find in a directory beside what it looks for.
///
/// Rare but legal, or damage: a simulation counts how often each was met.
package enum StorageFinding: UInt8, CaseIterable, Sendable {
    /// A directory without anything.
    case emptyDirectory
    /// The database is gone, the evidence is not.
    case databaseMissing
    /// The very first start was cut short before it left evidence.
    case firstStartInterrupted
    /// A rollback journal, left where the making of the database was cut short.
    case rollbackJournal
    /// A write-ahead log with commits that the database doesn't have.
    case writeAheadLog
    /// Frames of an earlier use of the write-ahead log, behind its end.
    case formerFrames
    /// A transaction at the end of the write-ahead log that is not whole.
    case tornTail
    /// Evidence that claims less than the database holds.
    case evidenceBehind
    /// Evidence that claims more than the database holds.
    case evidenceAhead
    /// One half of the evidence that can't be read.
    case evidenceHalfUnreadable
    /// Both halves.
    case evidenceUnreadable
    /// Evidence that is not there, though the database says so.
    case evidenceMissing
    /// A row whose checksum is wrong, or a row too few or too many.
    case wrongRow
    /// Rows of different times, each right by itself.
    case mixedTimes
    /// Pages that SQLite can't understand.
    case malformedPages
    /// A history that is verified while the server works, since it is long.
    case historyLeft
    /// A disk without room.
    case full
    /// A disk that can't be read or written.
    case unreadable
    /// A disk that gave less than a file has.
    case shortRead

    /// Its name in words.
    package var words: String {
        switch self {
        case .emptyDirectory: "start in an empty directory"
        case .databaseMissing: "start without the database"
        case .firstStartInterrupted: "start after an interrupted first start"
        case .rollbackJournal: "start met a rollback journal"
        case .writeAheadLog: "start recovered a write-ahead log"
        case .formerFrames: "start met former frames of the write-ahead log"
        case .tornTail: "start met a torn transaction"
        case .evidenceBehind: "start met evidence that was behind"
        case .evidenceAhead: "start refused, evidence ahead of the database"
        case .evidenceHalfUnreadable: "start with half of the evidence"
        case .evidenceUnreadable: "start refused, evidence unreadable"
        case .evidenceMissing: "start refused, evidence missing"
        case .wrongRow: "start refused, wrong row"
        case .mixedTimes: "start refused, rows of different times"
        case .malformedPages: "start refused, malformed pages"
        case .historyLeft: "start left history to be verified later"
        case .full: "start refused, disk full"
        case .unreadable: "start refused, disk unreadable"
        case .shortRead: "start refused, short read"
        }
    }
}

/// What one start found.
package struct StorageFindings: Equatable, Sendable {
    private var bits: UInt32 = 0

    /// Nothing.
    package init() {}

    mutating func insert(_ finding: StorageFinding) { bits |= 1 << UInt32(finding.rawValue) }

    mutating func formUnion(_ other: StorageFindings) { bits |= other.bits }

    /// Takes from an error what there is to tell.
    mutating func insert(failed error: any Error) {
        let code: Int32
        switch error {
        case let error as SQLiteFailure: code = error.code
        case let error as DatabaseError: code = error.extendedResultCode.rawValue
        default: return
        }
        switch code & 0xff {
        case SQLITE_CORRUPT, SQLITE_NOTADB: insert(.malformedPages)
        case SQLITE_FULL: insert(.full)
        case SQLITE_IOERR: insert(code == VFSFile.shortRead ? .shortRead : .unreadable)
        default: break
        }
    }

    /// Whether it was found.
    package func contains(_ finding: StorageFinding) -> Bool {
        bits & 1 << UInt32(finding.rawValue) != 0
    }
}
