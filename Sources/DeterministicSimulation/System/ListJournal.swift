public import StateMachine

/// A journal for any vocabulary: the list of what was written, in memory.
///
/// A commit is all or nothing. One that is interrupted by a crash is kept or lost, as drawn.
public struct ListJournal<Words: Vocabulary>: SimulatedJournal {
    /// All writes that a reader of the disk sees, first to last.
    public private(set) var writes: [Words.Write] = []
    /// How many of them survive a loss of power.
    public private(set) var syncedCount = 0
    private let syncs: Bool
    private let respond: @Sendable ([Words.Write], Words.Query) -> Words.Answer

    /// Makes an empty journal that answers queries from the list of its writes.
    ///
    /// With `syncs` false it forgets to sync, as a planted bug: a kill loses nothing then,
    /// a loss of power everything.
    public init(
        syncs: Bool = true,
        answer: @escaping @Sendable ([Words.Write], Words.Query) -> Words.Answer
    ) {
        self.syncs = syncs
        respond = answer
    }

    /// Adds the writes at the end.
    public mutating func commit(_ writes: [Words.Write]) throws(JournalFailure) {
        self.writes += writes
        if syncs { syncedCount = self.writes.count }
    }

    /// Answers from the list.
    public mutating func answer(_ query: Words.Query) throws(JournalFailure) -> Words.Answer {
        respond(writes, query)
    }

    /// Keeps what the kind of crash leaves.
    public mutating func crash(
        _ kind: CrashKind, interrupted: [Words.Write]?, of node: NodeID,
        decisions: inout Decisions
    ) {
        if let interrupted,
            decisions.draw(DecisionPoint(.diskInterrupted, node), in: 0...1) == 1
        {
            writes += interrupted
            if syncs { syncedCount = writes.count }
        }
        if kind == .powerLoss { writes.removeSubrange(syncedCount...) }
    }
}
