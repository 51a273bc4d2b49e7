import DequeModule
import StateMachine

// Rooms: each message once and in order.
extension Client {
    mutating func pushed(_ message: RoomMessage, into effects: inout Effects<SyncNet>) {
        seen = max(seen, message.index)
        guard let slot = rooms.slot(of: message.room) else {
            effects.append(.note(.dropped(.misplaced)))
            return
        }
        guard !bugs.contains(.l3OrderByArrival) else {
            rooms[slot].showedUnchecked(message)
            effects.append(.output(.message(message)))
            return
        }
        switch rooms[slot].receive(message) {
        case .show(let messages): show(messages, into: &effects)
        case .repeated: effects.append(.note(.dropped(.stale)))
        case .early: break
        case .hole: fetchMissing(at: slot)
        }
    }

    /// A join was acknowledged.
    mutating func joined(
        _ name: Text, by numbered: NumberedOrder, at index: LogIndex,
        into effects: inout Effects<SyncNet>
    ) {
        guard let slot = rooms.slot(of: name) else { return }
        let startedHere = rooms[slot].shown == nil
        rooms[slot].joined(by: numbered.number, at: index)
        // A copy of it may have been applied long ago, when this connection did not listen;
        // and a push that came before the acknowledgement was not shown.
        if startedHere, numbered.sends > 1 || rooms[slot].isBehind { fetchMissing(at: slot) }
    }

    /// A join that was acknowledged before was answered again.
    mutating func subscribed(
        _ name: Text, by number: UInt64, into effects: inout Effects<SyncNet>
    ) {
        guard let slot = rooms.slot(of: name), rooms[slot].join == number,
            case .asked = rooms[slot].subscription
        else { return }
        rooms[slot].subscription = .live
    }

    mutating func refusedSubscription(
        at slot: Int, _ reason: NackReason, into effects: inout Effects<SyncNet>
    ) {
        rooms[slot].subscription = .none
        switch reason {
        case .noLeader, .overloaded, .unavailable, .gap: break
        case .unknownSession where session.outstanding.isEmpty:
            replaceSession(into: &effects)
            return
        case .unknownSession, .unknownOutcome, .notJoined, .badRequest, .tooLarge:
            rooms[slot].join = nil
        }
        pause(into: &effects)
    }

    /// A join won't be done. An earlier one may still hold, unless the client itself renewed it.
    mutating func joinRefused(_ name: Text, byOwner: Bool) {
        guard let room = rooms[name], !byOwner || !room.isMember else { return }
        rooms.remove(name)
    }

    /// A leave was answered. Where the owner has joined again meanwhile, that join counts.
    mutating func left(_ name: Text) {
        guard let slot = rooms.slot(of: name) else { return }
        if rooms[slot].isLeaving { rooms.remove(name) } else { rooms[slot].left() }
    }

    mutating func roomLostSession(at slot: Int) {
        let isQueued = queue.contains { order in
            order.order == nil && order.action == .join(room: rooms[slot].name)
        }
        rooms[slot].sessionLost()
        if isQueued { rooms[slot].subscription = .ordered }
    }

    /// A page came that was asked for to fill a hole.
    mutating func fetched(
        _ page: HistoryPage, of name: Text, by number: UInt64,
        into effects: inout Effects<SyncNet>
    ) {
        guard let slot = rooms.slot(of: name), rooms[slot].fetch == number else { return }
        rooms[slot].fetch = nil
        let due = rooms[slot].receive(page: page.messages)
        show(due, into: &effects)
        guard page.hasMore || rooms[slot].isBehind else { return }
        fetchMissing(at: slot)
        if due.isEmpty { pause(into: &effects) } else { progressed() }
    }

    private mutating func fetchMissing(at slot: Int) {
        guard rooms[slot].fetch == nil else { return }
        let name = rooms[slot].name
        let request = HistoryRequest(room: name, after: rooms[slot].shown)
        rooms[slot].fetch = addRead(.fetch(room: name), .history(request))
    }

    private func show(_ messages: [RoomMessage], into effects: inout Effects<SyncNet>) {
        for message in messages { effects.append(.output(.message(message))) }
    }
}
