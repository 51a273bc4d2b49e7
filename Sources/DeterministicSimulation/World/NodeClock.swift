public import StateMachine

/// Maps true time to what one node's clocks show, and back.
///
/// Clocks differ by an offset. Their rates are those of true time: rates and steps have
/// their place here.
public struct NodeClock: Equatable, Sendable {
    /// What the monotonic clock shows at true time zero.
    public var offset: Interval
    /// What the wall clock shows at true time zero.
    public var wallStart: WallTime

    /// What the clocks show at a true time.
    public func reading(at trueTime: Instant) -> ClockReading {
        ClockReading(monotonic: trueTime + offset, wall: wall(at: trueTime))
    }

    /// What the wall clock shows at a true time.
    public func wall(at trueTime: Instant) -> WallTime {
        WallTime(microseconds: wallStart.microseconds + Int64(trueTime.nanoseconds / 1_000))
    }

    /// How much true time passes while the clock counts the given interval.
    public func trueInterval(of counted: Interval) -> Interval { counted }
}
