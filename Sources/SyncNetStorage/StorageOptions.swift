public import StateMachine
package import SyncNetProtocol

/// How a store is to be opened.
public struct StorageOptions: Sendable {
    /// How long a commit waits for another process that reads or copies the database.
    public var busyTimeout = Interval.seconds(5)
    /// Commits after which the evidence is forced to the disk even if nothing else asks for it.
    public var evidenceInterval = 256
    /// Pages of the write-ahead log, of 4 KiB each, after which it is copied into the database.
    public var checkpointPages = 1_000
    /// Entries in closed segments up to which a start verifies all that there is, before anybody
    /// is answered; of more it verifies what is behind them, and leaves the others for later.
    public var verifiedAtStart: UInt64 = 32_768
    /// Entries of a segment.
    package var segmentEntries = Segment.usualCount
    /// Pages of the database that stay in memory; nil: as many as SQLite likes, which is more
    /// than a short run fills.
    package var cachedPages: Int?
    /// Whether no other connection may read beside this one; saves the shared memory.
    package var isExclusive = false
    /// Whether the directory is one of the simulator's: nothing to make, nothing to lock.
    package var isSimulated = false
    /// What tests plant.
    package var bugs: PlantedBugs = []

    /// Makes the defaults.
    public init() {}

    /// For an owner that does nothing while it has the store: a start verifies all.
    package static var verifyingAll: StorageOptions {
        var options = StorageOptions()
        options.verifiedAtStart = .max
        return options
    }

    /// For a directory of the simulator. Nobody waits there: a lock that is held is an error.
    package static var simulated: StorageOptions {
        var options = StorageOptions()
        options.isSimulated = true
        options.busyTimeout = .zero
        // A start reads the whole write-ahead log, and simulated servers start often.
        options.checkpointPages = 32
        // Otherwise nobody reads from the disk again what was read at the start.
        options.cachedPages = 10
        return options
    }
}

/// Something about an opened store that an operator should read in the log.
public enum StorageNotice: Equatable, Sendable, CustomStringConvertible {
    /// The database was gone, though the evidence says that there was one.
    case databaseMissing(String)

    /// The sentence.
    public var description: String {
        switch self {
        case .databaseMissing(let file):
            "\(file) is missing: starting with an empty disk, the other servers will feed this one."
        }
    }
}
