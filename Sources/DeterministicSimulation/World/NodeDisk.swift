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
    @usableFromInline var writes: [Words.Write] = []
    @usableFromInline var writeTickets: [Ticket] = []
    @usableFromInline var queries: [Words.Query] = []
    @usableFromInline var queryTickets: [Ticket] = []
    @usableFromInline var isBusy = false
    /// Tells the operation under way from those of earlier boots.
    @usableFromInline var serial: UInt64 = 0

    @inlinable init() {}

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
        isBusy = true
        serial += 1
    }

    /// Forgets all, and gives the commit that was under way.
    @inlinable
    mutating func crash() -> [Words.Write]? {
        let interrupted = isBusy && !writes.isEmpty ? writes : nil
        waiting.removeAll()
        writes.removeAll()
        queries.removeAll()
        isBusy = false
        serial += 1
        return interrupted
    }
}
