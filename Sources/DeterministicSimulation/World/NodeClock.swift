public import StateMachine

/// Maps true time to what one node's clocks show, and back.
///
/// The clocks of a node differ from true time, and from each other, by offset and by rate.
/// A change of rate begins a new epoch of the clock: what it shows is counted from there.
/// The monotonic clock never goes back; it may stand still. The wall clock may step.
public struct NodeClock: Equatable, Sendable {
    /// A rate as true as time: a million counted in a million.
    public static let trueRate: UInt32 = 1_000_000

    /// When the present epoch began, in true time.
    public private(set) var epoch = Instant.zero
    /// What the monotonic clock showed then.
    public private(set) var monotonicAtEpoch: Instant
    /// How much the monotonic clock counts in a million of true time; zero: it stands still.
    public private(set) var rate: UInt32
    /// How much the wall clock counts in a million of true time.
    public private(set) var wallRate: UInt32
    /// What the wall clock showed at the epoch, in nanoseconds since 1970.
    private var wallAtEpoch: Int64

    init(offset: Interval, wallStart: WallTime, rate: UInt32) {
        monotonicAtEpoch = .zero + offset
        wallAtEpoch = wallStart.microseconds * 1_000
        self.rate = rate
        wallRate = rate
    }

    /// What the clocks show at a true time, which is not before the epoch.
    public func reading(at trueTime: Instant) -> ClockReading {
        ClockReading(monotonic: monotonic(at: trueTime), wall: wall(at: trueTime))
    }

    /// What the monotonic clock shows at a true time, which is not before the epoch.
    public func monotonic(at trueTime: Instant) -> Instant {
        monotonicAtEpoch + Self.counted(trueTime.since(epoch), rate)
    }

    /// What the wall clock shows at a true time, which is not before the epoch.
    public func wall(at trueTime: Instant) -> WallTime {
        WallTime(microseconds: wallNanoseconds(trueTime) / 1_000)
    }

    /// How much true time passes from `start` on until the monotonic clock shows `target`;
    /// nil where it stands still before.
    public func trueInterval(until target: Instant, from start: Instant) -> Interval? {
        guard monotonic(at: start) < target else { return .zero }
        guard rate != Self.trueRate else { return target.since(monotonic(at: start)) }
        guard rate > 0 else { return nil }
        // The least time at which so much is counted: rounded up.
        let counted = target.since(monotonicAtEpoch).nanoseconds
        let product = counted.multipliedFullWidth(by: UInt64(Self.trueRate))
        guard product.high < UInt64(rate) else { return nil }
        let (quotient, rest) = UInt64(rate).dividingFullWidth(product)
        guard quotient < 1 << 62 else { return nil }
        let moment = epoch + Interval(nanoseconds: quotient + (rest > 0 ? 1 : 0))
        return moment.since(start)
    }

    private static func counted(_ passed: Interval, _ rate: UInt32) -> Interval {
        guard rate != trueRate else { return passed }
        let product = passed.nanoseconds.multipliedFullWidth(by: UInt64(rate))
        return Interval(nanoseconds: UInt64(trueRate).dividingFullWidth(product).quotient)
    }

    private func wallNanoseconds(_ trueTime: Instant) -> Int64 {
        wallAtEpoch + Int64(Self.counted(trueTime.since(epoch), wallRate).nanoseconds)
    }

    /// Begins a new epoch with other rates.
    mutating func change(rate: UInt32, wallRate: UInt32, at trueTime: Instant) {
        monotonicAtEpoch = monotonic(at: trueTime)
        wallAtEpoch = wallNanoseconds(trueTime)
        epoch = trueTime
        self.rate = rate
        self.wallRate = wallRate
    }

    /// Sets the wall clock forward, or back where the step is negative.
    mutating func step(byMicroseconds step: Int64) { wallAtEpoch += step * 1_000 }
}
