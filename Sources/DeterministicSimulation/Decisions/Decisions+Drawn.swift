public import StateMachine

/// Choices as they are drawn.
extension Decisions {
    @inlinable
    mutating func plain(_ point: DecisionPoint, in range: ClosedRange<UInt64>) -> UInt64 {
        guard range.lowerBound < range.upperBound else { return range.lowerBound }
        made &+= 1
        return within(range, from: point.kind.source)
    }

    @inlinable
    mutating func plainChance(_ point: DecisionPoint, perMillion: UInt32) -> Bool {
        guard perMillion > 0 else { return false }
        guard perMillion < 1_000_000 else { return true }
        made &+= 1
        return within(0...999_999, from: point.kind.source) < UInt64(perMillion)
    }

    @inlinable
    mutating func plainRow(_ point: DecisionPoint, perMillion: UInt32, most: UInt64) -> UInt64 {
        var count: UInt64 = 0
        while count < most, plainChance(point, perMillion: perMillion) { count += 1 }
        return count
    }

    @inlinable
    mutating func plainChoice(
        _ point: DecisionPoint, of count: Int, weight: (Int) -> UInt32
    ) -> Int? {
        let total = (0..<count).reduce(UInt64(0)) { $0 + UInt64(weight($1)) }
        guard total > 0 else { return nil }
        var ticket = plain(point, in: 0...total - 1)
        for option in 0..<count {
            guard ticket >= UInt64(weight(option)) else { return option }
            ticket -= UInt64(weight(option))
        }
        return nil
    }

    @usableFromInline
    mutating func plain(_ point: DecisionPoint, from delay: Delay) -> Interval {
        made &+= 1
        let first = within(0...UInt64.max, from: point.kind.source)
        let second = within(0...UInt64.max, from: point.kind.source)
        return delay.interval(first, second)
    }

    @usableFromInline
    mutating func within(
        _ range: ClosedRange<UInt64>, from source: DecisionSource
    ) -> UInt64 {
        switch source {
        case .network: network.within(range)
        case .faults: faults.within(range)
        case .disk: disk.within(range)
        case .timers: timers.within(range)
        case .workload: workload.within(range)
        }
    }
}
