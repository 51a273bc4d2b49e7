import StateMachine

/// Lengths of time, shares and ranges as people write them: `250ms`, `20ms-2s`, `5%`, `3-7`.
enum Quantities {
    static func interval(_ text: Substring) -> Interval? {
        let units: [(String, UInt64)] = [
            ("us", 1_000), ("ms", 1_000_000), ("min", 60_000_000_000), ("s", 1_000_000_000),
        ]
        if text == "0" { return .zero }
        for (unit, nanoseconds) in units where text.hasSuffix(unit) {
            let number = text.dropLast(unit.count)
            guard let parts = decimal(number) else { continue }
            return Interval(nanoseconds: parts.value * nanoseconds / parts.scale)
        }
        return nil
    }

    /// A share as so many in a million.
    static func perMillion(_ text: Substring) -> UInt32? {
        rate(text).flatMap { $0 <= 1_000_000 ? $0 : nil }
    }

    /// The same, up to ten times the whole.
    static func rate(_ text: Substring) -> UInt32? {
        if text == "0" { return 0 }
        guard text.hasSuffix("%"), let parts = decimal(text.dropLast()) else { return nil }
        let millionths = parts.value * 10_000 / parts.scale
        return millionths <= 10_000_000 ? UInt32(millionths) : nil
    }

    static func number(_ text: Substring) -> UInt64? { UInt64(text) }

    static func range<Bound: Comparable>(
        _ text: String, of one: (Substring) -> Bound?
    ) -> ClosedRange<Bound>? {
        let ends = text.split(separator: "-", omittingEmptySubsequences: false)
        guard ends.count <= 2, let first = one(ends[0]), let last = one(ends[ends.count - 1]),
            first <= last
        else { return nil }
        return first...last
    }

    private static func decimal(_ text: Substring) -> (value: UInt64, scale: UInt64)? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, let whole = UInt64(parts[0]), whole < 1_000_000 else {
            return nil
        }
        guard parts.count == 2 else { return (whole, 1) }
        guard parts[1].count <= 6, let fraction = UInt64(parts[1]) else { return nil }
        let scale = (0..<parts[1].count).reduce(UInt64(1)) { scale, _ in scale * 10 }
        return (whole * scale + fraction, scale)
    }
}
