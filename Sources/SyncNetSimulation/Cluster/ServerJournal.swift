package import DeterministicSimulation
package import StateMachine
package import SyncNetProtocol

/// Where a server of a simulated cluster keeps what must not be lost. Clients keep nothing.
package struct ServerJournal: SimulatedJournal {
    /// SyncNet's.
    package typealias Words = SyncNet

    private var memory: MemoryJournal?
    private var stored: StoredJournal?

    /// A client's.
    package static var none: ServerJournal { ServerJournal(memory: nil, stored: nil) }

    /// A list in memory, of a server that has been a member of a cluster already or has not.
    package static func memory(of node: NodeID, formed: Formation? = nil) -> ServerJournal {
        ServerJournal(memory: MemoryJournal(of: node, formed: formed), stored: nil)
    }

    /// SQLite on a simulated disk.
    package static func sqlite(
        on disk: SimulatedDisk, of node: NodeID, bugs: PlantedBugs
    ) -> ServerJournal {
        ServerJournal(memory: nil, stored: StoredJournal(disk, of: node, bugs: bugs))
    }

    /// Whether the next start leaves closed segments of the log for later.
    var leavesHistory = false {
        didSet { stored?.leavesHistory = leavesHistory }
    }

    /// Opens what is there, as a server does that starts.
    package mutating func start() throws(JournalFailure) -> Recovered {
        if let found = try memory?.start() { return found }
        guard stored != nil, let found = try stored?.start() else { throw .broken }
        return found
    }

    /// The same, and the machine loses its power meanwhile or soon after. Without effect on
    /// what is in memory.
    mutating func startInterrupted(
        _ decisions: inout Decisions
    ) throws(JournalFailure) -> Recovered {
        guard stored != nil, let found = try stored?.startInterrupted(&decisions) else {
            return try start()
        }
        return found
    }

    /// Makes writes durable.
    package mutating func commit(_ writes: [JournalWrite]) throws(JournalFailure) {
        // Asking whether it is there would copy it.
        if try stored?.commit(writes) != nil { return }
        try memory?.commit(writes)
    }

    /// Reads back.
    package mutating func answer(
        _ query: JournalQuery
    ) throws(JournalFailure) -> JournalAnswer {
        if let answer = try stored?.answer(query) { return answer }
        if let answer = try memory?.answer(query) { return answer }
        throw .broken
    }

    /// The server ends here.
    package mutating func crash(
        _ kind: CrashKind, interrupted: [JournalWrite]?, of node: NodeID,
        decisions: inout Decisions
    ) {
        stored?.crash(kind, interrupted: interrupted, decisions: &decisions)
        guard memory != nil, let interrupted else { return }
        let point = DecisionPoint(.diskInterrupted, node)
        guard decisions.draw(point, in: 0...1) == 1 else { return }
        try? memory?.commit(interrupted)
    }

    /// The disk is in trouble from now on.
    package mutating func begin(
        _ trouble: DiskTrouble, of node: NodeID, decisions: inout Decisions
    ) {
        stored?.begin(trouble, decisions: &decisions)
        memory?.begin(trouble)
    }

    /// That trouble is over.
    package mutating func end(
        _ trouble: DiskTrouble, of node: NodeID, decisions: inout Decisions
    ) {
        stored?.end(trouble)
        memory?.end(trouble)
    }

    /// The disk is empty from now on, and has another name.
    package mutating func wipe(of node: NodeID, decisions: inout Decisions) {
        stored?.wipe()
        memory?.wipe()
    }

    /// How its disk is, which no server knows.
    var health: DiskHealth? { stored?.disk.health ?? memory?.health }

    /// What its storage met.
    var tally: StorageTally { stored?.tally ?? StorageTally() }
}
