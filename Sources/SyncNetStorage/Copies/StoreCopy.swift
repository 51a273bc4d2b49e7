import GRDB
import GRDBSQLite
import StateMachine
package import SyncNetProtocol

/// A copy of a store in one file, verified row by row.
package struct StoreCopy: Equatable, Sendable {
    /// The cluster that the server belonged to; nil where it had never found one.
    package let formation: Formation?
    /// Where its log ends.
    package let last: LogIndex
    /// How far it was applied.
    package let applied: LogIndex
    /// How many rooms it knows.
    package let rooms: Int
    /// How many bytes it takes.
    package let bytes: Int64

    let facts: FactsRow
    let state: Recovered
    let end: LogEnd

    /// Reads a copy, and verifies all that is in it.
    package init(verifying path: String) throws(StorageError) {
        let files = StoreFiles(copy: path)
        do {
            guard try VFSFile.exists(path) else {
                throw StorageError.cannotOpen("there is no file \(path).")
            }
            let queue = try CopyFile.open(path)
            defer { try? queue.close() }
            let (facts, loaded) = try queue.inDatabase { try Self.load($0, files) }
            self.init(facts, loaded, bytes: try VFSFile(path).size())
        } catch {
            throw StorageError(error, at: files)
        }
    }

    private init(_ facts: FactsRow, _ loaded: RecoveredState, bytes: Int64) {
        self.facts = facts
        self.bytes = bytes
        state = loaded.value
        end = loaded.end
        formation = loaded.value.formation
        last = loaded.end.index
        applied = loaded.value.applied
        rooms = loaded.value.rooms.count
    }

    private static func load(
        _ db: Database, _ files: StoreFiles
    ) throws -> (FactsRow, RecoveredState) {
        guard try Schema.find(in: db) == .ours else {
            throw StorageError.cannotOpen(
                "\(files.database) is no backup of this version of SyncNet.")
        }
        let report = try String.fetchOne(db, sql: "PRAGMA quick_check(1)") ?? "no answer"
        guard report == "ok" else {
            throw StorageError.damaged(files.damage("SQLite says: \(Opening.oneLine(report))"))
        }
        var loader = Loader(db: db, files: files, bugs: [])
        let facts = try loader.facts()
        return (facts, try loader.state(facts))
    }
}

/// A database that is nobody's store: copied, read, changed, in one file.
enum CopyFile {
    /// Opens it: to be read only, or to be changed with a rollback journal.
    static func open(_ path: String, isReadOnly: Bool = true) throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.foreignKeysEnabled = false
        configuration.readonly = isReadOnly
        configuration.busyMode = .timeout(5)
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        if !isReadOnly {
            try queue.inDatabase { try $0.execute(sql: "PRAGMA synchronous = FULL") }
        }
        return queue
    }

    /// Writes all that a database holds this moment into a new file, and that to the disk.
    /// Others may go on writing to it.
    static func copy(_ source: DatabaseQueue, to path: String) throws {
        if try VFSFile.exists(path) { try VFSFile.delete(path) }
        try source.inDatabase { try $0.execute(sql: "VACUUM INTO ?", arguments: [path]) }
        try VFSFile(path).sync()
    }
}
