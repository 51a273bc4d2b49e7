import DequeModule
import StateMachine

// What servers answer.
extension Client {
    mutating func received(
        _ message: Message, on stream: StreamID, now: ClockReading,
        into effects: inout Effects<SyncNet>
    ) {
        guard case .reply(let reply) = message.body else {
            effects.append(.note(.dropped(.misplaced)))
            return
        }
        guard var connection = link.connection, connection.stream == stream else {
            receivedLate(reply, into: &effects)
            return
        }
        guard believe(message.stamp) else {
            effects.append(.note(.dropped(.stamp)))
            return
        }
        connection.heardAt = now.monotonic
        link = .up(connection)
        switch reply {
        case .done(let request, let room, let index):
            seen = max(seen, index)
            done(request, room: room, at: index, into: &effects)
        case .history(let request, let page): paged(request, page, into: &effects)
        case .nack(let request, let reason, let detail):
            let isStuck = reason.isTransient && hasWaited(request, now: now.monotonic)
            refused(request, reason, detail, into: &effects)
            if isStuck { leaveServer(into: &effects) }
        case .servers(let request, let addresses, let status, _):
            listed(request, addresses, status, into: &effects)
        case .pushed(let message):
            loginsRefused = 0
            pushed(message, into: &effects)
        case .accounts, .statusLine: effects.append(.note(.dropped(.misplaced)))
        }
        pump(now: now, into: &effects)
    }

    /// Whether the request has waited in the server for as long as one may wait there: then
    /// the server has no way to the leader, and another one may have.
    private func hasWaited(_ request: UInt64?, now: Instant) -> Bool {
        guard let request else { return false }
        let sentAt =
            session.slot(of: request).map { session[$0].sentAt }
            ?? reads.first { $0.number == request }?.sentAt
        guard let sentAt else { return false }
        return now.since(sentAt) * 2 >= timing.request
    }

    private mutating func believe(_ stamp: Stamp) -> Bool {
        let own = hasHeard ? clock.value : max(clock.value, stamp)
        guard LamportClock.isCredible(stamp, own: own) else { return false }
        hasHeard = true
        _ = clock.update(stamp)
        return true
    }

    /// A connection that was given up has nothing more to say: its answers may name numbers
    /// of another session, and its pushes come again on the one that replaced it.
    private mutating func receivedLate(
        _ reply: ClientReply, into effects: inout Effects<SyncNet>
    ) {
        guard bugs.contains(.l3OrderByArrival), case .pushed(let message) = reply else {
            effects.append(.note(.dropped(.stale)))
            return
        }
        pushed(message, into: &effects)
    }

    // MARK: Done

    private mutating func done(
        _ request: UInt64?, room: Text, at index: LogIndex, into effects: inout Effects<SyncNet>
    ) {
        loginsRefused = 0
        progressed()
        guard let request, request > 0 else { return }
        guard let slot = session.slot(of: request) else {
            subscribed(room, by: request, into: &effects)
            return
        }
        let numbered = session.answered(at: slot)
        switch numbered.order.action {
        case .join(let room), .makePrivate(let room):
            joined(room, by: numbered, at: index, into: &effects)
        case .leave(let room): left(room, by: numbered.number)
        case .chat, .invite, .setAccount, .removeAccount: break
        }
        if let order = numbered.order.order { effects.append(.output(.done(order: order, index))) }
        replaceUnusableSession(into: &effects)
    }

    private mutating func listed(
        _ request: UInt64?, _ addresses: [ServerAddress], _ status: ServerStatus?,
        into effects: inout Effects<SyncNet>
    ) {
        if request == Limits.loginNumber { loggedIn(into: &effects) }
        guard let read = takeRead(request) else { return }
        failures = 0
        switch read.purpose {
        case .owner(let order):
            effects.append(.output(.servers(order: order, addresses, status)))
        case .sign: heardSign(of: addresses.contains { $0.isLeader }, into: &effects)
        case .fetch: break
        }
    }

    private mutating func paged(
        _ request: UInt64?, _ page: HistoryPage, into effects: inout Effects<SyncNet>
    ) {
        guard let read = takeRead(request) else { return }
        if case .history(let history) = read.body, history.isLinearizable { loginsRefused = 0 }
        for message in page.messages { seen = max(seen, message.index) }
        switch read.purpose {
        case .owner(let order):
            progressed()
            effects.append(.output(.page(order: order, page)))
        case .fetch(let room): fetched(page, of: room, by: read.number, into: &effects)
        case .sign: break
        }
    }

    private mutating func takeRead(_ request: UInt64?) -> PendingRead? {
        guard let slot = reads.firstIndex(where: { $0.number == request }) else { return nil }
        return reads.remove(at: slot)
    }

    // MARK: Refused

    private mutating func refused(
        _ request: UInt64?, _ reason: NackReason, _ detail: Text,
        into effects: inout Effects<SyncNet>
    ) {
        effects.append(.note(.refused(reason)))
        guard let request, request > 0 else {
            if reason == .notAMember { lookAtRooms(into: &effects) }
            if reason == .loginRequired { logInAnew(detail, into: &effects) }
            return
        }
        guard request != Limits.loginNumber else {
            loginFailed(reason, detail, into: &effects)
            return
        }
        if let slot = session.slot(of: request) {
            refusedNumber(at: slot, reason, detail, into: &effects)
        } else if let slot = rooms.slot(askedBy: request) {
            refusedSubscription(at: slot, reason, detail, into: &effects)
        } else if let slot = reads.firstIndex(where: { $0.number == request }) {
            refusedRead(at: slot, reason, detail, into: &effects)
        }
    }

    private mutating func refusedNumber(
        at slot: Int, _ reason: NackReason, _ detail: Text, into effects: inout Effects<SyncNet>
    ) {
        session.refusedOnce(at: slot)
        switch reason {
        // What may have been done, since another copy was taken when that needed no login yet, can
        // only be asked for again; and a room that its owner has joined be followed again.
        case .loginRequired where session[slot].hasOtherCopies || session[slot].isRenewal:
            logInAnew(detail, into: &effects)
        case .noLeader, .overloaded, .unavailable, .notReady:
            session.rewind(to: session[slot].number)
            pause(into: &effects)
        case .unknownOutcome where bugs.contains(.p18UnknownSentAnew):
            queue.append(session.answered(at: slot).order)
        // The limits of rooms and members are looked at before it is known that the join was
        // applied: by an earlier copy, or long ago.
        case .tooLarge where session[slot].mayHaveJoined && session[slot].doubts < Limits.doubtsMax,
            .unknownOutcome where session[slot].doubts < Limits.doubtsMax:
            // Under its number it can be sent again, whether it was applied or not: as many
            // answers are kept as may be outstanding.
            note(.doubtSentAgain, into: &effects)
            session.outcomeUnknown(at: slot)
            session.rewind(to: session[slot].number)
            pause(into: &effects)
        case .gap: toldOfGap(at: slot, into: &effects)
        case .unknownSession:
            // Later numbers are told the same; only the lowest says where to begin anew, and
            // only when no copy of it is left whose answer could say something else.
            if slot > 0 {
                session.rewind(to: session[0].number)
                pause(into: &effects)
            } else if session[0].unanswered == 0 {
                replaceSession(into: &effects)
            }
        case .badRequest, .tooLarge, .loginRequired, .badLogin, .notAllowed, .tlsRequired:
            // Refused before the log: the number is not used up and never can be.
            guard !session[slot].isVoid else { return }
            if reason == .tooLarge, case .chat(_, let text) = session[slot].order.action {
                learn(refused: text)
            }
            session.makeVoid(at: slot)
            report(session[slot].order, reason, detail, into: &effects)
            replaceUnusableSession(into: &effects)
        case .notJoined, .unknownOutcome, .notAMember, .roomIsOpen, .noSuchAccount:
            progressed()
            let numbered = session.answered(at: slot)
            if reason == .notJoined, case .leave(let room) = numbered.order.action {
                left(room, by: numbered.number)
            }
            report(numbered.order, reason, detail, into: &effects)
            replaceUnusableSession(into: &effects)
        }
    }

    /// Something before it is missing at the servers. What was sent after a refused request is
    /// told so, too: all of it is sent again, in order. But nothing is before the lowest one;
    /// where it is told so again and again, the session can't go on.
    private mutating func toldOfGap(at slot: Int, into effects: inout Effects<SyncNet>) {
        note(.clientToldOfGap, into: &effects)
        let isPaused = link.connection?.isPaused ?? true
        guard slot > 0 || isPaused || session.countGap() else {
            replaceSession(into: &effects)
            return
        }
        session.rewind(to: session[0].number)
        pause(into: &effects)
    }

    /// Tells the owner that an order will not be tried again.
    private mutating func report(
        _ pending: PendingOrder, _ reason: NackReason, _ detail: Text,
        into effects: inout Effects<SyncNet>
    ) {
        switch pending.action {
        case .join(let room) where pending.order == nil: renewalRefused(room, into: &effects)
        case .join(let room), .makePrivate(let room):
            joinRefused(room)
            refuse(pending.order, reason, detail, into: &effects)
        case .leave(let room):
            // Of one that may have been done nobody knows; joining again is for the owner to say.
            if reason != .unknownOutcome { stays(in: room) }
            refuse(pending.order, reason, detail, into: &effects)
        case .chat, .invite, .setAccount, .removeAccount:
            refuse(pending.order, reason, detail, into: &effects)
        }
    }

    private mutating func refusedRead(
        at slot: Int, _ reason: NackReason, _ detail: Text, into effects: inout Effects<SyncNet>
    ) {
        switch (reads[slot].purpose, reason) {
        case (.sign, _): reads.remove(at: slot)
        case (.fetch(let room), .notAMember):
            reads.remove(at: slot)
            fetchRefused(of: room, into: &effects)
        case (.fetch, .loginRequired): logInAnew(detail, into: &effects)
        case (.fetch, _), (.owner, .noLeader), (.owner, .overloaded), (.owner, .unavailable),
            (.owner, .gap):
            reads[slot].sentAt = nil
            pause(into: &effects)
        case (.owner(let order), _):
            reads.remove(at: slot)
            refuse(order, reason, detail, into: &effects)
        }
    }

    // MARK: Another session

    /// Begins another session where the lowest number can't be used.
    private mutating func replaceUnusableSession(into effects: inout Effects<SyncNet>) {
        guard let lowest = session.outstanding.first, lowest.isVoid else { return }
        replaceSession(into: &effects)
    }

    /// Begins another session: what surely was not applied is numbered anew in it, and the
    /// owner is told of what may have been.
    mutating func replaceSession(into effects: inout Effects<SyncNet>) {
        note(.sessionReplaced, into: &effects)
        let remains = session.startAnew()
        for order in remains.unapplied.reversed() where order.order != nil {
            queue.prepend(order)
        }
        let inDoubt = remains.inDoubt.filter { $0.order != nil }
        for slot in rooms.list.indices { roomLostSession(at: slot, inDoubt: inDoubt) }
        let detail: Text = "the servers have forgotten the session: it may have been done or not"
        for order in inDoubt {
            report(order, .unknownOutcome, detail, into: &effects)
        }
        reconnect(into: &effects)
    }
}

extension NackReason {
    /// Whether the same request may be taken another time.
    fileprivate var isTransient: Bool {
        switch self {
        case .noLeader, .overloaded, .unavailable, .unknownOutcome: true
        case .badRequest, .tooLarge, .notJoined, .gap, .unknownSession, .notAMember,
            .roomIsOpen, .notReady, .loginRequired, .badLogin, .notAllowed, .noSuchAccount,
            .tlsRequired:
            false
        }
    }
}
