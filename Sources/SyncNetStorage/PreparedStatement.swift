import GRDB
import GRDBSQLite
import StateMachine
import SyncNetProtocol

/// A statement of GRDB, bound and stepped without a detour over its value types.
struct PreparedStatement {
    private let owner: Statement
    private let raw: OpaquePointer

    init(_ statement: Statement) {
        owner = statement
        raw = statement.sqliteStatement
    }

    /// The code that tells SQLite to take a copy.
    private static var copied: sqlite3_destructor_type {
        unsafeBitCast(-1, to: sqlite3_destructor_type.self)
    }

    func bind(_ column: Int32, _ value: UInt64) {
        sqlite3_bind_int64(raw, column, Int64(bitPattern: value))
    }

    /// Binds an index of the log that somebody asks for: SQLite's numbers end at 2^63 - 1.
    func bind(_ column: Int32, upTo index: LogIndex) {
        sqlite3_bind_int64(raw, column, Int64(clamping: index.number))
    }

    func bindNull(_ column: Int32) { sqlite3_bind_null(raw, column) }

    func bind(_ column: Int32, _ bytes: [UInt8]) {
        bytes.withUnsafeBytes { buffer in
            _ =
                buffer.isEmpty
                ? sqlite3_bind_zeroblob(raw, column, 0)
                : sqlite3_bind_blob(
                    raw, column, buffer.baseAddress, Int32(buffer.count), Self.copied)
        }
    }

    /// Binds without a copy: the bytes must live until ``run()`` returns.
    func bindBorrowed(_ column: Int32, _ buffer: UnsafeRawBufferPointer) {
        sqlite3_bind_blob(raw, column, buffer.baseAddress, Int32(buffer.count), nil)
    }

    /// Runs a statement that gives no rows.
    func run() throws(SQLiteFailure) {
        let code = sqlite3_step(raw)
        let reset = sqlite3_reset(raw)
        guard code == SQLITE_DONE || code == SQLITE_ROW else {
            throw SQLiteFailure(reset == SQLITE_OK ? code : reset)
        }
    }

    /// Calls `body` for each row until it answers false.
    func rows(_ body: (borrowing Row) throws -> Bool) throws {
        defer { sqlite3_reset(raw) }
        while true {
            switch sqlite3_step(raw) {
            case SQLITE_ROW: guard try body(Row(raw: raw)) else { return }
            case SQLITE_DONE: return
            case let code: throw SQLiteFailure(code)
            }
        }
    }

    /// A row while it is being read.
    struct Row: ~Copyable {
        fileprivate let raw: OpaquePointer

        func word(_ column: Int32) -> UInt64 {
            UInt64(bitPattern: sqlite3_column_int64(raw, column))
        }

        func isNull(_ column: Int32) -> Bool {
            sqlite3_column_type(raw, column) == SQLITE_NULL
        }

        func bytes(_ column: Int32) -> [UInt8] { withBytes(column) { Array($0) } }

        func withBytes<T, E: Error>(
            _ column: Int32, _ body: (UnsafeRawBufferPointer) throws(E) -> T
        ) throws(E) -> T {
            let start = sqlite3_column_blob(raw, column)
            let count = Int(sqlite3_column_bytes(raw, column))
            return try body(UnsafeRawBufferPointer(start: start, count: count))
        }
    }
}
