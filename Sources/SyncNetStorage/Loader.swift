import GRDB
import StateMachine
import SyncNetProtocol

/// Reads all that a start needs, and verifies every row of it.
struct Loader {
    let db: Database
    let files: StoreFiles

    private func damage(_ what: String) -> StorageError { .damaged(files.damage(what)) }

    private func rows(
        _ sql: String, _ body: (borrowing PreparedStatement.Row) throws -> Void
    ) throws {
        try PreparedStatement(try db.makeStatement(sql: sql)).rows { row in
            try body(row)
            return true
        }
    }

    private func verify(
        _ sum: UInt64, _ row: borrowing PreparedStatement.Row, _ column: Int32, _ table: String
    ) throws {
        guard sum == row.word(column) else {
            throw damage("a row of its table \(table) has a wrong checksum")
        }
    }

    func facts() throws -> FactsRow {
        var result: FactsRow?
        try rows("SELECT \(FactsRow.columns) FROM facts WHERE id = 1") { row in
            result = FactsRow(row)
            if result == nil { throw damage("its table facts has a wrong checksum") }
        }
        guard let result else { throw damage("its table facts is empty") }
        return result
    }

    func state(_ facts: FactsRow) throws -> RecoveredState {
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
        result.value.sessions = try sessions()
        result.value.admitted = try admitted()
        return result
    }

    private func formation() throws -> Formation? {
        var result: Formation?
        try rows("SELECT value, checksum FROM formation") { row in
            let bytes = row.bytes(0)
            try verify(StoredRow.checksum(.formation, [bytes], []), row, 1, "formation")
            result = try? FactsCodec.formation(bytes)
            if result == nil { throw damage("its table formation can't be understood") }
        }
        return result
    }

    private func log(into result: inout RecoveredState) throws {
        let sql = "SELECT idx, epoch, stamp, payload, checksum FROM log ORDER BY idx"
        try rows(sql) { row in
            let header = try StoredRow.header(row, in: files)
            guard header.index == result.end.index.next else {
                throw damage("entry \(result.end.index.next.number) of its log is missing")
            }
            guard header.epoch >= result.end.epoch, header.stamp > result.lastStamp else {
                throw damage("entry \(header.index.number) of its log is out of order")
            }
            if header.epoch != result.end.epoch || result.value.runs.isEmpty {
                result.value.runs.append(EpochRun(first: header.index, epoch: header.epoch))
            }
            result.end = LogEnd(epoch: header.epoch, index: header.index)
            result.lastStamp = header.stamp
            if header.index > result.value.applied {
                result.value.tail.append(try StoredRow.entry(row, in: files))
            }
        }
        result.value.last = result.end.index
    }

    private func rooms() throws -> [RoomRecord] {
        var result: [RoomRecord] = []
        try rows("SELECT name, latest, checksum FROM rooms ORDER BY name") { row in
            let name = row.bytes(0)
            let latest = row.word(1)
            try verify(StoredRow.checksum(.room, [name], [latest]), row, 2, "rooms")
            result.append(
                RoomRecord(name: Text(utf8: name), latest: LogIndex(latest), members: []))
        }
        var place = 0
        try rows("SELECT room, member, checksum FROM members ORDER BY room, member") { row in
            let room = row.bytes(0)
            let member = row.bytes(1)
            try verify(StoredRow.checksum(.member, [room, member], []), row, 2, "members")
            while place < result.count, result[place].name.utf8 != room { place += 1 }
            guard place < result.count else { throw damage("a room with members is missing") }
            result[place].members.append(Text(utf8: member))
        }
        return result
    }

    private func sessions() throws -> [SessionRecord] {
        var result: [SessionRecord] = []
        let sql = """
            SELECT name, last, last_used, outcomes, checksum FROM sessions
            ORDER BY last_used, name
            """
        try rows(sql) { row in
            let name = row.bytes(0)
            let outcomes = row.bytes(3)
            let words = [row.word(1), row.word(2)]
            try verify(
                StoredRow.checksum(.session, [name, outcomes], words), row, 4, "sessions")
            guard let decoded = try? FactsCodec.outcomes(outcomes) else {
                throw damage("its table sessions can't be understood")
            }
            result.append(
                SessionRecord(
                    name: Text(utf8: name), last: words[0], lastUsed: LogIndex(words[1]),
                    outcomes: decoded))
        }
        return result
    }

    private func admitted() throws -> [MemberDisk] {
        var result: [MemberDisk] = []
        try rows("SELECT node, disk, checksum FROM admitted ORDER BY place") { row in
            let words = [row.word(0), row.word(1)]
            try verify(StoredRow.checksum(.admitted, [], words), row, 2, "admitted")
            let node = NodeID(UInt32(truncatingIfNeeded: words[0]))
            result.append(MemberDisk(node: node, disk: DiskID(words[1])))
        }
        return result
    }
}
