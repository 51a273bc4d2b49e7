import DeterministicSimulation
import StateMachine
import SyncNetProtocol
import SyncNetStorage

extension DecisionKind {
    static let diskNames = DecisionKind("disk.names", from: .disk)
    static let diskSeed = DecisionKind("disk.seed", from: .disk)
}

/// What a server keeps in SQLite, on a disk that may lose what was not synced.
struct StoredJournal {
    /// More than the changes that a commit makes to its files, so that a crash may come
    /// anywhere in it, or right after it.
    private static let changesMost: UInt64 = 24

    private let disk: SimulatedDisk
    private let name: DiskID
    private let options: StorageOptions
    private var store: ServerStore?

    init(_ disk: SimulatedDisk, name: DiskID, bugs: PlantedBugs) {
        self.disk = disk
        self.name = name
        var options = StorageOptions.simulated
        options.bugs = bugs
        self.options = options
    }

    mutating func start() throws(JournalFailure) -> Recovered {
        do {
            let (store, found) = try ServerStore.open(
                directory: disk.directory, freshDisk: name, options: options)
            self.store = store
            return found
        } catch {
            throw JournalFailure(error)
        }
    }

    func commit(_ writes: [JournalWrite]) throws(JournalFailure) {
        guard let store else { throw .broken }
        do {
            try store.commit(writes)
        } catch {
            throw JournalFailure(error)
        }
    }

    func answer(_ query: JournalQuery) throws(JournalFailure) -> JournalAnswer {
        guard let store else { throw .broken }
        do {
            return try store.answer(query)
        } catch {
            throw JournalFailure(error)
        }
    }

    /// The process is killed, or the machine loses its power, perhaps in a commit.
    mutating func crash(
        _ kind: CrashKind, interrupted: [JournalWrite]?, of node: NodeID,
        decisions: inout Decisions
    ) {
        if let interrupted {
            let point = DecisionPoint(.diskInterrupted, node)
            disk.fuse = decisions.draw(point, in: 1...Self.changesMost)
            try? store?.commit(interrupted)
        }
        switch kind {
        // The operating system goes on and has all that it was given.
        case .kill: disk.crash { what, bound in what == Self.keptOfFile ? 1 : bound - 1 }
        case .powerLoss:
            disk.crash { _, bound in
                decisions.draw(DecisionPoint(.diskSectorKept, node), in: 0...bound - 1)
            }
        }
        store = nil
    }

    private static let keptOfFile = "crash keeps of a file: nothing, all, some sectors"
}

/// Compares what a disk chooses with a name.
private func == (what: StaticString, name: String) -> Bool { what.description == name }

extension JournalFailure {
    fileprivate init(_ error: StorageError) {
        if case .full = error { self = .full } else { self = .broken }
    }
}
