import StateMachine
import SyncNetProtocol

// Law (delivery): once all is healed, whoever follows a room comes to be shown all of it, from
// where it began to follow to the end; and whoever is no member any more comes to be told so, where
// only members are shown anything.
extension ClientJudge {
    /// How many messages of a room that a client follows it was not shown yet.
    func unshown(
        to client: NodeID, of name: Text, _ ledger: Ledger, _ rooms: RoomJudge
    ) -> Int {
        let view = view(client)
        guard let room = ledger.known(name), let state = view.rooms[room], !state.isUnwanted,
            let shown = state.shown, let joinedAt = state.joinedAt,
            let reader = view.name, rooms.isMember(reader, of: name, from: joinedAt)
        else { return 0 }
        let count = ledger.rooms[room].count
        switch shown {
        case .through(let place): return count - place - 1
        case .after(let index): return count - ledger.messages(of: room, through: index)
        // Wherever it began, not after the join.
        case .somewhere, .fromNow: return count - ledger.messages(of: room, through: joinedAt)
        }
    }

    /// Whether a client takes itself for a member of a private room, and is none.
    func isUntold(
        _ client: NodeID, of name: Text, _ ledger: Ledger, _ rooms: RoomJudge
    ) -> Bool {
        let view = view(client)
        guard rooms.isPrivate(name), let room = ledger.known(name), let state = view.rooms[room],
            !state.isUnwanted, state.shown != nil, state.joinedAt != nil, let reader = view.name
        else { return false }
        return !rooms.isMember(reader, of: name, at: UInt64(ledger.lines.count))
    }
}
