package import StateMachine

extension Server {
    private static let catchUpPage = 256

    /// The connection follows a room after an index, or from where it joined: a join may be
    /// acknowledged long after it was applied, with much said in between. One that follows it
    /// already and names no index goes on where it is.
    package mutating func subscribe(
        to room: Text, of reader: Text, after: LogIndex?, joinedAt index: LogIndex,
        on stream: StreamID, into effects: inout Effects<SyncNet>
    ) {
        // While the join was on its way, the name may have become somebody's.
        let login = clients[stream]?.login ?? Login()
        guard mayUse(reader, login) || bugs.contains(.p40FollowsLoggedOut) else {
            note(.joinedTooLate, into: &effects)
            nack(
                .loginRequired, NackReason.loginRequired.detail, nil, on: stream, into: &effects)
            return
        }
        // A join that is answered again says nothing of what its sender is by now.
        guard shows(room, to: reader) || bugs.contains(.p23RetryShowsPrivateRoom) else {
            note(.formerMemberKeptOut, into: &effects)
            nack(.notAMember, NackReason.notAMember.detail, nil, on: stream, into: &effects)
            return
        }
        guard let known = clients[stream]?.subscriptions else { return }
        let latest = rooms[room]?.latest ?? .zero
        let place = known.firstIndex { $0.room == room }
        let joinedAt = max(index, place.map { known[$0].joinedAt } ?? .zero)
        if let place, after == nil {
            clients[stream]?.subscriptions[place].joinedAt = joinedAt
            clients[stream]?.subscriptions[place].reader = reader
            return
        }
        guard known.count < limits.subscriptions || place != nil else {
            nack(
                .overloaded, "this connection follows too many rooms", nil, on: stream,
                into: &effects)
            return
        }
        let cursor = after ?? (bugs.contains(.p32BeginsAtAnswer) ? latest : index)
        if cursor < latest { note(.subscribedBehind, into: &effects) }
        clients[stream]?.subscriptions.removeAll { $0.room == room }
        clients[stream]?.subscriptions.append(
            Subscription(
                room: room, reader: reader, cursor: cursor, joinedAt: joinedAt,
                isLive: cursor >= latest,
                isFetching: place.map { known[$0].isFetching } ?? false))
        rooms.follow(room, by: stream)
        catchUp(room, on: stream, into: &effects)
    }

    /// A leave was applied at an index; its sender may have joined again since.
    package mutating func unsubscribe(
        from room: Text, leftAt index: LogIndex, on stream: StreamID
    ) {
        let known = clients[stream]?.subscriptions.first { $0.room == room }
        guard let known, known.joinedAt < index else { return }
        unsubscribe(from: room, on: stream)
    }

    package mutating func unsubscribe(from room: Text, on stream: StreamID) {
        clients[stream]?.subscriptions.removeAll { $0.room == room }
        rooms.unfollow(room, by: stream)
    }

    /// A message was applied: whoever follows its room gets it.
    package mutating func push(_ message: RoomMessage, into effects: inout Effects<SyncNet>) {
        if !rooms.isPrivate(message.room) || bugs.contains(.p25PrivateRoomPublished) {
            effects.append(
                .publish(Message(stamp: clock.tick(), body: .reply(.pushed(message)))))
        }
        // One body for all of them: each gets its own stamp, and nothing is copied.
        let body = Body.reply(.pushed(message))
        for stream in rooms.followers(of: message.room) {
            let isFull = faultPoints.hits(.fullBuffers)
            switch clients.push(message.index, in: message.room, on: stream, isFull: isFull) {
            case .sent: send(body, on: stream, into: &effects)
            case .fellBehind:
                note(.pushFellBehind, into: &effects)
                if isFull { pretences.append(Pretence(stream: stream, room: message.room)) }
            case .notLive: break
            }
        }
    }

    /// Fault point: connections that only seemed full have room again. Not before the entry is
    /// applied as a whole, since what was applied is stored before the journal is asked.
    package mutating func endPretences(into effects: inout Effects<SyncNet>) {
        let ended = pretences
        pretences.removeAll()
        for pretence in ended { catchUp(pretence.room, on: pretence.stream, into: &effects) }
    }

    /// Asks for what a subscription has not been sent yet: one page for a connection at a time,
    /// so that however many rooms it follows, no more than that waits on it.
    private mutating func catchUp(
        _ room: Text, on stream: StreamID, into effects: inout Effects<SyncNet>
    ) {
        guard let connection = clients[stream], !connection.isCongested,
            let at = connection.subscriptions.firstIndex(where: { $0.room == room }),
            !connection.subscriptions[at].isLive,
            !connection.subscriptions.contains(where: \.isFetching)
        else { return }
        clients[stream]?.subscriptions[at].isFetching = true
        let limit = faultPoints.hits(.smallPages) ? 1 : Self.catchUpPage
        fetch(
            .after(connection.subscriptions[at].cursor, room: room, limit: limit),
            for: .catchUp(stream, room: room), into: &effects)
    }

    package mutating func caughtUp(
        _ page: [RoomMessage], hasMore: Bool, of room: Text, on stream: StreamID,
        into effects: inout Effects<SyncNet>
    ) {
        guard
            let at = clients[stream]?.subscriptions.firstIndex(where: { $0.room == room }),
            let subscription = clients[stream]?.subscriptions[at], subscription.isFetching
        else { return catchUpNext(on: stream, into: &effects) }
        clients[stream]?.subscriptions[at].isFetching = false
        // Many pages that were asked for at once would use up all stamps that there are.
        guard hasStampsToApply else {
            note(.pageWaitedForCeiling, into: &effects)
            stalledPages.append(stream)
            return
        }
        var cursor = subscription.cursor
        // The page was asked for before the subscription began anew further back.
        if let first = page.first(where: { $0.index > cursor }), first.previous > cursor {
            note(.subscriptionBeganAnew, into: &effects)
            catchUp(room, on: stream, into: &effects)
            return
        }
        for message in page where message.index > cursor {
            reply(.pushed(message), on: stream, into: &effects)
            cursor = message.index
        }
        clients[stream]?.subscriptions[at].cursor = cursor
        if hasMore { note(.catchUpTookPages, into: &effects) }
        let latest = rooms[room]?.latest ?? .zero
        clients[stream]?.subscriptions[at].isLive = cursor >= latest
        catchUp(room, on: stream, into: &effects)
        catchUpNext(on: stream, into: &effects)
    }

    /// The ceiling may have risen: pages that waited for it are asked for again.
    package mutating func resumePages(into effects: inout Effects<SyncNet>) {
        guard !stalledPages.isEmpty, hasStampsToApply else { return }
        let stalled = stalledPages
        stalledPages.removeAll()
        for stream in stalled { catchUpNext(on: stream, into: &effects) }
    }

    /// The next room that the connection was not sent all of has its turn.
    private mutating func catchUpNext(on stream: StreamID, into effects: inout Effects<SyncNet>) {
        let next = clients[stream]?.subscriptions.first { !$0.isLive }
        if let next { catchUp(next.room, on: stream, into: &effects) }
    }

    package mutating func setCongested(
        _ isCongested: Bool, _ stream: StreamID, into effects: inout Effects<SyncNet>
    ) {
        clients[stream]?.isCongested = isCongested
        guard !isCongested, !bugs.contains(.p31StaysBehind) else { return }
        catchUpNext(on: stream, into: &effects)
    }

    /// Planted bug L6: shows a message to its room before it is committed.
    package mutating func showEarly(
        _ command: Command, on stream: StreamID, into effects: inout Effects<SyncNet>
    ) {
        guard case .chat(let room, let text) = command.action, let known = rooms[room] else {
            return
        }
        let message = RoomMessage(
            room: room, index: log.last.next, previous: known.latest, stamp: clock.value,
            sender: command.sender, createdAt: command.createdAt, text: text)
        reply(.pushed(message), on: stream, into: &effects)
    }
}

/// Fault point: a connection that seems to be full, to the messages of a room.
package struct Pretence: Equatable, Sendable {
    package var stream: StreamID
    package var room: Text
}
