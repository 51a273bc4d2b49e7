import Foundation

/// The wall clocks of servers that are started with libfaketime, each read from a file.
struct FakeClock {
    private static let candidates = [
        "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1",
        "/usr/lib/aarch64-linux-gnu/faketime/libfaketime.so.1",
        "/usr/lib64/faketime/libfaketime.so.1", "/usr/lib/faketime/libfaketime.so.1",
    ]

    private let library: String
    private let directory: String

    /// Clocks whose files are in a directory; nil where there is no libfaketime.
    init?(directory: String) {
        guard let library = Self.library else { return nil }
        self.library = library
        self.directory = directory
    }

    /// Where libfaketime is.
    static var library: String? {
        candidates.first { FileManager.default.fileExists(atPath: $0) }
    }

    private func file(of server: Int) -> String { "\(directory)/clock\(server + 1)" }

    /// What a server is started with.
    func environment(of server: Int) -> [String: String] {
        [
            "LD_PRELOAD": library, "FAKETIME_TIMESTAMP_FILE": file(of: server),
            "FAKETIME_CACHE_DURATION": "1",
            // It replaces these names by those of its own, in place: one that it had to add would
            // move the environment, where Swift finds the arguments of the process.
            "FAKETIME_SHARED": "/faketime_sem_0 /faketime_shm_0",
            // A monotonic clock that jumps would be none.
            "FAKETIME_DONT_FAKE_MONOTONIC": "1", "DONT_FAKE_MONOTONIC": "1", "NO_FAKE_STAT": "1",
        ]
    }

    /// Takes away what it has left in memory of a process that was killed.
    static func forget(_ process: Int32) {
        unlink("/dev/shm/faketime_shm_\(process)")
        unlink("/dev/shm/sem.faketime_sem_\(process)")
    }

    /// Lets a server's wall clock go so many seconds wrong.
    func set(_ server: Int, to seconds: Int) throws {
        let text = seconds < 0 ? "\(seconds)\n" : "+\(seconds)\n"
        try Data(text.utf8).write(to: URL(fileURLWithPath: file(of: server)), options: .atomic)
    }
}
