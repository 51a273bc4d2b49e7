public import StateMachine

/// Where every choice of a run is made: drawn from a seed, or read from a recording.
///
/// Not copyable: a copied source of chance is a forked future.
public struct Decisions: ~Copyable {
    @usableFromInline var network: Generator
    @usableFromInline var faults: Generator
    @usableFromInline var disk: Generator
    @usableFromInline var timers: Generator
    @usableFromInline var workload: Generator
    @usableFromInline var isPlain: Bool
    private var script: Script
    /// How many choices were made.
    @usableFromInline var made: UInt64 = 0

    private init(seed: UInt64, isPlain: Bool, script: Script) {
        var root = Generator(seed: seed)
        network = root.split()
        faults = root.split()
        disk = root.split()
        timers = root.split()
        workload = root.split()
        self.isPlain = isPlain
        self.script = script
    }

    /// Draws from a seed.
    public static func seeded(_ seed: UInt64) -> Decisions {
        Decisions(seed: seed, isPlain: true, script: .none)
    }

    /// Draws from a seed and keeps what was drawn.
    public static func recording(seed: UInt64) -> Decisions {
        Decisions(seed: seed, isPlain: false, script: .recording(Recording()))
    }

    /// Repeats what was recorded.
    public static func playback(of list: DecisionList) -> Decisions {
        Decisions(seed: 0, isPlain: false, script: .playback(Playback(list)))
    }

    /// What was recorded so far; nil where nothing is recorded.
    public var recorded: DecisionList? {
        guard case .recording(let recording) = script else { return nil }
        return recording.list
    }

    /// Where a playback and the run went apart; nil as long as they agree.
    public var divergence: Divergence? {
        guard case .playback(let playback) = script else { return nil }
        return playback.divergence
    }

    @inlinable var hasDiverged: Bool { !isPlain && divergence != nil }

    /// A number of the range, each as likely. A range of one number is no choice.
    @inlinable
    public mutating func draw(
        _ point: DecisionPoint, in range: ClosedRange<UInt64>
    ) -> UInt64 {
        guard range.lowerBound < range.upperBound else { return range.lowerBound }
        guard isPlain else { return scripted(point, in: range) }
        made &+= 1
        return within(range, from: point.kind.source)
    }

    /// A length of time in the range, each nanosecond as likely.
    @inlinable
    public mutating func draw(
        _ point: DecisionPoint, in range: ClosedRange<Interval>
    ) -> Interval {
        Interval(
            nanoseconds: draw(
                point, in: range.lowerBound.nanoseconds...range.upperBound.nanoseconds))
    }

    /// True `perMillion` times in a million. Impossible and certain are no choice.
    @inlinable
    public mutating func chance(_ point: DecisionPoint, perMillion: UInt32) -> Bool {
        guard perMillion > 0 else { return false }
        guard perMillion < 1_000_000 else { return true }
        guard isPlain else { return scriptedChance(point, perMillion: perMillion) }
        made &+= 1
        return within(0...999_999, from: point.kind.source) < UInt64(perMillion)
    }

    /// An index below `count`, each as likely.
    /// - Precondition: `count` is above zero.
    @inlinable
    public mutating func pick(_ point: DecisionPoint, of count: Int) -> Int {
        precondition(count > 0, "nothing to pick from")
        return Int(draw(point, in: 0...UInt64(count - 1)))
    }

    /// A length of time from a distribution.
    @inlinable
    public mutating func draw(_ point: DecisionPoint, from delay: Delay) -> Interval {
        if case .uniform(let range) = delay { return draw(point, in: range) }
        return shaped(point, delay)
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

    @usableFromInline
    mutating func scripted(
        _ point: DecisionPoint, in range: ClosedRange<UInt64>
    ) -> UInt64 {
        made &+= 1
        if script.isPlayback { return script.replay(point, in: range) }
        let value = within(range, from: point.kind.source)
        script.keep(point, value)
        return value
    }

    @usableFromInline
    mutating func scriptedChance(_ point: DecisionPoint, perMillion: UInt32) -> Bool {
        made &+= 1
        if script.isPlayback { return script.replay(point, in: 0...1) == 1 }
        let isTrue = within(0...999_999, from: point.kind.source) < UInt64(perMillion)
        script.keep(point, isTrue ? 1 : 0)
        return isTrue
    }

    @usableFromInline
    mutating func shaped(_ point: DecisionPoint, _ delay: Delay) -> Interval {
        made &+= 1
        if script.isPlayback {
            return Interval(nanoseconds: script.replay(point, in: 0...UInt64.max))
        }
        let first = within(0...UInt64.max, from: point.kind.source)
        let second = within(0...UInt64.max, from: point.kind.source)
        let interval = delay.interval(first, second)
        if !isPlain { script.keep(point, interval.nanoseconds) }
        return interval
    }
}
