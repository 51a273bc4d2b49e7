import DeterministicSimulation
import StateMachine
import SyncNetProtocol
import SyncNetStorage

extension DecisionKind {
    static let diskNames = DecisionKind("disk.names", from: .disk)
    static let diskSeed = DecisionKind("disk.seed", from: .disk)
    static let diskTrouble = DecisionKind("disk.trouble", from: .disk)
    static let diskReach = DecisionKind("disk.reach", from: .disk)
    static let diskStartedThrough = DecisionKind("disk.startedThrough", from: .disk)
}

/// What a server keeps in SQLite, on a disk that may lose what was not synced, and worse.
struct StoredJournal {
    /// More than the changes that a commit makes to its files, so that a crash may come
    /// anywhere in it, or right after it.
    private static let changesMost: UInt64 = 24
    /// About as many changes as the first start of all makes; others make a third of them.
    private static let startChangesMost: UInt64 = 40
    /// About as many reads as a start makes.
    private static let readsMost: UInt64 = 96

    let disk: SimulatedDisk
    private let node: NodeID
    private var options: StorageOptions
    private var store: ServerStore?
    /// Whether a start found a database, be it an empty one.
    private var hasFiles = false
    /// How many names its directory has had: one for every time that it was found empty.
    private var births: UInt64 = 0
    private(set) var tally = StorageTally()

    /// Whether the next start takes any history for a long one: it closes short segments of
    /// the log, and verifies them while it works.
    var leavesHistory = false {
        didSet {
            let usual = StorageOptions.simulated
            options.segmentEntries = leavesHistory ? 8 : usual.segmentEntries
            options.verifiedAtStart = leavesHistory ? 0 : usual.verifiedAtStart
        }
    }

    init(_ disk: SimulatedDisk, of node: NodeID, bugs: PlantedBugs) {
        self.disk = disk
        self.node = node
        var options = StorageOptions.simulated
        options.bugs = bugs
        self.options = options
    }

    /// A name that no disk of the cluster has had.
    private mutating func newName() -> DiskID {
        births += 1
        // A first start that was interrupted may have left files, and damage may lie in them.
        if births > 1 { disk.health.begin(keepingDamage: hasFiles) }
        return DiskID((births - 1) << 32 | UInt64(node.rank) + 1)
    }

    mutating func start() throws(JournalFailure) -> Recovered {
        var findings = StorageFindings()
        defer { tally.count(findings) }
        hasFiles = (disk.size(of: "syncnet.db") ?? 0) > 0
        do {
            let (store, found) = try ServerStore.open(
                directory: disk.directory, freshDisk: newName(), options: options,
                findings: &findings)
            self.store = store
            disk.health.started()
            return found
        } catch {
            throw error.failure
        }
    }

    /// A start that the machine does not survive, unless it is faster than the power is gone.
    mutating func startInterrupted(
        _ decisions: inout Decisions
    ) throws(JournalFailure) -> Recovered {
        let point = DecisionPoint(.diskStartedThrough, node)
        disk.fuse = decisions.draw(point, in: 1...Self.startChangesMost)
        defer { disk.fuse = nil }
        do {
            let found = try start()
            if !disk.isOut { return found }
        } catch {
            if !disk.isOut { throw error }
        }
        tally.interruptedStarts += 1
        crash(.powerLoss, interrupted: nil, decisions: &decisions)
        throw .broken
    }

    mutating func commit(_ writes: [JournalWrite]) throws(JournalFailure) {
        guard let store else { throw .broken }
        do {
            try store.commit(writes)
            // What it finds fails whatever comes next: the commit itself was well.
            _ = try? store.verifyMore()
        } catch {
            tally.count(error.failure)
            throw error.failure
        }
    }

    mutating func answer(_ query: JournalQuery) throws(JournalFailure) -> JournalAnswer {
        guard let store else { throw .broken }
        do {
            return try store.answer(query)
        } catch {
            tally.count(error.failure)
            throw error.failure
        }
    }

    /// The process is killed, or the machine loses its power, perhaps in a commit.
    mutating func crash(
        _ kind: CrashKind, interrupted: [JournalWrite]?, decisions: inout Decisions
    ) {
        if let interrupted {
            let point = DecisionPoint(.diskInterrupted, node)
            disk.fuse = decisions.draw(point, in: 1...Self.changesMost)
            try? store?.commit(interrupted)
        }
        switch kind {
        case .kill: disk.kill()
        case .powerLoss:
            disk.crash { _, bound in
                decisions.draw(DecisionPoint(.diskSectorKept, node), in: 0...bound - 1)
            }
        }
        store = nil
    }

    mutating func begin(_ trouble: DiskTrouble, decisions: inout Decisions) {
        func draw(below bound: UInt64) -> UInt64 {
            decisions.draw(DecisionPoint(.diskTrouble, node), in: 0...bound - 1)
        }
        if trouble == .bitFlip { return disk.rot(draw) }
        /// The first reads of a start as often as all others: they decide what is there.
        func drawRead() -> UInt64 {
            let reach = decisions.draw(DecisionPoint(.diskReach, node), in: 0...2)
            return draw(below: Self.readsMost >> (reach * 2))
        }
        var ailment = disk.ailment ?? DiskAilment()
        switch trouble {
        case .failedSync: ailment.syncsUntilFailure = draw(below: 8)
        case .lyingSync: ailment.lies = true
        case .full: ailment.room = Int(draw(below: 32_768))
        case .readError: ailment.readsUntilError = drawRead()
        case .shortRead:
            ailment.readsUntilShort = drawRead()
            ailment.missing = draw(below: 4_096)
        case .misdirectedRead:
            ailment.readsUntilAstray = drawRead()
            ailment.distance = draw(below: 1 << 20)
        case .misdirectedWrite:
            ailment.writesUntilAstray = draw(below: 24)
            ailment.distance = draw(below: 1 << 20)
        case .bitFlip, .stall: return
        }
        disk.ailment = ailment
    }

    mutating func end(_ trouble: DiskTrouble) {
        guard var ailment = disk.ailment else { return }
        switch trouble {
        case .failedSync: ailment.syncsUntilFailure = nil
        case .lyingSync:
            ailment.lies = false
            disk.keepPromises()
        case .full: ailment.room = nil
        case .readError: ailment.endReadErrors()
        case .shortRead: ailment.readsUntilShort = nil
        case .misdirectedRead: ailment.readsUntilAstray = nil
        case .misdirectedWrite: ailment.writesUntilAstray = nil
        case .bitFlip, .stall: return
        }
        disk.ailment = ailment.isOver ? nil : ailment
    }

    mutating func wipe() {
        tally.wipes += 1
        disk.wipe()
        store = nil
    }
}
