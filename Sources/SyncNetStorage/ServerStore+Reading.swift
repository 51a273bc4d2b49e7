import GRDB
import StateMachine
import SyncNetProtocol
import SyncNetWire

extension ServerStore {
    func entries(
        from first: LogIndex, count: Int, bytes: Int, in db: Database
    ) throws -> [Entry] {
        guard count > 0 else { return [] }
        var result: [Entry] = []
        var taken = 0
        let statement = try statements.get(.entriesFrom, on: db)
        statement.bind(1, upTo: first)
        try statement.rows { row in
            let entry = try StoredRow.entry(row, in: files, bugs: options.bugs)
            let expected = result.last?.index.next ?? max(first, LogIndex(1))
            guard entry.index == expected else {
                throw missing(entry: expected)
            }
            try demandVerified(entry.index, in: db)
            result.append(entry)
            taken += row.withBytes(3) { $0.count }
            return result.count < count && taken < bytes
        }
        let next = result.last?.index.next ?? max(first, LogIndex(1))
        let isCutShort = result.count < count && (result.isEmpty || taken < bytes)
        if isCutShort, next <= state.end.index { throw missing(entry: next) }
        return result
    }

    func missing(entry: LogIndex) -> StorageError {
        .damaged(files.damage("entry \(entry.number) of its log is missing"))
    }

    func messages(
        of room: Text, after index: LogIndex, limit: Int, in db: Database
    ) throws -> JournalAnswer {
        let statement = try statements.get(.postsAfter, on: db)
        statement.bind(1, room.utf8)
        statement.bind(2, upTo: index)
        let (messages, more) = try page(statement, of: room, limit: limit, in: db)
        if let first = messages.first, first.previous > index { throw gap(in: room) }
        // Behind the last one there must be none, and before it none is missing.
        let end = messages.last?.index ?? min(index, latest(of: room))
        if !more, limit > 0, end != latest(of: room) { throw gap(in: room) }
        return .messages(messages, more: more)
    }

    func messages(
        of room: Text, before index: LogIndex, limit: Int, in db: Database
    ) throws -> JournalAnswer {
        let statement = try statements.get(.postsBefore, on: db)
        statement.bind(1, room.utf8)
        statement.bind(2, upTo: index == .zero ? LogIndex(.max) : index)
        let (messages, more) = try page(statement, of: room, limit: limit, in: db)
        if !more, let last = messages.last, last.previous != .zero { throw gap(in: room) }
        if limit > 0,
            try neighbour(before: index, of: room, in: db) != messages.first?.index ?? .zero
        {
            throw gap(in: room)
        }
        return .messages(messages.reversed(), more: more)
    }

    func latest(of room: Text) -> LogIndex { self.index.latest[room.utf8] ?? .zero }

    /// Which message must stand last before an index, zero for none: what the one at or after
    /// the index says, or what the room says where there is none.
    private func neighbour(
        before index: LogIndex, of room: Text, in db: Database
    ) throws -> LogIndex {
        let latest = latest(of: room)
        guard index > .zero, index <= latest else { return latest }
        let statement = try statements.get(.postsAfter, on: db)
        statement.bind(1, room.utf8)
        statement.bind(2, upTo: index.previous)
        var result: LogIndex?
        try statement.rows { row in
            let post = Post(
                room: room, index: LogIndex(row.word(5)), previous: LogIndex(row.word(6)))
            guard StoredRow.checksum(post) == row.word(7) else { throw gap(in: room) }
            result = post.previous
            return false
        }
        guard let result else { throw gap(in: room) }
        return result
    }

    func gap(in room: Text) -> StorageError {
        .damaged(files.damage("a message of room \(room.string) is missing"))
    }

    /// Up to `limit` messages in the statement's order, and whether there are more. Each names
    /// the one before it, so that none can be missing between two.
    private func page(
        _ statement: PreparedStatement, of room: Text, limit: Int, in db: Database
    ) throws -> ([RoomMessage], more: Bool) {
        var result: [RoomMessage] = []
        var more = false
        try statement.rows { row in
            guard result.count < limit else {
                more = true
                return false
            }
            let message = try message(row, of: room, in: db)
            if let neighbour = result.last {
                let isNext =
                    neighbour.index < message.index
                    ? message.previous == neighbour.index : neighbour.previous == message.index
                guard isNext else { throw gap(in: room) }
            }
            result.append(message)
            return true
        }
        return (result, more)
    }

    private func message(
        _ row: borrowing PreparedStatement.Row, of room: Text, in db: Database
    ) throws -> RoomMessage {
        let post = Post(
            room: room, index: LogIndex(row.word(5)), previous: LogIndex(row.word(6)))
        guard options.bugs.contains(.s6ChecksumsIgnored) || StoredRow.checksum(post) == row.word(7)
        else {
            throw StorageError.damaged(
                files.damage("the index of room \(room.string) has a wrong checksum"))
        }
        guard !row.isNull(0) else { throw missing(entry: post.index) }
        try demandVerified(post.index, in: db)
        let entry = try StoredRow.entry(row, in: files, bugs: options.bugs)
        guard case .command(let command) = entry.payload,
            case .chat(room, let text) = command.action
        else {
            throw StorageError.damaged(
                files.damage(
                    "entry \(entry.index.number) is no message of room \(room.string)"))
        }
        return RoomMessage(
            room: room, index: entry.index, previous: post.previous, stamp: entry.stamp,
            sender: command.sender, createdAt: command.createdAt, text: text)
    }
}
