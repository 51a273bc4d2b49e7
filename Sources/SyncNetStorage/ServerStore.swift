import GRDB
import StateMachine
public import SyncNetProtocol

/// What one server keeps: its log, its promises and the state that it has applied.
///
/// One SQLite database in WAL mode with `synchronous = FULL`, and a file of evidence beside
/// it. Used from one thread at a time.
public final class ServerStore {
    let queue: DatabaseQueue
    let files: StoreFiles
    let options: StorageOptions
    let evidence: EvidenceFile
    let statements = StoreStatements()
    private var lock: DirectoryLock?
    /// What is durable.
    var state: StoreState
    /// What it remembers of the rows.
    var index: AppliedIndex
    /// What the start has left to be verified.
    var unverified: UnverifiedHistory
    var scratch: [UInt8] = []
    /// Set by the first failure: what SQLite holds is uncertain from then on.
    private var failure: StorageError?
    private var isClosed = false
    /// Opened when somebody searches.
    var searchIndex: SearchIndex?
    /// What an operator should read about this start.
    public internal(set) var notices: [StorageNotice] = []

    init(
        queue: DatabaseQueue, files: StoreFiles, options: StorageOptions,
        evidence: EvidenceFile, lock: DirectoryLock?, state: StoreState, index: AppliedIndex,
        unverified: UnverifiedHistory
    ) {
        self.queue = queue
        self.files = files
        self.options = options
        self.evidence = evidence
        self.lock = lock
        self.state = state
        self.index = index
        self.unverified = unverified
    }

    /// Opens what is in a directory, or begins anew in an empty one.
    ///
    /// The only way in. The boot counter is raised durably, and everything is checked, but of a
    /// history longer than ``StorageOptions/verifiedAtStart``: its closed segments and the rooms'
    /// messages in them, which the owner has verified by ``verifyMore()`` (what is read of them
    /// before that is verified first), and the structure of the file, by ``structureCheck``. So
    /// a start takes no longer for a million entries; only what it reads of rooms, members,
    /// sessions and accounts grows with them.
    /// `freshDisk` is asked for a name only when the directory holds no database.
    public static func open(
        directory: String, freshDisk: @autoclosure () -> DiskID,
        options: StorageOptions = StorageOptions()
    ) throws(StorageError) -> (ServerStore, Recovered) {
        var findings = StorageFindings()
        return try open(
            directory: directory, freshDisk: freshDisk(), options: options, findings: &findings)
    }

    /// The same, and tells what it met, also where it fails.
    package static func open(
        directory: String, freshDisk: @autoclosure () -> DiskID, options: StorageOptions,
        findings: inout StorageFindings
    ) throws(StorageError) -> (ServerStore, Recovered) {
        let files = StoreFiles(directory: directory)
        do {
            let lock = options.isSimulated ? nil : try DirectoryLock(files)
            var opening = Opening(files: files, options: options, lock: lock)
            defer { findings = opening.findings }
            return try opening.run(freshDisk)
        } catch {
            let cause = files.readingFailed(behind: error)
            findings.insert(failed: cause)
            throw StorageError(cause, at: files)
        }
    }

    /// Makes all of the writes durable in one transaction, or fails for good.
    public func commit(_ writes: [JournalWrite]) throws(StorageError) {
        guard !writes.isEmpty else { return }
        do {
            try store(writes)
        } catch .full where options.bugs.contains(.s5FullDiskIsSuccess) {
            // "There will be room again."
            failure = nil
        }
    }

    private func store(_ writes: [JournalWrite]) throws(StorageError) {
        try working { db in
            let next = try transaction(in: db) {
                var next = state
                for write in writes { try perform(write, on: &next, in: db) }
                if index.sum != next.facts.sum || next.facts != state.facts {
                    next.facts.revision += 1
                    next.facts.sum = index.sum
                    try next.facts.write(statements.get(.factsUpdate, on: db))
                    try demand(1, of: "facts", in: db)
                }
                if let claims = evidence.claims, next.end < claims.end {
                    try evidence.lower(to: Evidence(state.facts, end: next.end))
                }
                return next
            }
            if options.bugs.contains(.s2FailedSyncRetried) { syncByHand() }
            let forces = next.facts.promises != state.facts.promises
            state = next
            try evidence.raise(
                to: Evidence(next.facts, end: next.end), forcing: forces,
                interval: options.evidenceInterval)
        }
    }

    /// Planted bug S2: SQLite is told not to sync each commit, and this does it, once more
    /// where it fails.
    private func syncByHand() {
        for _ in 0..<2 {
            if (try? VFSFile(files.writeAheadLog).sync()) != nil { return }
        }
    }

    private func transaction<T>(in db: Database, _ body: () throws -> T) throws -> T {
        try statements.get(.begin, on: db).run()
        do {
            let result = try body()
            try statements.get(.commit, on: db).run()
            return result
        } catch {
            // After some errors SQLite has rolled back by itself.
            if db.isInsideTransaction { try? statements.get(.rollback, on: db).run() }
            throw error
        }
    }

    /// Reads back.
    public func answer(_ query: JournalQuery) throws(StorageError) -> JournalAnswer {
        if case .search(let search) = query { return try self.search(search) }
        return try working { db in
            switch query {
            case .search: .unsearchable
            case .entries(let first, let count, let bytes):
                .entries(try entries(from: first, count: count, bytes: bytes, in: db))
            case .after(let index, let room, let limit):
                try messages(of: room, after: index, limit: limit, in: db)
            case .before(let index, let room, let limit):
                try messages(of: room, before: index, limit: limit, in: db)
            }
        }
    }

    /// Writes the evidence out and closes the files.
    public func close() {
        guard !isClosed else { return }
        isClosed = true
        if failure == nil { try? evidence.settle() }
        statements.removeAll()
        searchIndex?.close()
        try? queue.close()
        lock = nil
    }

    /// Runs `body` with the connection. What fails once fails for good: after an error of the
    /// disk nobody knows what it holds (Rebello et al., ATC 2020).
    func working<T>(_ body: (Database) throws -> T) throws(StorageError) -> T {
        if let failure { throw failure }
        guard !isClosed else { throw .broken("\(files.database) is closed already.") }
        do {
            return try queue.inDatabase(body)
        } catch {
            let failure = StorageError(error, at: files)
            self.failure = failure
            if case .damaged = failure, !options.isSimulated { files.suspect() }
            throw failure
        }
    }
}

/// What a store knows of its database without asking it.
struct StoreState: Equatable {
    var facts: FactsRow
    var end = LogEnd.empty
    var lastStamp = Stamp.zero
}

extension FactsRow {
    /// The facts whose evidence is forced to the disk as soon as they change.
    struct Promises: Equatable {
        var boot: Boot
        var ballot: Ballot
        var isRecovering: Bool
        var formations: UInt64
    }

    var promises: Promises {
        Promises(
            boot: boot, ballot: ballot, isRecovering: isRecovering, formations: formations)
    }
}
