package import StateMachine

/// A query that the journal has not answered yet; it answers in order.
package struct Fetch: Equatable, Sendable {
    /// What its answer is for.
    package enum Purpose: Equatable, Sendable {
        /// Entries for a follower, or for a peer that is fed.
        case feeding(NodeID)
        /// A page for a client, with the members where they were asked for.
        case page(StreamID, request: UInt64?, room: Text, reader: Text, wantsMembers: Bool)
        /// What was found, for a client.
        indirect case search(
            StreamID, request: UInt64?, SearchQuery, room: Text, reader: Text)
        /// What a subscription has not been sent yet.
        case catchUp(StreamID, room: Text)
    }

    package var ticket: Ticket
    package var purpose: Purpose
}

extension Server {
    /// Asks the journal. What was applied is stored first, so that the answer shows it.
    package mutating func fetch(
        _ query: JournalQuery, for purpose: Fetch.Purpose, into effects: inout Effects<SyncNet>
    ) {
        if case .feeding = purpose {} else { store(into: &effects) }
        let ticket = writes.ticket()
        fetches.append(Fetch(ticket: ticket, purpose: purpose))
        effects.append(.fetch(query, ticket))
    }

    /// The journal answered.
    package mutating func fetched(
        _ answer: JournalAnswer, _ ticket: Ticket, into effects: inout Effects<SyncNet>
    ) {
        guard let at = fetches.firstIndex(where: { $0.ticket == ticket }) else { return }
        let fetch = fetches.remove(at: at)
        switch (fetch.purpose, answer) {
        case (.feeding(let peer), .entries(let entries)):
            fetched(entries, for: peer, into: &effects)
        case (
            .page(let stream, let request, let room, let reader, let wantsMembers),
            .messages(let page, let more)
        ):
            // Who was a member, or logged in, when the journal was asked may be none since.
            if isReaderGone(reader, request, on: stream, into: &effects) { return }
            guard shows(room, to: reader) else {
                refuseStranger(request, on: stream, into: &effects)
                return
            }
            let members = wantsMembers ? rooms[room]?.members ?? [] : nil
            if more { note(.pageCutAtLimit, into: &effects) }
            if page.isEmpty { note(.pageWasEmpty, into: &effects) }
            let tail = bugs.contains(.p11PageShowsTail) ? tail(of: room, after: page) : []
            reply(
                .history(
                    request: request,
                    HistoryPage(
                        room: room, messages: page + tail, hasMore: more, members: members,
                        isPrivate: rooms.isPrivate(room))),
                on: stream, into: &effects)
        case (.catchUp(let stream, let room), .messages(let page, let more)):
            caughtUp(page, hasMore: more, of: room, on: stream, into: &effects)
        case (.search, _): searched(fetch, answer, into: &effects)
        default: preconditionFailure("\(answer) for \(fetch.purpose)")
        }
    }

    /// Planted bug P11: what the log holds of a room beyond the applied index.
    private func tail(of room: Text, after page: [RoomMessage]) -> [RoomMessage] {
        var previous = page.last?.index ?? .zero
        var messages: [RoomMessage] = []
        var index = applied.next
        while let entry = log.cached(index) {
            index = index.next
            guard case .command(let command) = entry.payload,
                case .chat(room, let text) = command.action
            else { continue }
            messages.append(
                RoomMessage(
                    room: room, index: entry.index, previous: previous, stamp: entry.stamp,
                    sender: command.sender, createdAt: command.createdAt, text: text))
            previous = entry.index
        }
        return messages
    }
}
