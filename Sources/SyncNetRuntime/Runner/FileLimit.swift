import Foundation

/// How many files and connections this process may have open.
enum FileLimit {
    #if canImport(Glibc)
        private static let openFiles = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    #else
        private static let openFiles = RLIMIT_NOFILE
    #endif

    /// Raises the limit as far as this user may: the usual 1,024 is less than the connections
    /// that a server takes on, and at the limit not even a monitor is answered.
    static func raise() {
        var limit = rlimit()
        guard getrlimit(openFiles, &limit) == 0, limit.rlim_cur < limit.rlim_max else { return }
        limit.rlim_cur = max(limit.rlim_cur, min(limit.rlim_max, 1 << 16))
        setrlimit(openFiles, &limit)
    }
}
