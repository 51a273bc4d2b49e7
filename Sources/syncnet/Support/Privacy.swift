import Foundation

/// What this process writes is for its user alone.
enum Privacy {
    /// From now on nobody else may read the files and directories that are made: databases and
    /// their copies hold private rooms, and what passwords are told by.
    static func keep() { _ = umask(0o077) }
}
