public import StateMachine

/// What one node's journal has been asked and has not answered.
///
/// One operation runs at a time. What can be taken together is: all writes up to the next
/// query are one group commit, all queries up to the next write one read.
@usableFromInline
struct NodeDisk<Words: Vocabulary> {
    @usableFromInline
    enum Request {
        case write(Words.Write, Ticket)
        case query(Words.Query, Ticket)
    }

    @usableFromInline var waiting: [Request] = []
    /// So many of those were asked for by earlier events.
    @usableFromInline var settledCount = 0
    @usableFromInline var writes: [Words.Write] = []
    @usableFromInline var writeTickets: [Ticket] = []
    @usableFromInline var queries: [Words.Query] = []
    @usableFromInline var queryTickets: [Ticket] = []
    @usableFromInline var isBusy = false
    /// Tells the operation under way from those of earlier boots.
    @usableFromInline var serial: UInt64 = 0

    @inlinable init() {}

    /// Queues a write before the queries of its event: all that one event writes is one
    /// commit, and no query may part it.
    @inlinable
    mutating func ask(_ write: Words.Write, _ ticket: Ticket) {
        var place = waiting.count
        while place > settledCount, case .query = waiting[place - 1] { place -= 1 }
        waiting.insert(.write(write, ticket), at: place)
    }

    /// Takes as much of what waits as fits in one operation.
    @inlinable
    mutating func take() {
        writes.removeAll(keepingCapacity: true)
        writeTickets.removeAll(keepingCapacity: true)
        queries.removeAll(keepingCapacity: true)
        queryTickets.removeAll(keepingCapacity: true)
        var taken = 0
        loop: for request in waiting {
            switch request {
            case .write(let write, let ticket):
                guard queries.isEmpty else { break loop }
                writes.append(write)
                writeTickets.append(ticket)
            case .query(let query, let ticket):
                guard writes.isEmpty else { break loop }
                queries.append(query)
                queryTickets.append(ticket)
            }
            taken += 1
        }
        if taken == waiting.count {
            waiting.removeAll(keepingCapacity: true)
        } else {
            waiting.removeFirst(taken)
        }
        settledCount = waiting.count
        isBusy = true
        serial += 1
    }

    /// Forgets all, and gives the commit that was under way.
    @inlinable
    mutating func crash() -> [Words.Write]? {
        let interrupted = isBusy && !writes.isEmpty ? writes : nil
        waiting.removeAll()
        settledCount = 0
        writes.removeAll()
        queries.removeAll()
        isBusy = false
        serial += 1
        return interrupted
    }
}
