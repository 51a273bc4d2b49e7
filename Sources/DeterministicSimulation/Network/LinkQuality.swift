public import StateMachine

/// How well a network carries, in one direction between two nodes.
public struct LinkQuality: Equatable, Sendable {
    /// How long a datagram, or bytes of a stream, take.
    public var delay: Delay = .uniform(.microseconds(100)...(.microseconds(900)))
    /// How many datagrams in a million are lost.
    public var lossPerMillion: UInt32 = 0
    /// How many datagrams in a million arrive twice.
    public var doublingPerMillion: UInt32 = 0
    /// How many datagrams in a million are held back, so that later ones overtake them.
    public var holdingBackPerMillion: UInt32 = 0
    /// How long those are held back.
    public var heldBack: ClosedRange<Interval> = .milliseconds(1)...(.milliseconds(100))
    /// What a link carries; zero for any amount.
    public var bytesPerSecond: UInt64 = 0
    /// How many bytes may wait for a link of limited capacity: a datagram that finds more is
    /// dropped. Zero for any number.
    public var bufferBytes: UInt64 = 0

    /// A good local network: under a millisecond, nothing lost.
    public init() {}
}

/// How streams behave, beyond what their link does.
public struct StreamOptions: Equatable, Sendable {
    /// After how long an unanswered attempt to open a stream has failed.
    public var connectTimeout: Interval = .seconds(3)
    /// After how long the operating system asks again for a stream; where that is lost again, after
    /// twice as long each time.
    public var connectRetry: Interval = .seconds(1)
    /// After how long a side gives up a stream on which nothing gets through, whether it sends or
    /// not.
    public var giveUp: ClosedRange<Interval> = .seconds(10)...(.seconds(20))
    /// So many bytes on their way make a stream congested.
    public var congestedAbove: Int = 262_144
    /// So few make it drained again.
    public var drainedBelow: Int = 65_536
    /// How many deliveries in a million arrive in two parts.
    public var cutPerMillion: UInt32 = 20_000
    /// How many in a million of the attempts to reach a process that is down find one that is about
    /// to start and has its port already: the operating system keeps them for it.
    public var waitingPerMillion: UInt32 = 0

    /// The defaults: as Linux does, with a user timeout of 10 to 20 s, and keep-alives that find
    /// out as soon.
    public init() {}
}
