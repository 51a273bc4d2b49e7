/// The names of a store's files.
struct StoreFiles: Sendable {
    let directory: String

    init(directory: String) {
        var directory = directory
        while directory.count > 1, directory.hasSuffix("/") { directory.removeLast() }
        self.directory = directory
    }

    var database: String { directory + "/syncnet.db" }
    var writeAheadLog: String { database + "-wal" }
    var sharedMemory: String { database + "-shm" }
    var rollbackJournal: String { database + "-journal" }
    var evidence: String { directory + "/evidence" }
    var lock: String { directory + "/lock" }

    /// The sentence about damage: which file, what, and what to do.
    func damage(_ what: String) -> String {
        "\(database) is damaged: \(what). Set the directory \(directory) aside and start again: "
            + "the other servers will feed this one."
    }
}
