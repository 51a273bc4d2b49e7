/// A promise of SyncNet that a judge watches over.
package enum Property: String, Equatable, Sendable, CaseIterable {
    case electionSafety = "election safety"
    case leaderAppendOnly = "leader append-only"
    case logMatching = "log matching"
    case leaderCompleteness = "leader completeness"
    case stateMachineSafety = "state-machine safety"
    case durability = "durability"
    case exactlyOnce = "exactly once"
    case roomOrder = "room order"
    case senderOrder = "sender order"
    case causalOrder = "causal order"
    case lamport = "Lamport"
    case honestReads = "honest reads"
    /// What keeps the limits and makes sense is not refused for want of either.
    case honestRefusals = "honest refusals"
    case liveness = "liveness"
    /// Nothing that depends on durability leaves before it is durable.
    case promise = "durable before told"
    /// What the journal answered for is there after a restart.
    case journal = "journal"
    /// The epoch that a server follows never falls.
    case monotonicLeader = "monotonic leader"
    /// Who is not answered by a quorum for the death time, or hears of a higher epoch's leader,
    /// leads no more.
    case stepDown = "step-down"
    /// Tokens are taken off the ring, and a calm ring sends exactly as many as LCR needs.
    case exactCount = "exact count"
    /// Who calls itself the leader has had a quorum's word for it within the time of
    /// confirmation.
    case honestStatus = "honest status"
    /// Nobody is taken for dead who was heard, or has answered, just now.
    case accuracy = "accuracy"
    /// Who falls silent is taken for dead within timeout + interval + delay.
    case detectionBound = "detection bound"
    /// What clients asked and were told of a room fits one order that respects real time.
    case linearizability = "linearizability"
    /// Who is a member of a room, and so may speak there, is a function of the log.
    case membership = "room membership"
    /// What is said in a private room is shown to its members only.
    case privacy = "private rooms"
    /// Who may do something, by the accounts, and nobody else, is served.
    case access = "access"
    /// What a server was told leads the machine to what the server asked for.
    case conformance = "conformance"
}

/// A broken promise, with what was seen.
package struct Breach: Equatable, Sendable {
    /// What was promised.
    package var property: Property
    /// What was seen instead, in one sentence.
    package var detail: String

    /// Makes a breach.
    package init(_ property: Property, _ detail: String) {
        self.property = property
        self.detail = detail
    }
}
