import GRDB
import GRDBSQLite

/// Copies the write-ahead log into the database when it has grown.
///
/// SQLite's own way of doing that swallows what goes wrong. A sync of the database that
/// failed would be tried again as if nothing had happened, though the pages that it was for
/// may be gone; so here its failure is the failure of the commit that set it off, and the
/// store ends.
enum Checkpoints {
    /// Lets commits of the connection do so after this many pages.
    static func install(on db: Database, pages: Int) {
        // The number itself travels as the context: there is nothing to keep alive.
        let context = UnsafeMutableRawPointer(bitPattern: max(pages, 1))
        sqlite3_wal_hook(
            db.sqliteConnection,
            { context, connection, name, pages in
                guard Int(pages) >= Int(bitPattern: context) else { return SQLITE_OK }
                let code = sqlite3_wal_checkpoint_v2(
                    connection, name, SQLITE_CHECKPOINT_PASSIVE, nil, nil)
                let isHeld = code & 0xff == SQLITE_BUSY || code & 0xff == SQLITE_LOCKED
                return isHeld ? SQLITE_OK : code
            }, context)
    }
}
