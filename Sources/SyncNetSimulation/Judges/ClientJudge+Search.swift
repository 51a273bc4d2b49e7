import StateMachine
import SyncNetProtocol

// Law (honest search): a search finds nothing but committed messages with the words, in rooms of
// which the searcher is a member, and the last ones of them; none is left out that was there for
// it when it was asked.
extension ClientJudge {
    /// How many messages of each room a search has to know of.
    func known(to client: NodeID, _ request: HistoryRequest, _ ledger: Ledger) -> [Int] {
        if request.isLinearizable { return ledger.rooms.map(\.count) }
        let rooms = view(client).rooms
        return ledger.rooms.indices.map { rooms[$0]?.known ?? 0 }
    }

    /// Somebody was told that only members search in a room.
    func keptOut(
        _ request: HistoryRequest, _ reason: NackReason, from frontier: UInt64,
        _ client: NodeID, _ rooms: RoomJudge
    ) -> Breach? {
        guard reason == .notJoined || reason == .notAMember, let name = view(client).name,
            rooms.isMember(name, of: request.room, from: frontier)
        else { return nil }
        let detail = "\(client.name) may not search in a room of which it is a member"
        return Breach(.membership, detail)
    }

    func searched(
        _ request: HistoryRequest, _ known: [Int], _ page: HistoryPage, from frontier: UInt64,
        _ client: NodeID, _ ledger: Ledger, _ rooms: RoomJudge
    ) -> Breach? {
        guard let name = view(client).name else { return nil }
        let limit = Int(request.limit ?? UInt64(limits.pageDefault))
        guard page.room == request.room, page.messages.count <= limit,
            !page.hasMore || page.messages.count == limit
        else {
            let detail =
                "\(client.name) searched for at most \(limit) messages and got "
                + "\(page.messages.count), \(page.hasMore ? "" : "not ")the last of more"
            return Breach(.honestReads, detail)
        }
        return found(request, page, by: name, from: frontier, client, ledger, rooms)
            ?? leftOut(request, known, page, by: name, from: frontier, client, ledger, rooms)
    }

    private func found(
        _ request: HistoryRequest, _ page: HistoryPage, by name: Text, from frontier: UInt64,
        _ client: NodeID, _ ledger: Ledger, _ rooms: RoomJudge
    ) -> Breach? {
        guard let sought = Sought(request.search ?? "") else { return nil }
        var last = LogIndex.zero
        for message in page.messages {
            guard let said = ledger.find(message), sought.mayFind(said.mark),
                message.previous.number == ledger.previous(of: said),
                message.index > last, message.index < request.before ?? LogIndex(.max)
            else {
                let detail =
                    "\(client.name) found at \(message.index.number) what does not stand there, "
                    + "or was not asked for"
                return Breach(.honestReads, detail)
            }
            last = message.index
            guard request.room.isEmpty || message.room == request.room,
                rooms.wasMember(name, of: message.room, since: frontier)
            else {
                let detail =
                    "\(client.name) found \(message.index.number) in a room of which it is no "
                    + "member, or where it did not search"
                return Breach(.membership, detail)
            }
        }
        return nil
    }

    private func leftOut(
        _ request: HistoryRequest, _ known: [Int], _ page: HistoryPage, by name: Text,
        from frontier: UInt64, _ client: NodeID, _ ledger: Ledger, _ rooms: RoomJudge
    ) -> Breach? {
        guard let sought = Sought(request.search ?? ""), request.limit != 0 else { return nil }
        let first = page.hasMore ? page.messages.first?.index.number ?? 0 : 0
        let before = request.before?.number ?? .max
        let isIn = ledger.names.map { room in
            (request.room.isEmpty || room == request.room)
                && rooms.isMember(name, of: room, from: frontier)
        }
        let start = ledger.place(ofSaidFrom: first)
        var place = 0
        for said in ledger.said[start...] {
            let index = ledger.index(of: said)
            guard index < before, said.room < known.count, said.place < known[said.room],
                isIn[said.room], sought.mustFind(said.mark)
            else { continue }
            while place < page.messages.count, page.messages[place].index.number < index {
                place += 1
            }
            if place < page.messages.count, page.messages[place].index.number == index { continue }
            let detail = "a search of \(client.name) left \(index) out, which it has to find"
            return Breach(.honestReads, detail)
        }
        guard page.hasMore else { return nil }
        let hasEarlier = ledger.said[..<start].reversed().contains { said in
            let room = ledger.names[said.room]
            return sought.mayFind(said.mark) && (request.room.isEmpty || room == request.room)
                && rooms.wasMember(name, of: room, since: frontier)
        }
        if hasEarlier { return nil }
        let detail = "a search of \(client.name) promised more before \(first): there is nothing"
        return Breach(.honestReads, detail)
    }
}
