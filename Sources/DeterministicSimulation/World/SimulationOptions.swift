public import StateMachine

/// How long a node's disk takes.
public struct DiskOptions: Equatable, Sendable {
    /// A group commit.
    public var commit: Delay = .uniform(.microseconds(50)...(.milliseconds(2)))
    /// A query.
    public var query: Delay = .uniform(.microseconds(5)...(.microseconds(100)))

    /// A solid-state disk.
    public init() {}
}

/// The world in which a system runs, before anything goes wrong.
public struct SimulationOptions: Equatable, Sendable {
    /// How well every link carries that has no quality of its own.
    public var link = LinkQuality()
    /// How streams behave.
    public var streams = StreamOptions()
    /// How long disks take.
    public var disk = DiskOptions()
    /// What wall clocks show at time zero: 2026-01-01 by default.
    public var wallStart = WallTime(microseconds: 1_767_225_600_000_000)
    /// What monotonic clocks show at time zero, drawn for each node.
    public var clockOffset: ClosedRange<Interval> = .zero...(.seconds(1_000_000))
    /// What each node's clocks count in a million of true time, drawn for each node: true by
    /// default.
    public var clockRate: ClosedRange<UInt32> = NodeClock.trueRate...NodeClock.trueRate
    /// A run that handles more events than this ends; nil for no limit.
    public var eventsMost: UInt64?
    /// A run in which more than this happens at one moment has failed: its time stands still.
    public var eventsAtOnceMost: UInt64 = 10_000_000

    /// A good local network and good disks.
    public init() {}
}
