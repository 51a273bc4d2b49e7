import GRDB
import StateMachine
import SyncNetProtocol

/// Reads all that a start needs, and verifies every row that there is; or, of a long history,
/// what is behind its last segment, and tells what is left.
struct Loader {
    let db: Database
    let files: StoreFiles
    let bugs: PlantedBugs
    var index = AppliedIndex()
    /// What was not verified.
    var unverified = UnverifiedHistory()
    /// Whether a row was found wrong, or all of them right and not of one time.
    private(set) var findings = StorageFindings()
    /// Of which version of the schema the database is. The row of facts of the first one has
    /// no sum; before the fifth there were no segments.
    let version: Int
    /// Whether closed segments are left for later.
    let isBrief: Bool
    /// What the index of the rooms' messages adds to the sum of a former version.
    var formerPosts: UInt64 = 0

    init(
        db: Database, files: StoreFiles, bugs: PlantedBugs, version: Int = Schema.version,
        isBrief: Bool = false
    ) {
        self.db = db
        self.files = files
        self.bugs = bugs
        self.version = version
        self.isBrief = isBrief
    }

    private var isOfVersion1: Bool { version == 1 }

    mutating func damage(_ what: String) -> StorageError {
        findings.insert(.wrongRow)
        return .damaged(files.damage(what))
    }

    /// Rows that are right, each by itself.
    mutating func mixed(_ what: String) -> StorageError {
        findings.insert(.mixedTimes)
        return .damaged(files.damage("rows of \(what) are missing, or they are not of one time"))
    }

    static func rows(
        _ sql: String, in db: Database,
        _ body: (borrowing PreparedStatement.Row) throws -> Void
    ) throws {
        try PreparedStatement(try db.makeStatement(sql: sql)).rows { row in
            try body(row)
            return true
        }
    }

    /// Verifies a row's checksum, and adds it to the sum.
    mutating func verify(
        _ sum: UInt64, _ row: borrowing PreparedStatement.Row, _ column: Int32, _ table: String
    ) throws {
        let stored = row.word(column)
        guard sum == stored || bugs.contains(.s6ChecksumsIgnored) else {
            throw damage("a row of its table \(table) has a wrong checksum")
        }
        index.sum &+= stored
    }

    mutating func facts() throws -> FactsRow {
        var result: FactsRow?
        try Self.rows("SELECT \(FactsRow.columns) FROM facts WHERE id = 1", in: db) { row in
            result = FactsRow(row, trusting: isOfVersion1 || bugs.contains(.s6ChecksumsIgnored))
            if isOfVersion1, result?.isWhole(asOfVersion1: row.word(9)) != true { result = nil }
            if result == nil { throw damage("its table facts has a wrong checksum") }
        }
        guard let result else { throw damage("its table facts is empty") }
        return result
    }

    mutating func state(_ facts: FactsRow) throws -> RecoveredState {
        var result = RecoveredState(Recovered(disk: facts.disk, boot: facts.boot))
        result.value.ballot = facts.ballot
        result.value.ceiling = facts.ceiling
        result.value.isRecovering = facts.isRecovering
        result.value.applied = facts.applied
        result.value.formation = try formation()
        try log(into: &result)
        guard facts.applied <= result.end.index else {
            throw damage(
                "its log ends at entry \(result.end.index.number), but entry "
                    + "\(facts.applied.number) was applied")
        }
        result.value.rooms = try rooms()
        try restrict(&result.value.rooms)
        if isBrief {
            try recentPosts(result.value.rooms, applied: facts.applied)
        } else {
            try posts(result.value.rooms, applied: facts.applied)
        }
        result.value.sessions = try sessions()
        result.value.admitted = try admitted()
        result.value.accounts = try accounts()
        guard index.sum == facts.sum || isOfVersion1 || bugs.contains(.s6ChecksumsIgnored) else {
            throw mixed("its tables")
        }
        index.sum &-= formerPosts
        return result
    }

    private mutating func formation() throws -> Formation? {
        var result: Formation?
        try Self.rows("SELECT value, checksum FROM formation", in: db) { row in
            let bytes = row.bytes(0)
            try verify(StoredRow.checksum(.formation, [bytes], []), row, 1, "formation")
            index.formation = row.word(1)
            result = try? FactsCodec.formation(bytes)
            if result == nil { throw damage("its table formation can't be understood") }
        }
        return result
    }

    private mutating func rooms() throws -> [RoomRecord] {
        var result: [RoomRecord] = []
        try Self.rows("SELECT name, latest, checksum FROM rooms ORDER BY name", in: db) { row in
            let name = row.bytes(0)
            let latest = row.word(1)
            try verify(StoredRow.checksum(.room, [name], [latest]), row, 2, "rooms")
            index.latest[name] = LogIndex(latest)
            result.append(
                RoomRecord(name: Text(utf8: name), latest: LogIndex(latest), members: []))
        }
        var place = 0
        try Self.rows("SELECT room, member, checksum FROM members ORDER BY room, member", in: db) {
            row in
            let room = row.bytes(0)
            let member = row.bytes(1)
            try verify(StoredRow.checksum(.member, [room, member], []), row, 2, "members")
            while place < result.count, result[place].name.utf8 != room { place += 1 }
            guard place < result.count else { throw damage("a room with members is missing") }
            result[place].members.append(Text(utf8: member))
        }
        return result
    }

    /// Tells which rooms only their members read.
    private mutating func restrict(_ rooms: inout [RoomRecord]) throws {
        var place = 0
        try Self.rows("SELECT room, checksum FROM restricted ORDER BY room", in: db) { row in
            let name = row.bytes(0)
            try verify(StoredRow.checksum(.restricted, [name], []), row, 1, "restricted")
            while place < rooms.count, rooms[place].name.utf8 != name { place += 1 }
            guard place < rooms.count else { throw damage("a private room is missing") }
            rooms[place].isPrivate = true
        }
    }

    private mutating func sessions() throws -> [SessionRecord] {
        var result: [SessionRecord] = []
        let sql = """
            SELECT name, last, last_used, outcomes, checksum FROM sessions
            ORDER BY last_used, name
            """
        try Self.rows(sql, in: db) { row in
            let name = row.bytes(0)
            let outcomes = row.bytes(3)
            let words = [row.word(1), row.word(2)]
            try verify(
                StoredRow.checksum(.session, [name, outcomes], words), row, 4, "sessions")
            guard let decoded = try? FactsCodec.outcomes(outcomes),
                index.sessions.updateValue(row.word(4), forKey: name) == nil
            else {
                throw damage("its table sessions can't be understood")
            }
            result.append(
                SessionRecord(
                    name: Text(utf8: name), last: words[0], lastUsed: LogIndex(words[1]),
                    outcomes: decoded))
        }
        return result
    }

    private mutating func accounts() throws -> [Account] {
        var result: [Account] = []
        let sql = "SELECT name, verifier, operator, checksum FROM accounts ORDER BY name"
        try Self.rows(sql, in: db) { row in
            let account = Account(
                name: Text(utf8: row.bytes(0)), verifier: Text(utf8: row.bytes(1)),
                isOperator: row.word(2) != 0)
            try verify(StoredRow.checksum(account), row, 3, "accounts")
            index.accounts[account.name.utf8] = row.word(3)
            result.append(account)
        }
        return result
    }

    private mutating func admitted() throws -> [MemberDisk] {
        var result: [MemberDisk] = []
        try Self.rows("SELECT node, disk, checksum FROM admitted ORDER BY place", in: db) { row in
            let words = [row.word(0), row.word(1)]
            try verify(StoredRow.checksum(.admitted, [], words), row, 2, "admitted")
            let node = NodeID(UInt32(truncatingIfNeeded: words[0]))
            result.append(MemberDisk(node: node, disk: DiskID(words[1])))
        }
        return result
    }
}
