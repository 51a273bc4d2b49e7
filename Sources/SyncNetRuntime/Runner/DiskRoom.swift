import Foundation

/// Whether a disk has room for a server to work.
package enum DiskRoom {
    /// What has to be free before a server that found its disk full starts again: enough for
    /// the write-ahead log to grow and be copied a few times.
    package static let bytesNeeded: UInt64 = 8 << 20
    /// How often it is looked for.
    package static let pause = Duration.seconds(1)

    /// Whether nothing at all is free at a path, neither bytes nor files, where these are counted,
    /// and where one may write.
    package static func isFull(at path: String) -> Bool {
        var facts = statvfs()
        guard access(path, W_OK) == 0, statvfs(path, &facts) == 0, facts.f_blocks > 0 else {
            return false
        }
        return facts.f_bavail == 0 || facts.f_files > 0 && facts.f_favail == 0
    }

    /// Whether as much is free at the path, or in the directory above where it is missing.
    package static func isThere(at path: String) -> Bool {
        var facts = statvfs()
        guard statvfs(path, &facts) == 0 else { return true }
        return UInt64(facts.f_bavail) * UInt64(facts.f_frsize) >= bytesNeeded
    }
}
