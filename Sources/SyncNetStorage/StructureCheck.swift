import GRDB
import Synchronization

/// A look at the structure of a database's file, from a thread of its own while the store works:
/// SQLite's lists of free pages are in no sum, and a page that is listed by mistake would be
/// written over.
public final class StructureCheck: Sendable {
    private struct State {
        var queue: DatabaseQueue?
        var isCancelled = false
    }

    private let files: StoreFiles
    private let state = Mutex(State())

    init(of files: StoreFiles) { self.files = files }

    /// Looks, and returns when all is well or it was cancelled. O(n) in the size of the file,
    /// about half a second for a million entries.
    /// - Throws: ``StorageError`` where it is damaged or can't be read.
    public func run() throws(StorageError) {
        do {
            let queue = try CopyFile.open(files.database)
            let isCancelled = state.withLock {
                $0.queue = queue
                return $0.isCancelled
            }
            defer {
                state.withLock { $0.queue = nil }
                try? queue.close()
            }
            guard !isCancelled else { return }
            let report = try queue.inDatabase {
                try String.fetchOne($0, sql: "PRAGMA quick_check(1)")
            }
            guard report != "ok" else { return }
            throw StorageError.damaged(
                files.damage("SQLite says: \(Opening.oneLine(report ?? "nothing"))"))
        } catch {
            guard !state.withLock({ $0.isCancelled }) else { return }
            let failure = StorageError(error, at: files)
            if case .damaged = failure { files.suspect() }
            throw failure
        }
    }

    /// Ends it soon, from any thread.
    public func cancel() {
        state.withLock {
            $0.isCancelled = true
            $0.queue?.interrupt()
        }
    }
}
