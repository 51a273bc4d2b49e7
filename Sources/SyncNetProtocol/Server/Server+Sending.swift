package import StateMachine

extension Server {
    /// Sends by datagram.
    package mutating func datagram(
        _ body: Body, to peer: NodeID, into effects: inout Effects<SyncNet>
    ) {
        effects.append(.datagram(Message(stamp: clock.tick(), body: body), to: peer))
    }

    /// Sends on a stream.
    package mutating func send(
        _ body: Body, on stream: StreamID, into effects: inout Effects<SyncNet>
    ) {
        effects.append(.send(Message(stamp: clock.tick(), body: body), on: stream))
    }

    /// Sends to a peer by stream. Returns false where there is none.
    @discardableResult
    package mutating func send(
        _ body: Body, to peer: NodeID, into effects: inout Effects<SyncNet>
    ) -> Bool {
        guard let stream = peers[Int(peer.rank)].stream else { return false }
        send(body, on: stream, into: &effects)
        return true
    }

    /// Tells the people who run the server.
    package func report(_ report: Report, into effects: inout Effects<SyncNet>) {
        effects.append(.output(.report(report)))
    }

    /// Notes a rare but legal situation.
    package func note(_ sometimes: Sometimes, into effects: inout Effects<SyncNet>) {
        effects.append(.note(.sometimes(sometimes)))
    }

    /// Drops a message that makes no sense.
    package func drop(_ reason: Drop, into effects: inout Effects<SyncNet>) {
        effects.append(.note(.dropped(reason)))
    }

    /// Asks for a write; all of one event share a ticket and so a commit.
    @discardableResult
    package mutating func write(_ write: JournalWrite, into effects: inout Effects<SyncNet>)
        -> Ticket
    {
        let ticket = self.ticket ?? writes.ticket()
        self.ticket = ticket
        writes.note(ticket, at: now)
        effects.append(.write(write, ticket))
        return ticket
    }
}
