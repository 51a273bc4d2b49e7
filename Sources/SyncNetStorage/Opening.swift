import Foundation
import GRDB
import GRDBSQLite
import StateMachine
import SyncNetProtocol

/// One start: makes what is missing, checks what is there, raises the boot counter.
struct Opening {
    let files: StoreFiles
    let options: StorageOptions
    let lock: DirectoryLock?
    /// What was met so far.
    private(set) var findings = StorageFindings()

    /// Planted bug S8: a log that ends so early can't have been acknowledged any further.
    private var isCutShort = false

    init(files: StoreFiles, options: StorageOptions, lock: DirectoryLock?) {
        self.files = files
        self.options = options
        self.lock = lock
    }

    mutating func run(_ freshDisk: () -> DiskID) throws -> (ServerStore, Recovered) {
        var notices: [StorageNotice] = []
        let hadDatabase = try VFSFile.exists(files.database)
        var hadEvidence = try VFSFile.exists(files.evidence)
        if hadDatabase {
            try rewrite(hadEvidence: hadEvidence)
        } else {
            findings.insert(hadEvidence ? .databaseMissing : .emptyDirectory)
            if hadEvidence { notices.append(.databaseMissing(files.database)) }
            try clear()
            hadEvidence = false
        }
        let evidence = hadEvidence ? try openEvidence() : nil
        if evidence?.hasUnreadableHalf == true { findings.insert(.evidenceHalfUnreadable) }
        let queue = try connect()
        let opened = try queue.inDatabase { db in
            try recover(db, beside: evidence, freshDisk)
        }
        let (facts, recovered) = (opened.facts, opened.state)
        guard evidence != nil || !facts.isEvidenced else {
            findings.insert(.evidenceMissing)
            throw damage(
                "the file \(files.evidence) is missing, without which nobody can tell whether "
                    + "the database is whole")
        }
        let state = StoreState(
            facts: facts, end: recovered.end, lastStamp: recovered.lastStamp)
        let store = ServerStore(
            queue: queue, files: files, options: options,
            evidence: try evidence ?? openEvidence(), lock: lock, state: state,
            index: opened.index, unverified: opened.unverified)
        store.notices = notices
        try store.raiseBoot()
        var result = recovered.value
        result.boot = store.state.facts.boot
        return (store, result)
    }

    private func damage(_ what: String) -> StorageError { .damaged(files.damage(what)) }

    /// What a failed sync may have left to be read only; see ``LogRewrite``. The pages of the
    /// database itself are copied again from the log, but for those of its very beginning.
    private mutating func rewrite(hadEvidence: Bool) throws {
        let rewrite = LogRewrite(files: files, bugs: options.bugs)
        if try VFSFile.exists(files.rollbackJournal) { findings.insert(.rollbackJournal) }
        if !hadEvidence {
            findings.insert(.firstStartInterrupted)
            _ = try rewrite.run(files.database)
        } else if try !isOfWriteAheadLog() {
            findings.insert(.malformedPages)
            throw damage("its header says that it is read or written in another way")
        }
        guard try VFSFile.exists(files.writeAheadLog) else { return }
        let shape = try rewrite.run(files.writeAheadLog, isLog: true)
        if shape.frames > 0 { findings.insert(.writeAheadLog) }
        if shape.hasFormer { findings.insert(.formerFrames) }
        if !shape.endsWithCommit { findings.insert(.tornTail) }
        isCutShort = shape.isCutShort
    }

    /// What every database of ours says since its first start. SQLite would take a changed
    /// header for the wish not to be written.
    private func isOfWriteAheadLog() throws -> Bool {
        let header = try VFSFile(files.database).read(count: 20, at: 0)
        let isDatabase = header.starts(with: Array("SQLite format 3\0".utf8))
        return !isDatabase || header[18] == 2 && header[19] == 2
    }

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
            files.evidence, bugs: options.bugs)
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
        var synchronous = "FULL"
        if options.bugs.contains(.s1SynchronousOff) { synchronous = "OFF" }
        if options.bugs.contains(.s2FailedSyncRetried) { synchronous = "NORMAL" }
        try queue.inDatabase { db in
            try db.execute(
                sql: """
                    PRAGMA journal_mode = WAL;
                    PRAGMA synchronous = \(synchronous);
                    PRAGMA fullfsync = ON;
                    PRAGMA checkpoint_fullfsync = ON;
                    """)
            if let pages = options.cachedPages {
                try db.execute(sql: "PRAGMA cache_size = \(pages)")
            }
            Checkpoints.install(on: db, pages: options.checkpointPages)
        }
        return queue
    }

    private mutating func recover(
        _ db: Database, beside evidence: EvidenceFile?, _ freshDisk: () -> DiskID
    ) throws -> Opened {
        switch try Schema.find(in: db) {
        case .nothing:
            guard evidence == nil else {
                throw damage("it is empty, but this server once stored something in it")
            }
            let facts = FactsRow(disk: freshDisk())
            try create(facts, in: db)
            return Opened(
                facts: facts,
                state: RecoveredState(Recovered(disk: facts.disk, boot: facts.boot)))
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
        case .older(let version): return try migrate(db, from: version, beside: evidence)
        case .ours: return try load(db, beside: evidence)
        }
    }

    private func create(_ facts: FactsRow, in db: Database) throws {
        try db.inTransaction(.immediate) {
            try db.execute(
                sql: Schema.tables + """
                    INSERT INTO facts VALUES (1, 0, 0, 0, NULL, 0, 0, 0, 0, 0, 0, 0);
                    PRAGMA user_version = \(Schema.version);
                    PRAGMA application_id = \(Schema.application);
                    """)
            try facts.write(PreparedStatement(try db.makeStatement(sql: FactsRow.update)))
            return .commit
        }
    }

    /// Takes over what an earlier version kept, all of it or nothing.
    private mutating func migrate(
        _ db: Database, from version: Int, beside evidence: EvidenceFile?
    ) throws -> Opened {
        var result: Opened?
        try db.inTransaction(.immediate) {
            if version == 1 { try db.execute(sql: Schema.migration) }
            try db.execute(
                sql: Schema.additions(since: version) + "PRAGMA user_version = \(Schema.version);")
            var opened = try load(db, beside: evidence, version: version)
            if version < 5 { try opened.closeSegments(of: options.segmentEntries, in: db) }
            opened.facts.sum = opened.index.sum
            try opened.facts.write(PreparedStatement(try db.makeStatement(sql: FactsRow.update)))
            result = opened
            return .commit
        }
        guard let result else { throw damage("its former version can't be taken over") }
        return result
    }

    static func oneLine(_ report: String) -> String {
        report.split(whereSeparator: \.isNewline).joined(separator: " ")
    }

    private mutating func load(
        _ db: Database, beside evidence: EvidenceFile?, version: Int = Schema.version
    ) throws -> Opened {
        let isBrief = version == Schema.version && isLong(db)
        let report = isBrief ? "ok" : try String.fetchOne(db, sql: "PRAGMA quick_check(1)")
        guard report == "ok" else {
            findings.insert(.malformedPages)
            throw damage("SQLite says: \(Self.oneLine(report ?? "nothing"))")
        }
        var loader = Loader(
            db: db, files: files, bugs: options.bugs, version: version, isBrief: isBrief)
        defer { findings.formUnion(loader.findings) }
        let facts = try loader.facts()
        let state = try loader.state(facts)
        try compare(Evidence(facts, end: state.end), with: evidence, facts)
        if isBrief {
            findings.insert(.historyLeft)
        } else if !options.isSimulated {
            files.trust()
        }
        return Opened(
            facts: facts, state: state, index: loader.index, unverified: loader.unverified)
    }

    /// Whether a start would have to read too much. Where that can't be told, it reads all.
    private func isLong(_ db: Database) -> Bool {
        guard options.isSimulated || !files.isSuspect else { return false }
        let sealed = try? UInt64.fetchOne(db, sql: "SELECT max(through) FROM segments")
        return sealed ?? 0 > options.verifiedAtStart
    }

    private mutating func compare(
        _ held: Evidence, with evidence: EvidenceFile?, _ facts: FactsRow
    ) throws {
        guard let evidence else { return }
        guard let claims = evidence.claims else {
            guard facts.isEvidenced else { return }
            findings.insert(.evidenceUnreadable)
            throw damage("both halves of the file \(files.evidence) are unreadable")
        }
        if !isCutShort, let missing = claims.missing(in: held) {
            findings.insert(.evidenceAhead)
            throw damage(missing)
        }
        if claims != held { findings.insert(.evidenceBehind) }
    }
}

/// What a start has read from the database.
private struct Opened {
    var facts: FactsRow
    var state: RecoveredState
    var index = AppliedIndex()
    var unverified = UnverifiedHistory()

    /// Writes what a former version did not have: where epochs begin, and the segments.
    mutating func closeSegments(of count: Int, in db: Database) throws {
        func statement(_ name: StoreStatements.Name) throws -> PreparedStatement {
            PreparedStatement(try db.makeStatement(sql: StoreStatements.sql(name)))
        }
        let (insertRun, insertSegment) = try (statement(.runInsert), statement(.segmentInsert))
        for run in state.value.runs where run.first <= state.value.applied {
            try insertRun.insert(run)
            index.sum &+= run.checksum
        }
        for segment in index.closeSegments(of: count) { try insertSegment.insert(segment) }
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
            try demand(1, of: "facts", in: db)
        }
        try evidence.raise(
            to: Evidence(state.facts, end: state.end), forcing: true, interval: 0)
    }
}
