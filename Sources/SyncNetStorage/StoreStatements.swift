import GRDB

/// The statements of the hot path; each is prepared when it is first needed.
final class StoreStatements {
    enum Name: Int, CaseIterable {
        case begin, commit, rollback
        case entryInsert, entryCut, entryAt, entriesFrom
        case factsUpdate, formationReplace
        case roomUpsert, memberInsert, memberDelete, postInsert, sessionUpsert
        case sessionDelete, admittedInsert, restrictedInsert
        case accountUpsert, accountDelete, postsAfter, postsBefore, postAt
        case runInsert, segmentInsert, segmentEntries, postChain
    }

    private var prepared: [PreparedStatement?]

    init() { prepared = Array(repeating: nil, count: Name.allCases.count) }

    func get(_ name: Name, on db: Database) throws -> PreparedStatement {
        if let statement = prepared[name.rawValue] { return statement }
        let statement = PreparedStatement(try db.makeStatement(sql: Self.sql(name)))
        prepared[name.rawValue] = statement
        return statement
    }

    /// Finalizes all of them: a connection can't close before.
    func removeAll() { prepared = Array(repeating: nil, count: Name.allCases.count) }

    static func sql(_ name: Name) -> String {
        switch name {
        case .begin: "BEGIN IMMEDIATE"
        case .commit: "COMMIT"
        case .rollback: "ROLLBACK"
        case .entryInsert: "INSERT INTO log VALUES (?, ?, ?, ?, ?)"
        case .entryCut: "DELETE FROM log WHERE idx >= ?"
        case .entryAt: "SELECT idx, epoch, stamp, payload, checksum FROM log WHERE idx = ?"
        case .entriesFrom:
            "SELECT idx, epoch, stamp, payload, checksum FROM log WHERE idx >= ? ORDER BY idx"
        case .factsUpdate: FactsRow.update
        case .formationReplace: "INSERT OR REPLACE INTO formation VALUES (1, ?, ?)"
        case .roomUpsert: "INSERT OR REPLACE INTO rooms VALUES (?, ?, ?)"
        case .memberInsert: "INSERT OR IGNORE INTO members VALUES (?, ?, ?)"
        case .memberDelete: "DELETE FROM members WHERE room = ? AND member = ?"
        case .postInsert: "INSERT INTO posts VALUES (?, ?, ?, ?)"
        case .sessionUpsert: "INSERT OR REPLACE INTO sessions VALUES (?, ?, ?, ?, ?)"
        case .sessionDelete: "DELETE FROM sessions WHERE name = ?"
        case .admittedInsert: "INSERT INTO admitted (node, disk, checksum) VALUES (?, ?, ?)"
        case .accountUpsert: "INSERT OR REPLACE INTO accounts VALUES (?, ?, ?, ?)"
        case .accountDelete: "DELETE FROM accounts WHERE name = ?"
        case .restrictedInsert: "INSERT OR IGNORE INTO restricted VALUES (?, ?)"
        case .runInsert: "INSERT INTO runs VALUES (?, ?, ?)"
        case .segmentInsert: "INSERT INTO segments VALUES (?, ?, ?)"
        case .segmentEntries:
            "SELECT idx, epoch, stamp, payload, checksum FROM log WHERE idx > ? AND idx <= ? "
                + "ORDER BY idx"
        case .postChain:
            "SELECT idx, previous, checksum FROM posts WHERE room = ? AND idx > ? ORDER BY idx"
        case .postAt: "SELECT previous, checksum FROM posts WHERE room = ? AND idx = ?"
        case .postsAfter: Self.page("p.idx > ? ORDER BY p.idx")
        case .postsBefore: Self.page("p.idx < ? ORDER BY p.idx DESC")
        }
    }

    private static func page(_ range: String) -> String {
        "SELECT l.idx, l.epoch, l.stamp, l.payload, l.checksum, p.idx, p.previous, p.checksum "
            + "FROM posts p LEFT JOIN log l ON l.idx = p.idx WHERE p.room = ? AND \(range)"
    }
}
