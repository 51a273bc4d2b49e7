public import StateMachine

/// How a node ends against its will.
public enum CrashKind: UInt8, Equatable, Sendable, CaseIterable {
    /// The process is killed: what it gave to the operating system stays.
    case kill
    /// The machine loses its power: only what was synced stays.
    case powerLoss
}

/// One node's journal on its simulated disk. The world decides when; the journal does.
public protocol SimulatedJournal<Words> {
    /// The words that it keeps.
    associatedtype Words: Vocabulary

    /// Makes the writes durable, all or none. They are the writes of one or more events, in
    /// order: a group commit.
    mutating func commit(_ writes: [Words.Write]) throws(JournalFailure)

    /// Answers a query; all writes asked for before it are committed.
    mutating func answer(_ query: Words.Query) throws(JournalFailure) -> Words.Answer

    /// The node ends here. `interrupted` is the commit that was under way, of which any part
    /// may have been done. Until the next start of the node nothing else is called.
    mutating func crash(
        _ kind: CrashKind, interrupted: [Words.Write]?, of node: NodeID,
        decisions: inout Decisions)

    /// The disk is in trouble from now on. May come before the first start of the node, and
    /// while it is down. Several sorts may be in force at a time, each once.
    ///
    /// A journal that has no such trouble does nothing here; but then its faults are none,
    /// however often the world counts them, and it is best not to ask for them.
    ///
    /// ``DiskTrouble/bitFlip`` is what the disk finds right now; the others concern what is
    /// asked of it from now on. ``DiskTrouble/stall`` needs no answer: the world itself does
    /// not ask meanwhile.
    mutating func begin(
        _ trouble: DiskTrouble, of node: NodeID, decisions: inout Decisions)

    /// That trouble is over.
    mutating func end(_ trouble: DiskTrouble, of node: NodeID, decisions: inout Decisions)

    /// The disk is empty from now on. Comes while the node is down, after its crash.
    mutating func wipe(of node: NodeID, decisions: inout Decisions)
}
