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
        case .show(let held):
            effects.append(.output(.message(message)))
            show(held, into: &effects)
        case .repeated:
            effects.append(.note(.dropped(.stale)))
            note(.pushRepeated, into: &effects)
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
        guard rooms[slot].joined(by: numbered, at: index) else { return }
        fetchMissing(at: slot)
    }

    /// A join that was acknowledged before was answered again.
    mutating func subscribed(
        _ name: Text, by number: UInt64, into effects: inout Effects<SyncNet>
    ) {
        guard let slot = rooms.slot(of: name), rooms[slot].join == number else { return }
        switch rooms[slot].subscription {
        case .asked: rooms[slot].subscription = .live
        case .live:
            // Two copies were answered: the subscription began anew, who knows where.
            fetchMissing(at: slot)
        case .none: break
        }
    }

    mutating func refusedSubscription(
        at slot: Int, _ reason: NackReason, _ detail: Text, into effects: inout Effects<SyncNet>
    ) {
        rooms[slot].subscription = .none
        switch reason {
        case .loginRequired:
            logInAnew(detail, into: &effects)
            return
        case .noLeader, .overloaded, .unavailable, .notReady, .gap: break
        case .unknownSession where session.outstanding.isEmpty:
            replaceSession(into: &effects)
            return
        case .unknownSession, .unknownOutcome, .notJoined, .badRequest, .tooLarge, .notAMember,
            .roomIsOpen, .badLogin, .notAllowed, .noSuchAccount, .tlsRequired:
            rooms[slot].join = nil
        }
        pause(into: &effects)
    }

    /// The owner's join won't be done. An earlier one may still hold, and a later one says what
    /// follows.
    mutating func joinRefused(_ name: Text) {
        guard let slot = rooms.slot(of: name) else { return }
        rooms[slot].joinAnswered()
        if !rooms[slot].isMember, rooms[slot].pendingJoins == 0 { rooms.remove(name) }
    }

    /// A join by which the client itself went on following a room won't be done.
    mutating func renewalRefused(_ name: Text, into effects: inout Effects<SyncNet>) {
        guard let slot = rooms.slot(of: name) else { return }
        rooms[slot].joinAnswered()
        // The owner has joined again meanwhile.
        guard rooms[slot].pendingJoins == 0 else { return rooms[slot].left() }
        if rooms[slot].isLeaving { rooms.remove(name) } else { exclude(name, into: &effects) }
    }

    /// A leave was answered. Where the owner has joined again meanwhile, that join counts; and
    /// answers may come in another order than what they answer.
    mutating func left(_ name: Text, by number: UInt64) {
        guard let slot = rooms.slot(of: name) else { return }
        if let join = rooms[slot].join, join > number { return }
        let isJoiningAgain = !rooms[slot].isLeaving && rooms[slot].pendingJoins > 0
        if isJoiningAgain { rooms[slot].left() } else { rooms.remove(name) }
    }

    /// A leave was refused, and surely not done: unless another one is on its way, which no join
    /// follows, the owner is in the room still.
    mutating func stays(in name: Text) {
        guard let slot = rooms.slot(of: name) else { return }
        // Answers may come in another order than what they answer.
        let joinedBy = rooms[slot].join ?? 0
        let sent = session.outstanding.filter { !$0.isVoid && $0.number > joinedBy }
            .map(\.order.action)
        let last = (sent + queue.map(\.action)).last {
            $0 == .leave(room: name) || $0.joined == name
        }
        rooms[slot].isLeaving = last == .leave(room: name)
    }

    mutating func roomLostSession(at slot: Int, inDoubt: [PendingOrder]) {
        let name = rooms[slot].name
        let pending = (inDoubt + queue).count { $0.action.joined == name }
        rooms[slot].sessionLost(pendingJoins: UInt32(pending))
    }

    /// The client is a member no more, though its owner did not leave: another one that goes
    /// by the same name did, or a leave came late.
    mutating func exclude(_ name: Text, into effects: inout Effects<SyncNet>) {
        guard rooms.slot(of: name) != nil else { return }
        note(.clientExcluded, into: &effects)
        rooms.remove(name)
        effects.append(.output(.excluded(room: name)))
    }

    /// Some membership has ended, nobody says which: one that the owner gives up, or another
    /// one, which a page that is refused will tell.
    ///
    /// Whoever has become a member again by then is served, but the server pushes nothing more:
    /// the room has to be asked for anew.
    mutating func lookAtRooms(into effects: inout Effects<SyncNet>) {
        for slot in rooms.list.indices where rooms[slot].isMember && !rooms[slot].isLeaving {
            rooms[slot].isDoubted = true
            fetchMissing(at: slot)
        }
    }

    /// A server shows no more of a room. Where a leave or a join of its own is on its way, the
    /// answer to that says what follows.
    mutating func fetchRefused(of name: Text, into effects: inout Effects<SyncNet>) {
        guard let slot = rooms.slot(of: name) else { return }
        rooms[slot].fetch = nil
        guard !rooms[slot].isLeaving, rooms[slot].pendingJoins == 0 else { return }
        exclude(name, into: &effects)
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
        rooms[slot].becomesSure()
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
