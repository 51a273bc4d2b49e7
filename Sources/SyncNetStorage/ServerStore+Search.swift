import GRDB
import SyncNetProtocol
import SyncNetWire

extension ServerStore {
    /// Searches, once all that is applied is indexed; before that one step is done towards it.
    /// What goes wrong with the index costs the index, not the store.
    func search(_ query: SearchQuery) throws(StorageError) -> JournalAnswer {
        do {
            return try search(query, in: openSearchIndex())
        } catch let error as StorageError {
            throw error
        } catch {
            discardSearchIndex()
            return .unsearchable
        }
    }

    private func openSearchIndex() throws -> SearchIndex {
        if let searchIndex { return searchIndex }
        let index = try SearchIndex(
            at: options.isSimulated ? nil : files.search, disk: state.facts.disk,
            applied: state.facts.applied)
        searchIndex = index
        return index
    }

    /// The next search begins with an empty one.
    private func discardSearchIndex() {
        searchIndex?.close()
        searchIndex = nil
        guard !options.isSimulated else { return }
        for ending in ["", "-wal", "-shm"] { try? VFSFile.delete(files.search + ending) }
    }

    private func search(_ query: SearchQuery, in index: SearchIndex) throws -> JournalAnswer {
        let isExtended =
            index.through > .zero && options.bugs.contains(.p29IndexNotExtended)
            || index.through >= state.facts.applied
        guard isExtended else {
            try extend(index)
            return .indexing
        }
        if index.through >= state.facts.applied {
            for room in query.rooms {
                try demand(index.latest(of: room) == latest(of: room), of: room, index)
            }
        }
        // One more than wanted tells whether there are more.
        let found = try index.find(
            SearchWords(query.words, bugs: options.bugs), in: query.rooms, before: query.before,
            limit: query.limit + 1)
        let messages = try working { db in
            try found.prefix(query.limit).compactMap { try message(at: $0, in: db) }
        }
        guard messages.count == min(found.count, query.limit) else {
            throw SearchFailure.isNotOurs
        }
        return .messages(messages.reversed(), more: found.count > query.limit)
    }

    private func extend(_ index: SearchIndex) throws {
        let last = min(
            state.facts.applied.number, index.through.number + UInt64(SearchIndex.stepEntries))
        let posts = try working { db in
            let first = index.through.next
            let read = try entries(
                from: first, count: Int(last - index.through.number), bytes: .max, in: db)
            return try read.compactMap { try post(of: $0, in: db) }
        }
        try demandChain(posts, behind: index)
        try index.add(posts, through: LogIndex(last))
    }

    /// An entry without its row in the index of rooms is taken for a repeat, which nobody was
    /// shown. Where the row is lost, the next message of the room names it.
    private func demandChain(_ posts: [RoomMessage], behind index: SearchIndex) throws {
        var latest: [[UInt8]: LogIndex] = [:]
        for post in posts {
            let known = try latest[post.room.utf8] ?? index.latest(of: post.room)
            try demand(post.previous == known, of: post.room, index)
            latest[post.room.utf8] = post.index
        }
    }

    /// Fails where a message is in one of the indices, of rooms or of words, and not in the
    /// other. The one of words is made anew where it is an earlier process's work; else it
    /// knows all that can be read, and what the store has is damaged.
    private func demand(_ isWhole: Bool, of room: Text, _ index: SearchIndex) throws {
        if isWhole { return }
        guard index.beganEmpty else { throw SearchFailure.isNotOurs }
        try working { _ in throw gap(in: room) }
    }

    /// What an entry says, where it was applied and is no repeat.
    private func post(of entry: Entry, in db: Database) throws -> RoomMessage? {
        guard case .command(let command) = entry.payload,
            case .chat(let room, let text) = command.action
        else { return nil }
        let statement = try statements.get(.postAt, on: db)
        statement.bind(1, room.utf8)
        statement.bind(2, upTo: entry.index)
        var previous: LogIndex?
        try statement.rows { row in
            let post = Post(room: room, index: entry.index, previous: LogIndex(row.word(0)))
            guard StoredRow.checksum(post) == row.word(1) else {
                throw StorageError.damaged(
                    files.damage("the index of room \(room.string) has a wrong checksum"))
            }
            previous = post.previous
            return false
        }
        return previous.map {
            RoomMessage(
                room: room, index: entry.index, previous: $0, stamp: entry.stamp,
                sender: command.sender, createdAt: command.createdAt, text: text)
        }
    }

    private func message(at index: LogIndex, in db: Database) throws -> RoomMessage? {
        let entry = try entries(from: index, count: 1, bytes: .max, in: db).first
        return try entry.flatMap { try post(of: $0, in: db) }
    }
}

/// Why an index is of no use.
private enum SearchFailure: Error {
    /// It knows a message that the log does not.
    case isNotOurs
}
