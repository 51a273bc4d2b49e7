public import StateMachine

/// A distribution of lengths of time, in integer arithmetic only, so that a run is the same
/// on every machine.
public enum Delay: Equatable, Sendable {
    /// Each length as likely.
    case uniform(ClosedRange<Interval>)
    /// At least `least`, and beyond it memoryless with the given mean; never above `most`.
    case exponential(least: Interval, mean: Interval, most: Interval)
    /// One of two ranges: `slow` so many times in a million, otherwise `fast`.
    case bimodal(
        fast: ClosedRange<Interval>, slow: ClosedRange<Interval>, slowPerMillion: UInt32)
    /// Heavy tail: half of all take at least twice `least`, a quarter four times, and so on;
    /// never above `most`.
    case heavyTail(least: Interval, most: Interval)

    /// Always the same length.
    public static func constant(_ interval: Interval) -> Self { .uniform(interval...interval) }

    /// The shortest length that is likely.
    var least: Interval {
        switch self {
        case .uniform(let range), .bimodal(let range, _, _): range.lowerBound
        case .exponential(let least, _, _), .heavyTail(let least, _): least
        }
    }

    func interval(_ first: UInt64, _ second: UInt64) -> Interval {
        switch self {
        case .uniform(let range): Self.place(first, in: range)
        case .exponential(let least, let mean, let most):
            min(least + Self.exponential(first, mean), most)
        case .bimodal(let fast, let slow, let perMillion):
            Self.place(
                first,
                in: second.multipliedFullWidth(by: 1_000_000).high < perMillion ? slow : fast)
        case .heavyTail(let least, let most):
            min(Self.scaled(least, first), most)
        }
    }

    private static func place(_ bits: UInt64, in range: ClosedRange<Interval>) -> Interval {
        let low = range.lowerBound.nanoseconds
        let span = range.upperBound.nanoseconds - low
        guard span < .max else { return Interval(nanoseconds: bits) }
        return Interval(nanoseconds: low + bits.multipliedFullWidth(by: span + 1).high)
    }

    /// −log₂ of a fraction of 2⁶⁴, with 24 binary places: the whole part by counting zeros,
    /// the rest by squaring (Knuth, TAOCP 1.2.2, exercise 25).
    static func minusLog2(_ bits: UInt64) -> UInt64 {
        let value = bits | 1
        let whole = UInt64(value.leadingZeroBitCount)
        var mantissa = value << whole
        var fraction: UInt64 = 0
        for _ in 0..<24 {
            mantissa = mantissa.multipliedFullWidth(by: mantissa).high
            fraction <<= 1
            if mantissa >> 63 == 1 { fraction |= 1 } else { mantissa <<= 1 }
        }
        return ((whole + 1) << 24) - fraction - 1
    }

    private static func exponential(_ bits: UInt64, _ mean: Interval) -> Interval {
        // ln 2 in 32 binary places turns a logarithm to base 2 into a natural one.
        let natural = minusLog2(bits).multipliedFullWidth(by: 2_977_044_472)
        let scaled = (natural.high << 32) | (natural.low >> 32)
        let product = mean.nanoseconds.multipliedFullWidth(by: scaled)
        return Interval(nanoseconds: (product.high << 40) | (product.low >> 24))
    }

    private static func scaled(_ least: Interval, _ bits: UInt64) -> Interval {
        let value = max(bits >> 20, 1)
        let (quotient, _) = (UInt64(1) << 44).quotientAndRemainder(dividingBy: value)
        let product = least.nanoseconds.multipliedReportingOverflow(by: quotient)
        let rest = ((UInt64(1) << 44) % value) << 10 / value
        let extra = least.nanoseconds.multipliedFullWidth(by: rest)
        guard !product.overflow else { return Interval(nanoseconds: .max >> 1) }
        let fraction = (extra.high << 54) | (extra.low >> 10)
        return Interval(nanoseconds: product.partialValue &+ fraction)
    }
}
