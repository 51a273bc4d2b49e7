import Foundation
import GRDB
import StateMachine
import SyncNetProtocol

/// Copies a server's database into one file, while the server goes on.
package enum Backup {
    /// Writes a copy of what the directory holds this moment, and verifies it.
    ///
    /// The copy has its name only once it is whole and durable; a file of that name is never
    /// touched.
    package static func write(
        from directory: String, to path: String
    ) throws(StorageError) -> StoreCopy {
        let files = StoreFiles(directory: directory)
        let part = path + ".part"
        do {
            guard try VFSFile.exists(files.database) else {
                throw StorageError.cannotOpen(
                    "there is no database in \(files.directory): name the right --data-dir.")
            }
            guard access(path, F_OK) != 0 else { throw isThere(path) }
            try reserve(part)
            defer { unlink(part) }
            let copy = try copied(files, to: part)
            try FileMove.name(part, path)
            return copy
        } catch {
            throw StorageError(error, at: files)
        }
    }

    /// Takes the name of the unfinished copy, so that two backups at the same time don't take each
    /// other's.
    private static func reserve(_ part: String) throws {
        let descriptor = open(part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            let code = errno
            throw StorageError.cannotOpen(
                code == EEXIST
                    ? "\(part) is there already: another backup is under way, or was interrupted; "
                        + "remove it, or choose another name."
                    : "\(part) can't be written (\(String(cString: strerror(code)))).")
        }
        close(descriptor)
    }

    fileprivate static func isThere(_ path: String) -> StorageError {
        .cannotOpen("\(path) is there already: nothing is overwritten, choose another name.")
    }

    /// A server that cuts its log between the look at its evidence and the copy makes the copy
    /// look too short: the second look is another one.
    private static func copied(_ files: StoreFiles, to part: String) throws -> StoreCopy {
        for isLast in [false, true] {
            let claims = try evidence(of: files)
            let source = try CopyFile.open(files.database)
            defer { try? source.close() }
            try check(source, files)
            do {
                try CopyFile.copy(source, to: part)
            } catch let error as DatabaseError where error.resultCode == .SQLITE_FULL {
                // The server's own disk is only read.
                throw StorageError.full(
                    "\(part): no space is left on this disk; make room, or choose another place.")
            }
            let copy = try StoreCopy(verifying: part)
            let held = Evidence(copy.facts, end: copy.end)
            guard let missing = claims?.missing(in: held) else { return copy }
            if isLast { throw StorageError.damaged(files.damage(missing)) }
        }
        preconditionFailure("the last look has an answer")
    }

    private static func evidence(of files: StoreFiles) throws -> Evidence? {
        guard try VFSFile.exists(files.evidence) else { return nil }
        return try EvidenceFile(files.evidence, bugs: []).claims
    }

    private static func check(_ source: DatabaseQueue, _ files: StoreFiles) throws {
        switch try source.inDatabase({ try Schema.find(in: $0) }) {
        case .ours: return
        case .older:
            throw StorageError.cannotOpen(
                "\(files.database) is of an earlier version: start the server once, then copy.")
        case .nothing, .newer, .foreign:
            throw StorageError.cannotOpen(
                "\(files.database) is no database of this version of SyncNet.")
        }
    }
}

/// Files that get their names when they are whole.
enum FileMove {
    /// Gives a file a second name, durably, unless something has it.
    static func name(_ file: String, _ path: String) throws(StorageError) {
        guard link(file, path) == 0 else {
            let code = errno
            // Some file systems have no second names.
            guard code != EEXIST else { throw Backup.isThere(path) }
            return try move(file, onto: path)
        }
        settle(path)
    }

    /// Gives the file another name, durably; replaces what has that name.
    static func move(_ from: String, onto path: String) throws(StorageError) {
        guard rename(from, path) == 0 else {
            let reason = String(cString: strerror(errno))
            throw .broken("\(from) can't become \(path): \(reason).")
        }
        settle(path)
    }

    /// Makes a name durable.
    private static func settle(_ path: String) {
        let parent = URL(fileURLWithPath: path).deletingLastPathComponent().path
        let descriptor = open(parent, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }
}
