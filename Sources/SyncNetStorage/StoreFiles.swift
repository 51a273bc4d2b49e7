import Foundation

/// The names of a store's files.
struct StoreFiles: Sendable {
    let directory: String
    private let copyPath: String?

    /// The one file of a copy.
    init(copy path: String) {
        directory = ""
        copyPath = path
    }

    init(directory: String) {
        var directory = directory
        while directory.count > 1, directory.hasSuffix("/") { directory.removeLast() }
        self.directory = directory
        copyPath = nil
    }

    var database: String { copyPath ?? directory + "/syncnet.db" }
    var writeAheadLog: String { database + "-wal" }
    var sharedMemory: String { database + "-shm" }
    var rollbackJournal: String { database + "-journal" }
    var search: String { directory + "/search.db" }
    var evidence: String { directory + "/evidence" }
    var lock: String { directory + "/lock" }
    /// There where the last process found damage while it worked.
    var suspicion: String { directory + "/suspect" }

    /// Whether the next start has to read all that there is.
    var isSuspect: Bool { copyPath == nil && access(suspicion, F_OK) == 0 }

    /// Has the next start read all. Without effect where nothing can be written any more.
    func suspect() {
        let descriptor = open(suspicion, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        if descriptor >= 0 { close(descriptor) }
    }

    /// All was read, and is well.
    func trust() { if isSuspect { unlink(suspicion) } }

    /// The sentence about damage: which file, what, and what to do.
    func damage(_ what: String) -> String {
        guard copyPath == nil else {
            return "\(database) is damaged: \(what). Nothing was done; take another backup."
        }
        return "\(database) is damaged: \(what). Set the directory \(directory) aside and start "
            + "again (\"syncnet wipe-and-rejoin\" does both): the other servers will feed this one."
    }
}

extension StoreFiles {
    private static let chunkBytes: Int64 = 65_536

    /// What is behind an error of a start: SQLite's checks report many a page that could not be
    /// read as if it were damaged. So nothing is called damaged that can't be read.
    func readingFailed(behind error: any Error) -> any Error {
        guard case .damaged = StorageError(error, at: self) else { return error }
        do {
            for file in [database, writeAheadLog, evidence] { try read(file) }
        } catch {
            return error
        }
        return error
    }

    private func read(_ path: String) throws {
        guard try VFSFile.exists(path) else { return }
        let file = try VFSFile(path)
        let size = try file.size()
        for offset in stride(from: 0, to: size, by: Int64.Stride(Self.chunkBytes)) {
            let count = min(Self.chunkBytes, size - offset)
            _ = try file.read(count: Int(count), at: offset)
        }
    }
}
