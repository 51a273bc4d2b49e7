import GRDB
import StateMachine
import SyncNetProtocol

/// What a start has left to be verified while the server works.
struct UnverifiedHistory: Equatable {
    /// The messages of a room up to one of them.
    struct Room: Equatable {
        var name: Text
        /// The last one that was verified.
        var verified = LogIndex.zero
        var through: LogIndex
    }

    /// How far the verification of the last segment has come.
    struct Progress: Equatable {
        var end: LogIndex
        var sum: UInt64 = 0
    }

    /// Closed segments of the log, oldest first.
    var segments: [Segment] = []
    var progress: Progress?
    var rooms: [Room] = []
    /// Whether nobody has looked at the structure of the file.
    var structure = false

    var isEmpty: Bool { segments.isEmpty && rooms.isEmpty }
}

/// The history: the log and the index of the rooms' messages.
extension Loader {
    private static let gap = "a message of one of its rooms is missing"

    mutating func log(into result: inout RecoveredState) throws {
        let segments = try segments()
        let runs = try runs()
        index.sealed = segments.last?.through ?? .zero
        if isBrief { begin(&result, behind: segments, runs) }
        var reading = SegmentReading(segments: isBrief ? [] : segments)
        let sql = """
            SELECT idx, epoch, stamp, payload, checksum FROM log WHERE idx > ? ORDER BY idx
            """
        let statement = PreparedStatement(try db.makeStatement(sql: sql))
        statement.bind(1, result.end.index.number)
        try statement.rows { row in
            let header = try follow(&result, row)
            if header.index > result.value.applied {
                result.value.tail.append(try StoredRow.entry(row, in: files, bugs: bugs))
                index.tail.append(.init(sum: header.checksum, epoch: header.epoch))
            } else if header.index > index.sealed {
                index.sum &+= header.checksum
                index.open.append(header.checksum)
            } else if reading.add(header) == false, !bugs.contains(.s6ChecksumsIgnored) {
                throw mixed("its log up to entry \(header.index.number)")
            }
            return true
        }
        result.value.last = result.end.index
        try compare(runs, &result)
    }

    /// What the closed segments say of the entries in them.
    private mutating func begin(
        _ result: inout RecoveredState, behind segments: [Segment], _ runs: [EpochRun]
    ) {
        unverified.segments = segments
        unverified.structure = true
        result.value.runs = runs.filter { $0.first <= index.sealed }
        result.end = LogEnd(epoch: result.value.runs.last?.epoch ?? .zero, index: index.sealed)
    }

    /// Takes the next row of the log.
    private mutating func follow(
        _ result: inout RecoveredState, _ row: borrowing PreparedStatement.Row
    ) throws -> StoredRow.Header {
        let header = try StoredRow.header(row, in: files, bugs: bugs)
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
        if header.index <= result.value.applied { index.epoch = header.epoch }
        return header
    }

    private mutating func segments() throws -> [Segment] {
        guard version >= 5 else { return [] }
        var result: [Segment] = []
        let sql = "SELECT through, sum, checksum FROM segments ORDER BY through"
        try Self.rows(sql, in: db) { row in
            let segment = Segment(
                before: result.last?.through ?? .zero, through: LogIndex(row.word(0)),
                sum: row.word(1))
            try verify(segment.checksum, row, 2, "segments")
            result.append(segment)
        }
        return result
    }

    private mutating func runs() throws -> [EpochRun] {
        guard version >= 5 else { return [] }
        var result: [EpochRun] = []
        let sql = "SELECT first, epoch, checksum FROM runs ORDER BY first"
        try Self.rows(sql, in: db) { row in
            let run = EpochRun(first: LogIndex(row.word(0)), epoch: Epoch(row.word(1)))
            try verify(run.checksum, row, 2, "runs")
            result.append(run)
        }
        return result
    }

    /// Demands that what was written of the applied epochs is what their entries say.
    private mutating func compare(_ stored: [EpochRun], _ result: inout RecoveredState) throws {
        let applied = result.value.runs.prefix { $0.first <= result.value.applied }
        guard version < 5 || stored.elementsEqual(applied) || bugs.contains(.s6ChecksumsIgnored)
        else {
            throw mixed("its epochs")
        }
    }

    /// Reads the index of all rooms' messages: nothing of it is needed, but a page that a
    /// disk has lost would be missed much later, by a reader of history.
    mutating func posts(_ rooms: [RoomRecord], applied: LogIndex) throws {
        var place = 0
        var previous = LogIndex.zero
        let sql = "SELECT room, idx, previous, checksum FROM posts ORDER BY room, idx"
        try Self.rows(sql, in: db) { row in
            let post = Post(
                room: Text(utf8: row.bytes(0)), index: LogIndex(row.word(1)),
                previous: LogIndex(row.word(2)))
            try verify(post, row, 3)
            while place < rooms.count, rooms[place].name != post.room {
                guard previous == rooms[place].latest else { throw damage(Self.gap) }
                previous = .zero
                place += 1
            }
            guard place < rooms.count, post.previous == previous, post.index <= applied else {
                throw damage(Self.gap)
            }
            previous = post.index
        }
        for room in rooms.dropFirst(place) {
            guard previous == room.latest else { throw damage(Self.gap) }
            previous = .zero
        }
    }

    /// Reads those behind the last segment, from what they say of the ones before.
    mutating func recentPosts(_ rooms: [RoomRecord], applied: LogIndex) throws {
        let sql = """
            SELECT idx, previous, checksum FROM posts WHERE room = ? AND idx > ? ORDER BY idx
            """
        let statement = PreparedStatement(try db.makeStatement(sql: sql))
        for room in rooms where room.latest > .zero {
            var first: LogIndex?
            var end: LogIndex?
            statement.bind(1, room.name.utf8)
            statement.bind(2, index.sealed.number)
            try statement.rows { row in
                let post = Post(
                    room: room.name, index: LogIndex(row.word(0)), previous: LogIndex(row.word(1)))
                try verify(post, row, 2)
                guard post.previous == end ?? post.previous else { throw damage(Self.gap) }
                first = first ?? post.previous
                end = post.index
                return true
            }
            let through = first ?? room.latest
            guard end ?? through == room.latest, through <= index.sealed else {
                throw damage(Self.gap)
            }
            guard through > .zero else { continue }
            unverified.rooms.append(.init(name: room.name, through: through))
        }
    }

    private mutating func verify(
        _ post: Post, _ row: borrowing PreparedStatement.Row, _ column: Int32
    ) throws {
        let sum = index.sum
        try verify(StoredRow.checksum(post), row, column, "posts")
        // Only former versions counted them.
        if version >= 5 { index.sum = sum } else { formerPosts &+= row.word(column) }
    }
}

/// Adds up entries, and compares at the end of each segment.
private struct SegmentReading {
    let segments: [Segment]
    private var place = 0
    private var sum: UInt64 = 0

    init(segments: [Segment]) { self.segments = segments }

    /// False where a segment ends with another sum than it has.
    mutating func add(_ header: StoredRow.Header) -> Bool {
        sum &+= header.checksum
        guard place < segments.count, segments[place].through == header.index else { return true }
        defer {
            sum = 0
            place += 1
        }
        return sum == segments[place].sum
    }
}
