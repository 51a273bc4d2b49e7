import GRDB

/// The tables. Names, rooms and sessions are BLOBs: they compare by bytes.
enum Schema {
    /// 2: the row of facts has a sum of the other rows. 3: rooms may be private. 4: there
    /// are accounts. 5: the log has segments, and the index of the rooms is in no sum.
    static let version = 5
    /// "SyNt", so that `file` and other programs know whose database it is.
    static let application = 0x5379_4E74

    static let tables = """
        CREATE TABLE log (idx INTEGER PRIMARY KEY, epoch INTEGER NOT NULL,
            stamp INTEGER NOT NULL, payload BLOB NOT NULL, checksum INTEGER NOT NULL);
        CREATE TABLE facts (id INTEGER PRIMARY KEY, disk INTEGER NOT NULL,
            boot INTEGER NOT NULL, round INTEGER NOT NULL, vote INTEGER,
            ceiling INTEGER NOT NULL, applied INTEGER NOT NULL, recovering INTEGER NOT NULL,
            evidenced INTEGER NOT NULL, revision INTEGER NOT NULL, sum INTEGER NOT NULL,
            checksum INTEGER NOT NULL);
        CREATE TABLE formation (id INTEGER PRIMARY KEY, value BLOB NOT NULL,
            checksum INTEGER NOT NULL);
        CREATE TABLE rooms (name BLOB PRIMARY KEY, latest INTEGER NOT NULL,
            checksum INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE members (room BLOB NOT NULL, member BLOB NOT NULL,
            checksum INTEGER NOT NULL, PRIMARY KEY (room, member)) WITHOUT ROWID;
        CREATE TABLE posts (room BLOB NOT NULL, idx INTEGER NOT NULL,
            previous INTEGER NOT NULL, checksum INTEGER NOT NULL,
            PRIMARY KEY (room, idx)) WITHOUT ROWID;
        CREATE TABLE sessions (name BLOB PRIMARY KEY, last INTEGER NOT NULL,
            last_used INTEGER NOT NULL, outcomes BLOB NOT NULL, checksum INTEGER NOT NULL);
        CREATE TABLE admitted (place INTEGER PRIMARY KEY, node INTEGER NOT NULL,
            disk INTEGER NOT NULL, checksum INTEGER NOT NULL);
        """ + additions(since: 2)

    /// What a version did not have.
    static func additions(since version: Int) -> String {
        var tables = ""
        if version < 3 {
            tables += """
                CREATE TABLE restricted (room BLOB PRIMARY KEY, checksum INTEGER NOT NULL)
                    WITHOUT ROWID;
                """
        }
        if version < 4 {
            tables += """
                CREATE TABLE accounts (name BLOB PRIMARY KEY, verifier BLOB NOT NULL,
                    operator INTEGER NOT NULL, checksum INTEGER NOT NULL) WITHOUT ROWID;
                """
        }
        if version < 5 {
            tables += """
                CREATE TABLE segments (through INTEGER PRIMARY KEY, sum INTEGER NOT NULL,
                    checksum INTEGER NOT NULL);
                CREATE TABLE runs (first INTEGER PRIMARY KEY, epoch INTEGER NOT NULL,
                    checksum INTEGER NOT NULL);
                """
        }
        return tables
    }

    /// What turns version 1 into this one. The sum that the row of facts shall carry is not
    /// known before all rows are read; its column holds the former checksum until then.
    static let migration = """
        ALTER TABLE facts RENAME COLUMN checksum TO sum;
        ALTER TABLE facts ADD COLUMN checksum INTEGER NOT NULL DEFAULT 0;
        """

    /// What is in a file that SQLite could open. A version that nobody will ever have is not
    /// ours.
    enum Found: Equatable {
        case nothing, ours, older(Int), newer(Int), foreign
    }

    static func find(in db: Database) throws -> Found {
        let application = try Int.fetchOne(db, sql: "PRAGMA application_id") ?? 0
        guard application == self.application else {
            let tables = try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_master") ?? 0
            return application == 0 && tables == 0 ? .nothing : .foreign
        }
        let version = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
        if version == self.version { return .ours }
        if version > self.version { return version < 1_000 ? .newer(version) : .foreign }
        return version >= 1 ? .older(version) : .foreign
    }
}
