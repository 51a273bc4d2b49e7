public import StateMachine

/// A number that a run counted, with its name.
public struct Counter: Equatable, Sendable {
    /// What was counted, in the plural: "elections".
    public var name: String
    /// How often.
    public var value: UInt64

    /// Makes a counter.
    public init(_ name: String, _ value: UInt64) {
        self.name = name
        self.value = value
    }
}

/// A length of simulated time that a run measured, with its name.
public struct Measure: Equatable, Sendable {
    /// What was measured: "recovery time".
    public var name: String
    /// How long it took, in nanoseconds.
    public var nanoseconds: UInt64

    /// Makes a measure.
    public init(_ name: String, _ nanoseconds: UInt64) {
        self.name = name
        self.nanoseconds = nanoseconds
    }
}

/// What the world counted.
public struct WorldCounts: Equatable, Sendable {
    /// Nodes that crashed or halted.
    public var crashes: UInt64 = 0
    /// Nodes that started again.
    public var restarts: UInt64 = 0
    /// Nodes that stood still for a while.
    public var pauses: UInt64 = 0
    /// Partitions of any kind.
    public var partitions: UInt64 = 0
    /// Datagrams handed to the network.
    public var datagrams: UInt64 = 0
    /// Datagrams that did not arrive.
    public var lost: UInt64 = 0
    /// Datagrams that arrived twice.
    public var doubled: UInt64 = 0
    /// Datagrams or streams that could not be decoded.
    public var malformed: UInt64 = 0
    /// Streams that were opened.
    public var streams: UInt64 = 0
    /// Messages handed to streams.
    public var streamMessages: UInt64 = 0
    /// Streams that broke without either side's wish.
    public var resets: UInt64 = 0
    /// Group commits.
    public var commits: UInt64 = 0
    /// Commits that a crash interrupted.
    public var interruptedCommits: UInt64 = 0

    /// All zero.
    public init() {}

    /// The same as a list with names.
    public var list: [Counter] {
        [
            Counter("crashes", crashes), Counter("restarts", restarts),
            Counter("pauses", pauses), Counter("partitions", partitions),
            Counter("datagrams", datagrams), Counter("lost", lost),
            Counter("doubled", doubled), Counter("malformed", malformed),
            Counter("streams", streams), Counter("stream messages", streamMessages),
            Counter("resets", resets), Counter("commits", commits),
            Counter("interrupted commits", interruptedCommits),
        ]
    }
}

/// What a run ended with.
public struct RunReport: Equatable, Sendable {
    /// How many times a machine handled an event.
    public var events: UInt64
    /// How much time passed in the simulated world.
    public var simulated: Interval
    /// All that happened, in 64 bits.
    public var hash: UInt64
    /// What the world counted.
    public var counts: WorldCounts
    /// What the system counted.
    public var counters: [Counter]
    /// How often each rare but legal situation was reached that the system or its world
    /// names, also those that never were: a campaign that never reaches one is blind there.
    public var sometimes: [Counter] = []
    /// Lengths of simulated time; a name may come several times.
    public var measures: [Measure] = []
    /// What was drawn before the run began, on one line: "servers 5, clients 3, timing lan".
    public var configuration: String?
    /// The property that broke, if one did; the run ended at that moment.
    public var violation: Violation?
    /// Where a playback went apart from its recording first, if it did.
    public var divergence: Divergence?

    /// Makes a report.
    public init(
        events: UInt64, simulated: Interval, hash: UInt64, counts: WorldCounts = WorldCounts(),
        counters: [Counter] = [], violation: Violation? = nil, divergence: Divergence? = nil
    ) {
        self.events = events
        self.simulated = simulated
        self.hash = hash
        self.counts = counts
        self.counters = counters
        self.violation = violation
        self.divergence = divergence
    }
}
