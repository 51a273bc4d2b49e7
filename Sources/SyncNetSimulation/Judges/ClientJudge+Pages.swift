import StateMachine
import SyncNetProtocol

// The shape of a page: what it says beside its messages.
extension ClientJudge {
    /// A page is of the room that was asked for, not too long, linked as the room is, and says
    /// truly whether there is more.
    func misshapen(
        _ range: Range<Int>, _ request: HistoryRequest, room: Int, _ page: HistoryPage,
        _ client: NodeID, _ ledger: Ledger
    ) -> Breach? {
        let limit = request.limit ?? UInt64(limits.pageDefault)
        guard page.room == request.room, UInt64(page.messages.count) <= limit else {
            let detail =
                "\(client.name) asked for at most \(limit) messages of a room and got "
                + "\(page.messages.count), or those of another one"
            return Breach(.honestReads, detail)
        }
        for message in page.messages {
            guard let said = ledger.find(message) else { continue }
            let previous = ledger.previous(of: said)
            if message.previous.number == previous { continue }
            let detail =
                "\(client.name) read that \(message.previous.number) stands before "
                + "\(message.index.number), it is \(previous)"
            return Breach(.honestReads, detail)
        }
        let isTrue =
            request.after == nil
            ? page.hasMore == (range.lowerBound > 0)
            : !page.hasMore || range.upperBound < ledger.rooms[room].count
        if isTrue { return nil }
        let detail =
            "\(client.name) was told that there is \(page.hasMore ? "" : "no ")more of a room "
            + "than messages \(range.lowerBound) to \(range.upperBound)"
        return Breach(.honestReads, detail)
    }

    /// The members that a page lists were the members at some moment since it was asked for.
    func miscounted(
        _ page: HistoryPage, _ request: HistoryRequest, from first: UInt64, _ client: NodeID,
        _ rooms: RoomJudge
    ) -> Breach? {
        guard request.wantsMembers || page.members != nil else { return nil }
        if let members = page.members, rooms.lists(members, of: request.room, from: first) {
            return nil
        }
        let detail =
            "\(client.name) read \(page.members?.count ?? 0) members of a room, who were never "
            + "its members together since index \(first)"
        return Breach(.membership, detail)
    }
}
