public import StateMachine

/// How long a server waits for what. All of it can be set.
public struct Timing: Equatable, Sendable {
    /// How long a start looks for a leader before it suspects that there is none.
    public var discovery = Interval.seconds(3)
    /// How often a heartbeat goes to every member.
    public var heartbeat = Interval.seconds(2)
    /// Silence after which a peer is taken for dead, and a leader without answers steps down.
    public var death = Interval.seconds(10)
    /// How long an election may stay without a result before it starts over; the longest
    /// pause between two tokens of one server.
    public var election = Interval.seconds(5)
    /// How long opening a stream may take (the runtime's business).
    public var connect = Interval.seconds(3)
    /// The shortest pause before a token that brought no result is sent again; the
    /// longest is twice that, and both double with every try, up to `election`.
    public var tokenRetry = Interval.milliseconds(100)
    /// How long a neighbour may take to take a token before it is sent again.
    public var hop = Interval.milliseconds(40)
    /// How often a token is sent to a neighbour that does not take it before it is passed over.
    public var hopTries: UInt32 = 3
    /// How long a probed server may take to answer before it is asked again.
    public var probe = Interval.milliseconds(40)
    /// How often a server is probed before it is taken for dead.
    public var probeTries: UInt32 = 3
    /// Pause before a broken stream to a peer is opened again; up to twice that.
    public var reconnect = Interval.milliseconds(50)
    /// How long a client's request may wait for its answer in a server.
    public var request = Interval.seconds(5)
    /// How recent a quorum's answers must be for a leader to call itself one.
    public var confirmation = Interval.seconds(1)

    /// The guide's numbers: heartbeats every 2 s, death after 10 s.
    public static let guide = Timing()

    /// For machines in one building: heartbeats every 100 ms, death after 500 ms.
    public static let lan: Timing = {
        var timing = Timing()
        timing.discovery = .seconds(1)
        timing.heartbeat = .milliseconds(100)
        timing.death = .milliseconds(500)
        timing.election = .seconds(1)
        timing.confirmation = .milliseconds(500)
        return timing
    }()

    /// For machines far apart: slower hops and probes.
    public static let wan: Timing = {
        var timing = Timing()
        timing.heartbeat = .seconds(1)
        timing.death = .seconds(5)
        timing.tokenRetry = .milliseconds(500)
        timing.hop = .milliseconds(400)
        timing.probe = .milliseconds(400)
        timing.reconnect = .milliseconds(250)
        return timing
    }()

    /// Makes the guide's timing.
    public init() {}
}
