/// A length of time in whole nanoseconds, never negative.
public struct Interval: Comparable, Sendable {
    /// The length in nanoseconds.
    public var nanoseconds: UInt64

    /// Makes an interval of the given nanoseconds.
    public init(nanoseconds: UInt64) { self.nanoseconds = nanoseconds }

    /// No time at all.
    public static let zero = Interval(nanoseconds: 0)

    /// An interval of whole microseconds.
    public static func microseconds(_ count: UInt64) -> Self {
        Self(nanoseconds: count * 1_000)
    }

    /// An interval of whole milliseconds.
    public static func milliseconds(_ count: UInt64) -> Self {
        Self(nanoseconds: count * 1_000_000)
    }

    /// An interval of whole seconds.
    public static func seconds(_ count: UInt64) -> Self {
        Self(nanoseconds: count * 1_000_000_000)
    }

    /// Whether `lhs` is shorter than `rhs`.
    public static func < (lhs: Self, rhs: Self) -> Bool { lhs.nanoseconds < rhs.nanoseconds }

    /// The sum of two intervals.
    public static func + (lhs: Self, rhs: Self) -> Self {
        Self(nanoseconds: lhs.nanoseconds + rhs.nanoseconds)
    }

    /// The interval taken `factor` times.
    public static func * (lhs: Self, factor: UInt64) -> Self {
        Self(nanoseconds: lhs.nanoseconds * factor)
    }

    /// The interval divided by `divisor`, rounded down.
    public static func / (lhs: Self, divisor: UInt64) -> Self {
        Self(nanoseconds: lhs.nanoseconds / divisor)
    }
}

/// A moment on a node's monotonic clock, which never steps back and starts anywhere.
public struct Instant: Comparable, Sendable {
    /// Nanoseconds since the clock's own beginning.
    public var nanoseconds: UInt64

    /// Makes the moment that many nanoseconds after the clock's beginning.
    public init(nanoseconds: UInt64) { self.nanoseconds = nanoseconds }

    /// The clock's beginning.
    public static let zero = Instant(nanoseconds: 0)

    /// Whether `lhs` is earlier than `rhs`.
    public static func < (lhs: Self, rhs: Self) -> Bool { lhs.nanoseconds < rhs.nanoseconds }

    /// The moment that much later.
    public static func + (lhs: Self, rhs: Interval) -> Self {
        Self(nanoseconds: lhs.nanoseconds + rhs.nanoseconds)
    }

    /// How long ago `earlier` was; zero where it is not in the past.
    public func since(_ earlier: Self) -> Interval {
        guard nanoseconds > earlier.nanoseconds else { return .zero }
        return Interval(nanoseconds: nanoseconds - earlier.nanoseconds)
    }
}

/// Wall-clock time, in microseconds since 1970 (UTC, without leap seconds). It may step.
public struct WallTime: Comparable, Sendable {
    /// Microseconds since 1970, negative before it.
    public var microseconds: Int64

    /// Makes the moment that many microseconds after 1970.
    public init(microseconds: Int64) { self.microseconds = microseconds }

    /// The same in fractional seconds.
    public var seconds: Double { Double(microseconds) / 1_000_000 }

    /// Whether `lhs` is earlier than `rhs`.
    public static func < (lhs: Self, rhs: Self) -> Bool { lhs.microseconds < rhs.microseconds }
}

/// What a node's two clocks showed when an event happened.
public struct ClockReading: Equatable, Sendable {
    /// The clock that timers and timeouts go by.
    public var monotonic: Instant
    /// The clock that people go by. No decision may depend on it.
    public var wall: WallTime

    /// Makes a reading of both clocks.
    public init(monotonic: Instant, wall: WallTime) {
        self.monotonic = monotonic
        self.wall = wall
    }
}
