import StateMachine

/// Records that are on their way to the disk, first to last.
struct PendingWrites: Sendable {
    private var lastTicket: UInt64 = 0
    private var waiting: [(ticket: Ticket, record: TwoPhaseCommit.Record)] = []

    var records: [TwoPhaseCommit.Record] { waiting.map(\.record) }

    mutating func write(
        _ record: TwoPhaseCommit.Record, into effects: inout Effects<TwoPhaseCommit>
    ) {
        lastTicket += 1
        waiting.append((Ticket(lastTicket), record))
        effects.append(.write(record, Ticket(lastTicket)))
    }

    /// Takes off what is durable now.
    mutating func finish(_ ticket: Ticket) -> [TwoPhaseCommit.Record] {
        let finished = waiting.prefix { $0.ticket <= ticket }.map(\.record)
        waiting.removeFirst(finished.count)
        return finished
    }
}
