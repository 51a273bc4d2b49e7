import GRDB
import StateMachine
import SyncNetProtocol

/// One start: makes what is missing, checks what is there, raises the boot counter.
struct Opening {
    let files: StoreFiles
    let options: StorageOptions
    let lock: DirectoryLock?

    func run(_ freshDisk: () -> DiskID) throws -> (ServerStore, Recovered) {
        var notices: [StorageNotice] = []
        let hadDatabase = try VFSFile.exists(files.database)
        var hadEvidence = try VFSFile.exists(files.evidence)
        if !hadDatabase {
            if hadEvidence { notices.append(.databaseMissing(files.database)) }
            try clear()
            hadEvidence = false
        }
        let evidence = hadEvidence ? try openEvidence() : nil
        let queue = try connect()
        let (facts, recovered) = try queue.inDatabase { db in
            try recover(db, beside: evidence, freshDisk)
        }
        guard evidence != nil || !facts.isEvidenced else {
            throw damage(
                "the file \(files.evidence) is missing, without which nobody can tell whether "
                    + "the database is whole")
        }
        let state = StoreState(
            facts: facts, end: recovered.end, lastStamp: recovered.lastStamp)
        let store = ServerStore(
            queue: queue, files: files, options: options,
            evidence: try evidence ?? openEvidence(), lock: lock, state: state)
        store.notices = notices
        try store.raiseBoot()
        var result = recovered.value
        result.boot = store.state.facts.boot
        return (store, result)
    }

    private func damage(_ what: String) -> StorageError { .damaged(files.damage(what)) }

    /// The database was deleted, or never was. What still lies around belongs to another
    /// disk's life. The evidence goes last, so that a power cut in between is seen again.
    private func clear() throws {
        for file in [
            files.writeAheadLog, files.rollbackJournal, files.sharedMemory, files.evidence,
        ] where try VFSFile.exists(file) {
            try VFSFile.delete(file)
        }
    }

    private func openEvidence() throws -> EvidenceFile {
        try EvidenceFile(
            files.evidence, skipsSync: options.bugs.contains(.s1SynchronousOff))
    }

    private func connect() throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.foreignKeysEnabled = false
        configuration.busyMode = .timeout(
            Double(options.busyTimeout.nanoseconds) / 1_000_000_000)
        if options.isExclusive {
            // Before anything is read: otherwise SQLite asks for shared memory all the same.
            configuration.prepareDatabase { db in
                try db.execute(sql: "PRAGMA locking_mode = EXCLUSIVE")
            }
        }
        let queue = try DatabaseQueue(path: files.database, configuration: configuration)
        // GRDB sets NORMAL in its own WAL mode, so neither is left to it.
        let synchronous = options.bugs.contains(.s1SynchronousOff) ? "OFF" : "FULL"
        try queue.inDatabase { db in
            try db.execute(
                sql: """
                    PRAGMA journal_mode = WAL;
                    PRAGMA synchronous = \(synchronous);
                    PRAGMA wal_autocheckpoint = \(options.checkpointPages);
                    PRAGMA fullfsync = ON;
                    PRAGMA checkpoint_fullfsync = ON;
                    """)
        }
        return queue
    }

    private func recover(
        _ db: Database, beside evidence: EvidenceFile?, _ freshDisk: () -> DiskID
    ) throws -> (FactsRow, RecoveredState) {
        switch try Schema.find(in: db) {
        case .nothing:
            guard evidence == nil else {
                throw damage("it is empty, but this server once stored something in it")
            }
            let facts = FactsRow(disk: freshDisk())
            try create(facts, in: db)
            return (facts, RecoveredState(Recovered(disk: facts.disk, boot: facts.boot)))
        case .newer(let version):
            throw StorageError.cannotOpen(
                "\(files.database) was written by a newer SyncNet (schema \(version), this one "
                    + "knows \(Schema.version)); start the newer program.")
        case .foreign where evidence != nil:
            throw damage("it no longer says that it is this server's")
        case .foreign:
            throw StorageError.cannotOpen(
                "\(files.database) is another program's database; give this server a directory "
                    + "of its own.")
        case .ours: return try load(db, beside: evidence)
        }
    }

    private func create(_ facts: FactsRow, in db: Database) throws {
        try db.inTransaction(.immediate) {
            try db.execute(
                sql: Schema.tables + """
                    INSERT INTO facts VALUES (1, 0, 0, 0, NULL, 0, 0, 0, 0, 0, 0);
                    PRAGMA user_version = \(Schema.version);
                    PRAGMA application_id = \(Schema.application);
                    """)
            try facts.write(PreparedStatement(try db.makeStatement(sql: FactsRow.update)))
            return .commit
        }
    }

    private func load(
        _ db: Database, beside evidence: EvidenceFile?
    ) throws -> (FactsRow, RecoveredState) {
        let report = try String.fetchOne(db, sql: "PRAGMA quick_check(1)") ?? "no answer"
        guard report == "ok" else { throw damage("SQLite says: \(report)") }
        let loader = Loader(db: db, files: files)
        let facts = try loader.facts()
        let recovered = try loader.state(facts)
        if let evidence, evidence.claims == nil, facts.isEvidenced {
            throw damage("both halves of the file \(files.evidence) are unreadable")
        }
        let held = Evidence(facts, end: recovered.end)
        if let missing = evidence?.claims?.missing(in: held) { throw damage(missing) }
        return (facts, recovered)
    }
}

/// What a start finds, with the end of the log.
struct RecoveredState {
    var value: Recovered
    var end = LogEnd.empty
    var lastStamp = Stamp.zero

    init(_ value: Recovered) { self.value = value }
}

extension ServerStore {
    /// Counts this start, durably, and leaves evidence of it. The evidence must be there
    /// before the database says that it is.
    func raiseBoot() throws {
        try evidence.raise(
            to: Evidence(state.facts, end: state.end), forcing: true, interval: 0)
        try queue.inDatabase { db in
            state.facts.boot.number += 1
            state.facts.isEvidenced = true
            state.facts.revision += 1
            try state.facts.write(statements.get(.factsUpdate, on: db))
        }
        try evidence.raise(
            to: Evidence(state.facts, end: state.end), forcing: true, interval: 0)
    }
}
