import GRDB
import SyncNetProtocol

/// An index of all words that were said, in a file of its own beside the database.
///
/// Acknowledging a message never waits for it: it is brought up to date in bounded steps when
/// somebody searches. Nothing in it is more than a copy, so whatever is wrong with it, it is
/// made anew; what it finds is read from the log.
final class SearchIndex {
    /// So many entries of the log are indexed in one step, between which commits get their turn.
    static let stepEntries = 1_000
    /// Changes whenever the tables do, or what is written into them. 2: signs that are words.
    private static let version: UInt64 = 2

    private let queue: DatabaseQueue
    /// Up to here the log is indexed.
    private(set) var through: LogIndex
    /// Whether all that is in it was added by this object.
    let beganEmpty: Bool
    /// The last message in it of each room that was asked for or added to.
    private var latest: [[UInt8]: LogIndex] = [:]

    /// Opens the index of a disk's log, made anew where it is another's, or goes further.
    /// - Parameter path: The file; nil for one that lives in memory only.
    init(at path: String?, disk: DiskID, applied: LogIndex) throws {
        var configuration = Configuration()
        configuration.foreignKeysEnabled = false
        queue =
            try path.map { try DatabaseQueue(path: $0, configuration: configuration) }
            ?? DatabaseQueue(configuration: configuration)
        let found = try queue.inDatabase { db in
            if path != nil {
                // What a loss of power takes is indexed again; half a step it leaves to nobody.
                try db.execute(sql: "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL")
            }
            return try SearchIndex.prepare(db, disk: disk, applied: applied)
        }
        through = found
        beganEmpty = found == .zero
    }

    private static func prepare(
        _ db: Database, disk: DiskID, applied: LogIndex
    ) throws -> LogIndex {
        try db.execute(
            sql: """
                CREATE TABLE IF NOT EXISTS extent (version INTEGER NOT NULL,
                    disk INTEGER NOT NULL, through INTEGER NOT NULL);
                CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5(text, room, content = '',
                    tokenize = 'unicode61 remove_diacritics 2');
                """)
        let row = try Row.fetchOne(db, sql: "SELECT version, disk, through FROM extent")
        let found = row.map { row in
            (0..<3).map { UInt64(bitPattern: row[$0] as Int64) }
        }
        if let found, found[0] == version, found[1] == disk.number, found[2] <= applied.number {
            return LogIndex(found[2])
        }
        try db.execute(
            sql: """
                DELETE FROM extent;
                INSERT INTO words(words) VALUES('delete-all');
                INSERT INTO extent VALUES (?, ?, 0);
                """, arguments: [Int64(version), Int64(bitPattern: disk.number)])
        return .zero
    }

    /// Adds messages, and takes note of how far the log is indexed by that.
    func add(_ messages: [RoomMessage], through: LogIndex) throws {
        try queue.inDatabase { db in
            try db.inTransaction {
                let insert = try db.cachedStatement(
                    sql: "INSERT INTO words(rowid, text, room) VALUES (?, ?, ?)")
                for message in messages {
                    try insert.execute(arguments: [
                        Int64(clamping: message.index.number),
                        SearchWords.parted(message.text.string),
                        Self.token(message.room),
                    ])
                }
                try db.execute(
                    sql: "UPDATE extent SET through = ?",
                    arguments: [Int64(clamping: through.number)])
                return .commit
            }
        }
        self.through = through
        for message in messages { latest[message.room.utf8] = message.index }
    }

    /// The last message of a room that is in it, zero for none.
    func latest(of room: Text) throws -> LogIndex {
        if let known = latest[room.utf8] { return known }
        let found = beganEmpty ? .zero : try storedLatest(of: room)
        latest[room.utf8] = found
        return found
    }

    private func storedLatest(of room: Text) throws -> LogIndex {
        let found = try queue.inDatabase { db in
            try Int64.fetchOne(
                db,
                sql: "SELECT rowid FROM words WHERE words MATCH ? ORDER BY rowid DESC LIMIT 1",
                arguments: ["{room} : \"\(Self.token(room))\""])
        }
        return found.map { LogIndex(UInt64($0)) } ?? .zero
    }

    /// The last `limit` messages before an index that have all of the words, in one of the
    /// rooms; falling.
    func find(
        _ words: SearchWords, in rooms: [Text], before index: LogIndex, limit: Int
    ) throws -> [LogIndex] {
        guard let text = words.expression, !rooms.isEmpty, limit > 0 else { return [] }
        let tokens = rooms.map { "\"\(Self.token($0))\"" }.joined(separator: " OR ")
        return try queue.inDatabase { db in
            try Int64.fetchAll(
                db,
                sql: """
                    SELECT rowid FROM words WHERE words MATCH ? AND rowid < ?
                    ORDER BY rowid DESC LIMIT ?
                    """,
                arguments: [
                    "{text} : (\(text)) AND {room} : (\(tokens))",
                    index == .zero ? Int64.max : Int64(clamping: index.number), limit,
                ]
            ).map { LogIndex(UInt64($0)) }
        }
    }

    func close() { try? queue.close() }

    /// A room's name as one word: names compare by bytes, words don't.
    private static func token(_ room: Text) -> String {
        room.utf8.reduce(into: "r") { token, byte in
            let digits = String(byte, radix: 16)
            token += digits.count == 1 ? "0" + digits : digits
        }
    }
}
