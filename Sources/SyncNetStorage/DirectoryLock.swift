import Foundation

/// Keeps a second server process out of a data directory.
///
/// The lock is the open file's, so it ends with the process, however that ends.
final class DirectoryLock {
    private let descriptor: Int32

    init(_ files: StoreFiles) throws(StorageError) {
        try Self.make(files.directory)
        descriptor = open(files.lock, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        let code = errno
        guard descriptor >= 0 else {
            throw .cannotOpen(
                "\(files.directory) can't be written (\(String(cString: strerror(code)))); "
                    + "give this user the right to write there, or choose another directory.")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw .locked(
                "\(files.directory) is in use by another server process; stop that one first, "
                    + "or give this one a directory of its own.")
        }
    }

    // A child that is being forked this moment still has the descriptor: closing ours would
    // leave the lock with it, unlocking takes it from both.
    deinit {
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }

    private static func make(_ directory: String) throws(StorageError) {
        var isDirectory: ObjCBool = false
        if FileManager.default.fileExists(atPath: directory, isDirectory: &isDirectory) {
            guard isDirectory.boolValue else {
                throw .cannotOpen(
                    "\(directory) is a file; name a directory, or move the file away.")
            }
            return
        }
        do {
            try FileManager.default.createDirectory(
                atPath: directory, withIntermediateDirectories: true)
        } catch {
            throw .cannotOpen(
                "\(directory) can't be made; make it yourself, or choose another directory.")
        }
        syncParents(of: directory)
    }

    /// A new directory is only durable when those above it are written. Best effort: some file
    /// systems refuse to sync a directory.
    private static func syncParents(of directory: String) {
        var url = URL(fileURLWithPath: directory)
        for _ in 0..<8 where url.path != "/" {
            url.deleteLastPathComponent()
            let parent = open(url.path, O_RDONLY | O_CLOEXEC)
            guard parent >= 0 else { return }
            fsync(parent)
            close(parent)
        }
    }
}
