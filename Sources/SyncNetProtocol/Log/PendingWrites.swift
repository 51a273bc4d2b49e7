import DequeModule
package import StateMachine

/// What a server asked its journal for and has not been answered yet.
package struct PendingWrites: Equatable, Sendable {
    private struct Item: Equatable, Sendable {
        var ticket: Ticket
        var at: Instant
        var ballot: Ballot?
        var ceiling: Stamp?
    }

    private var items: Deque<Item> = []
    private var issued: UInt64 = 0
    /// The ballot that is durable.
    package private(set) var ballot: Ballot
    /// The Lamport ceiling that is durable.
    package private(set) var ceiling: Stamp

    package init(ballot: Ballot, ceiling: Stamp) {
        self.ballot = ballot
        self.ceiling = ceiling
    }

    /// A ticket for the writes of one event, or for a query.
    package mutating func ticket() -> Ticket {
        issued += 1
        return Ticket(issued)
    }

    /// Notes that a write was asked for.
    package mutating func note(_ ticket: Ticket, at now: Instant) {
        if items.last?.ticket != ticket { items.append(Item(ticket: ticket, at: now)) }
    }

    /// Notes a ballot that becomes durable with the ticket noted last.
    package mutating func note(ballot: Ballot) { items[items.count - 1].ballot = ballot }

    /// Notes a ceiling that becomes durable with the ticket noted last.
    package mutating func note(ceiling: Stamp) { items[items.count - 1].ceiling = ceiling }

    /// The highest ceiling asked for, durable or not.
    package var ceilingAsked: Stamp { items.last { $0.ceiling != nil }?.ceiling ?? ceiling }

    /// Everything up to the ticket is durable.
    package mutating func written(_ ticket: Ticket) {
        while let item = items.first, item.ticket <= ticket {
            if let kept = item.ballot { ballot = kept }
            if let raised = item.ceiling { ceiling = raised }
            items.removeFirst()
        }
    }

    /// For how long the oldest write has been waiting.
    package func waiting(at now: Instant) -> Interval {
        items.first.map { now.since($0.at) } ?? .zero
    }
}
