import DequeModule
import StateMachine

// Everything that is due leaves here, in one order: rooms first, so that nothing is missed;
// then what was numbered before, lowest first; then reads; then what has no number yet.
extension Client {
    mutating func pump(now: ClockReading, into effects: inout Effects<SyncNet>) {
        guard let connection = link.connection, connection.takesRequests else { return }
        subscribe(now: now, on: connection.stream, into: &effects)
        sendNumbered(now: now, on: connection.stream, into: &effects)
        sendReads(now: now, on: connection.stream, into: &effects)
        while session.hasRoom, let order = queue.popFirst() {
            if let fault = faultLearned(of: order.action) {
                note(.textLimitLearned, into: &effects)
                refuse(order.order, fault.reason, fault.detail, into: &effects)
                continue
            }
            session.number(order)
            sendNumbered(now: now, on: connection.stream, into: &effects)
        }
        if !queue.isEmpty { note(.windowWasFull, into: &effects) }
        watch(into: &effects)
    }

    /// Asks for the rooms that this connection does not push.
    ///
    /// The acknowledged join, sent again, is answered from the servers' table and subscribes
    /// the connection. Where the table may have forgotten it, or the session, a new join does
    /// the same, at the cost of a log entry that changes nothing.
    private mutating func subscribe(
        now: ClockReading, on stream: StreamID, into effects: inout Effects<SyncNet>
    ) {
        for slot in rooms.list.indices.reversed() where rooms[slot].needsSubscription {
            let room = rooms[slot]
            guard let number = room.join, session.isRepeatable(number) else {
                note(.joinedAnew, into: &effects)
                rooms[slot].joinOrdered()
                let again = Action.join(room: room.name)
                let order = PendingOrder(
                    order: nil, action: again, createdAt: now.wall.seconds)
                queue.prepend(order)
                continue
            }
            note(.subscribedByOldJoin, into: &effects)
            rooms[slot].subscription = .asked(at: now.monotonic)
            let body = ClientRequestBody.createJoin(room: room.name, after: room.shown)
            let createdAt = now.wall.seconds
            send(body, session.name, number, createdAt, on: stream, into: &effects)
        }
    }

    private mutating func sendNumbered(
        now: ClockReading, on stream: StreamID, into effects: inout Effects<SyncNet>
    ) {
        while let numbered = session.takeUnsent(now: now.monotonic) {
            if numbered.sends > 1 { note(.orderSentAgain, into: &effects) }
            let body = body(of: numbered.order.action)
            let createdAt = numbered.order.createdAt
            send(body, session.name, numbered.number, createdAt, on: stream, into: &effects)
        }
    }

    private mutating func sendReads(
        now: ClockReading, on stream: StreamID, into effects: inout Effects<SyncNet>
    ) {
        for slot in reads.indices where reads[slot].sentAt == nil {
            reads[slot].sentAt = now.monotonic
            let read = reads[slot]
            let body = body(of: read)
            send(body, nil, read.number, now.wall.seconds, on: stream, into: &effects)
        }
    }

    private mutating func send(
        _ body: ClientRequestBody, _ session: Text?, _ number: UInt64, _ createdAt: Double,
        on stream: StreamID, into effects: inout Effects<SyncNet>
    ) {
        let request = ClientRequest(
            sender: name, createdAt: createdAt, session: session, request: number, body: body)
        effects.append(.send(Message(stamp: clock.tick(), body: .request(request)), on: stream))
    }

    private func body(of action: Action) -> ClientRequestBody {
        switch action {
        case .join(let room): .createJoin(room: room, after: rooms[room]?.shown)
        case .makePrivate(let room):
            .createJoin(room: room, after: rooms[room]?.shown, isPrivate: true)
        case .invite(let room, let guest): .invite(room: room, guest: guest)
        case .leave(let room): .leave(room: room)
        case .chat(let room, let text): .chat(room: room, text: text)
        }
    }

    /// What is asked now: a hole begins where the room now stands, and no page may be older
    /// than what this client has seen.
    private func body(of read: PendingRead) -> ClientRequestBody {
        guard case .history(var request) = read.body else { return read.body }
        request.seen = max(request.seen, seen)
        if case .fetch(let room) = read.purpose { request.after = rooms[room]?.shown }
        return .history(request)
    }

    private mutating func watch(into effects: inout Effects<SyncNet>) {
        guard !isWatching else { return }
        guard !session.outstanding.isEmpty || !reads.isEmpty || !rooms.list.isEmpty else {
            return
        }
        isWatching = true
        let period = timing.request / 4
        effects.append(.arm(.answer, within: period...period))
    }

    /// Gives up a server that leaves a request unanswered, and asks one that has been silent
    /// for a sign: pushes alone would not tell a quiet room from a dead server.
    mutating func lookForAnswers(now: ClockReading, into effects: inout Effects<SyncNet>) {
        isWatching = false
        guard let connection = link.connection else { return }
        let patience = timing.request + timing.request / 2
        if let oldest = oldestUnanswered, now.monotonic.since(oldest) >= patience {
            note(.clientGaveUpServer, into: &effects)
            giveUp(connection, into: &effects)
            return
        }
        let isQuiet = oldestUnanswered == nil && reads.isEmpty && !rooms.list.isEmpty
        if isQuiet, now.monotonic.since(connection.heardAt) >= timing.request / 2 {
            note(.signAsked, into: &effects)
            addRead(.sign, .discovery(status: false))
        }
        pump(now: now, into: &effects)
        watch(into: &effects)
    }

    private var oldestUnanswered: Instant? {
        var oldest: Instant?
        func consider(_ sentAt: Instant?) {
            guard let sentAt else { return }
            oldest = min(oldest ?? sentAt, sentAt)
        }
        for numbered in session.outstanding { consider(numbered.sentAt) }
        for read in reads { consider(read.sentAt) }
        for room in rooms.list {
            if case .asked(let sentAt) = room.subscription { consider(sentAt) }
        }
        return oldest
    }
}
