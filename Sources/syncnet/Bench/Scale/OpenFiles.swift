import Foundation

/// How many files and connections processes of this user may have open.
enum OpenFiles {
    /// What a process needs that is no client's connection.
    private static let spare = 256

    /// Throws where so many clients of one server can't be. What is merely a soft limit is raised
    /// by those who need it.
    static func demand(_ clients: Int) throws {
        var limit = rlimit()
        #if canImport(Glibc)
            let files = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        #else
            let files = RLIMIT_NOFILE
        #endif
        guard getrlimit(files, &limit) == 0 else { return }
        let needed = UInt64(clients + spare)
        guard limit.rlim_max < needed else { return }
        throw Failure(
            "\(clients) clients need \(needed) open files, but the hard limit is "
                + "\(limit.rlim_max): raise it (\"ulimit -Hn\", LimitNOFILE) or ask for fewer")
    }
}
