import StateMachine

// Searching in what was said. The machine knows who may read what; the journal finds it.
extension Server {
    /// What is wrong with a search.
    func problem(ofSearch history: HistoryRequest, words: Text) -> (NackReason, Text)? {
        if words.isEmpty { return (.badRequest, "search is empty") }
        if words.utf8.count > Limits.searchBytesMax {
            return (.tooLarge, Text("search is longer than \(Limits.searchBytesMax) bytes"))
        }
        if history.room.utf8.count > limits.nameBytes {
            return (.tooLarge, Text("room is longer than \(limits.nameBytes) bytes"))
        }
        if history.after != nil || history.wantsMembers {
            return (.badRequest, "search takes neither after nor members")
        }
        guard let limit = history.limit, limit > UInt64(limits.pageMax) else { return nil }
        return (.tooLarge, Text("limit is over \(limits.pageMax)"))
    }

    /// Looks for words in a room, or in all rooms of which the reader is a member.
    mutating func search(
        _ words: Text, for read: WaitingPage, into effects: inout Effects<SyncNet>
    ) {
        let history = read.history
        // To the journal zero means the end: nothing stands before 1.
        let query = SearchQuery(
            words: words, rooms: [], before: history.before.map { max($0, LogIndex(1)) } ?? .zero,
            limit: Int(history.limit ?? UInt64(limits.pageDefault)))
        look(
            for: query, in: history.room, by: read.reader, read.request, on: read.stream,
            into: &effects)
    }

    private mutating func look(
        for query: SearchQuery, in room: Text, by reader: Text, _ request: UInt64?,
        on stream: StreamID, into effects: inout Effects<SyncNet>
    ) {
        let isMember =
            room.isEmpty || rooms.isMember(reader, of: room) || bugs.contains(.p28SearchesAnyRoom)
        guard isMember else {
            note(.searchRefused, into: &effects)
            nack(
                .notJoined, "only members of a room search in it", request, on: stream,
                into: &effects)
            return
        }
        var query = query
        query.rooms = room.isEmpty ? rooms.joined(by: reader) : [room]
        guard query.rooms.count <= Limits.searchRoomsMax else {
            nack(
                .tooLarge, "you are in too many rooms: say in which one to search", request,
                on: stream, into: &effects)
            return
        }
        fetch(
            .search(query),
            for: .search(stream, request: request, query, room: room, reader: reader),
            into: &effects)
    }

    /// The journal did a step towards an answer, or answered.
    mutating func searched(
        _ search: Fetch, _ answer: JournalAnswer, into effects: inout Effects<SyncNet>
    ) {
        guard
            case .search(let stream, let request, let query, let room, let reader) =
                search.purpose, clients.contains(stream)
        else { return }
        switch answer {
        case .indexing:
            note(.searchIndexed, into: &effects)
            fetch(.search(query), for: search.purpose, into: &effects)
        case .messages(let found, let more):
            if isReaderGone(reader, request, on: stream, into: &effects) { return }
            // Who was a member when the journal was asked may have left since: a page without
            // what is not shown any more might be empty, and yet not the last one.
            let isInAll = query.rooms.allSatisfy { rooms.isMember(reader, of: $0) }
            guard isInAll || bugs.contains(.p28SearchesAnyRoom) else {
                note(.searchBegunAnew, into: &effects)
                look(for: query, in: room, by: reader, request, on: stream, into: &effects)
                return
            }
            if !found.isEmpty { note(.searchFound, into: &effects) }
            reply(
                .history(
                    request: request,
                    HistoryPage(
                        room: room, messages: found, hasMore: more, members: nil,
                        isPrivate: rooms.isPrivate(room))),
                on: stream, into: &effects)
        case .entries, .unsearchable:
            nack(
                .unavailable, "this server can't search now; try again, or elsewhere", request,
                on: stream, into: &effects)
        }
    }
}

extension RoomTable {
    /// The rooms of which somebody is a member, in byte order.
    func joined(by name: Text) -> [Text] {
        var result: [Text] = []
        rooms.forEach { room, state in
            if state.place(of: name).isThere { result.append(room) }
        }
        return result.sorted()
    }
}
