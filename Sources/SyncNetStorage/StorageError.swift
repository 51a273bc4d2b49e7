import GRDB
import GRDBSQLite
public import StateMachine

/// Why a store can't be opened or used, each as one sentence that says what to do.
public enum StorageError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The directory or a file in it can't be used, or is none of ours.
    case cannotOpen(String)
    /// What is there is not, or not all of, what this server once kept.
    case damaged(String)
    /// Another process holds it.
    case locked(String)
    /// No space is left.
    case full(String)
    /// Reading or writing failed, or the store was asked for something impossible.
    case broken(String)

    /// The sentence.
    public var description: String {
        switch self {
        case .cannotOpen(let text), .damaged(let text), .locked(let text), .full(let text),
            .broken(let text):
            text
        }
    }

    /// The same as a machine is told.
    public var failure: JournalFailure {
        switch self {
        case .full: .full
        case .damaged: .damaged
        case .cannotOpen, .locked, .broken: .broken
        }
    }
}

/// A result code of SQLite, on its way to becoming a sentence.
struct SQLiteFailure: Error {
    var code: Int32
    var message: String

    init(_ code: Int32, _ message: String? = nil) {
        self.code = code
        self.message = message ?? String(cString: sqlite3_errstr(code))
    }
}

extension StorageError {
    /// The sentence for whatever was thrown while working on a file.
    init(_ error: any Error, at files: StoreFiles) {
        switch error {
        case let error as StorageError: self = error
        case let error as SQLiteFailure: self.init(error, at: files)
        case let error as DatabaseError:
            let code = error.extendedResultCode.rawValue
            self.init(SQLiteFailure(code, error.message), at: files)
        default: self = .broken("\(files.database): \(error).")
        }
    }

    private init(_ failure: SQLiteFailure, at files: StoreFiles) {
        let file = files.database
        switch failure.code & 0xff {
        case SQLITE_NOTADB:
            self = .damaged(files.damage("it is not an SQLite database"))
        // Our statements fit our tables: where SQLite does not find a column, a table has changed.
        case SQLITE_CORRUPT, SQLITE_ERROR:
            self = .damaged(files.damage(failure.message))
        case SQLITE_FULL:
            self = .full("\(file): no space is left on the disk; make room and start again.")
        case SQLITE_BUSY, SQLITE_LOCKED:
            self = .locked("\(file) is held by another process; end that one and start again.")
        case SQLITE_READONLY, SQLITE_PERM, SQLITE_AUTH:
            self = .cannotOpen(
                "\(file) can't be written; give this user the right to write there.")
        case SQLITE_CANTOPEN:
            self = .cannotOpen(
                "\(file) can't be opened; see that the directory is there and that this user "
                    + "may read and write it.")
        default:
            self = .broken(
                "\(file): \(failure.message) (SQLite error \(failure.code)); "
                    + "look after the disk, then start again.")
        }
    }
}
