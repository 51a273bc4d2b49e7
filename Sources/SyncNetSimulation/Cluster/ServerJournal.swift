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

    /// A list in memory.
    package static func memory(disk: DiskID) -> ServerJournal {
        ServerJournal(memory: MemoryJournal(disk: disk), stored: nil)
    }

    /// SQLite on a simulated disk.
    package static func sqlite(
        on disk: SimulatedDisk, name: DiskID, bugs: PlantedBugs
    ) -> ServerJournal {
        ServerJournal(memory: nil, stored: StoredJournal(disk, name: name, bugs: bugs))
    }

    /// Opens what is there, as a server does that starts.
    package mutating func start() throws(JournalFailure) -> Recovered {
        if let found = memory?.start() { return found }
        guard stored != nil, let found = try stored?.start() else { throw .broken }
        return found
    }

    /// Makes writes durable.
    package mutating func commit(_ writes: [JournalWrite]) throws(JournalFailure) {
        if let stored { return try stored.commit(writes) }
        for write in writes { memory?.commit(write) }
    }

    /// Reads back.
    package mutating func answer(
        _ query: JournalQuery
    ) throws(JournalFailure) -> JournalAnswer {
        if let stored { return try stored.answer(query) }
        if let memory { return memory.answer(query) }
        throw .broken
    }

    /// The server ends here.
    package mutating func crash(
        _ kind: CrashKind, interrupted: [JournalWrite]?, of node: NodeID,
        decisions: inout Decisions
    ) {
        stored?.crash(kind, interrupted: interrupted, of: node, decisions: &decisions)
        guard memory != nil, let interrupted else { return }
        let point = DecisionPoint(.diskInterrupted, node)
        guard decisions.draw(point, in: 0...1) == 1 else { return }
        for write in interrupted { memory?.commit(write) }
    }
}
