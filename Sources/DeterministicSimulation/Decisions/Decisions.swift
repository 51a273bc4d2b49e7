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
    /// Whether choices are drawn and forgotten: then nobody asks for their names.
    @usableFromInline let isPlain: Bool
    var script: Script
    /// How many choices were made.
    @usableFromInline var made: UInt64 = 0
    /// True time, for recordings.
    @usableFromInline var now = Instant.zero
    /// What the choices are about that are made now: part of their names. Whoever sets it puts
    /// back what was there.
    public var subject = DecisionSubject.none

    private init(seed: UInt64, script: Script) {
        var root = Generator(seed: seed)
        network = root.split()
        faults = root.split()
        disk = root.split()
        timers = root.split()
        workload = root.split()
        isPlain = script.mode == .none
        self.script = script
    }

    /// Draws from a seed.
    public static func seeded(_ seed: UInt64) -> Decisions {
        Decisions(seed: seed, script: Script(.none))
    }

    /// Draws from a seed and keeps what was drawn.
    /// - Parameters:
    ///   - seed: The seed.
    ///   - keeping: Told of each choice at once, as the line of a story, in which nodes are called
    ///     `n` and their rank: a run may end its process, and with it the recording.
    public static func recording(
        seed: UInt64, keeping: ((String) -> Void)? = nil
    ) -> Decisions {
        Decisions(seed: seed, script: Script(.recording, keeping: keeping))
    }

    /// Repeats what was recorded. Whatever is asked that the recording doesn't name gets the
    /// answer that does least: false, nothing, the lower end of its range.
    public static func playback(of list: DecisionList) -> Decisions {
        Decisions(seed: 0, script: Script(.playback, list))
    }

    /// What was recorded so far; in a playback, what of the recording was of use so far. Nil
    /// where nothing is recorded.
    public var recorded: DecisionList? { isPlain ? nil : script.result }

    /// Where a playback and the run went apart first, up to now; nil as long as they agree.
    public var divergence: Divergence? {
        script.mode == .playback ? script.divergence(until: now) : nil
    }

    /// A number of the range, each as likely. A range of one number is no choice.
    @inlinable
    public mutating func draw(
        _ point: DecisionPoint, in range: ClosedRange<UInt64>
    ) -> UInt64 {
        guard isPlain else { return scripted(point, in: range) { .number($0) } }
        return plain(point, in: range)
    }

    /// A length of time in the range, each nanosecond as likely.
    @inlinable
    public mutating func draw(
        _ point: DecisionPoint, in range: ClosedRange<Interval>
    ) -> Interval {
        let range = range.lowerBound.nanoseconds...range.upperBound.nanoseconds
        guard isPlain else {
            return Interval(
                nanoseconds: scripted(point, in: range) { .time(Interval(nanoseconds: $0)) })
        }
        return Interval(nanoseconds: plain(point, in: range))
    }

    /// How long it takes from `now` on until something happens. A recording keeps the moment:
    /// it stays where it is, whatever is left out before it.
    @inlinable
    public mutating func pause(
        _ point: DecisionPoint, from now: Instant, in range: ClosedRange<Interval>
    ) -> Interval {
        guard isPlain else { return scriptedPause(point, from: now, in: range) }
        return draw(point, in: range)
    }

    /// True `perMillion` times in a million. Impossible and certain are no choice.
    @inlinable
    public mutating func chance(_ point: DecisionPoint, perMillion: UInt32) -> Bool {
        guard isPlain else { return scriptedChance(point, perMillion: perMillion) }
        return plainChance(point, perMillion: perMillion)
    }

    /// How often in a row something of that chance happens, at most so often.
    @inlinable
    public mutating func row(
        _ point: DecisionPoint, perMillion: UInt32, most: UInt64
    ) -> UInt64 {
        guard isPlain else { return scriptedRow(point, perMillion: perMillion, most: most) }
        return plainRow(point, perMillion: perMillion, most: most)
    }

    /// An index below `count`, each as likely.
    /// - Precondition: `count` is above zero.
    @inlinable
    public mutating func pick(_ point: DecisionPoint, of count: Int) -> Int {
        precondition(count > 0, "nothing to pick from")
        return Int(draw(point, in: 0...UInt64(count - 1)))
    }

    /// One of so many options, as likely as its weight says. Nil, which is nothing, where no
    /// option has a weight, and in playbacks that say nothing of it. Recordings keep the name:
    /// one word, which another option must not have.
    @inlinable
    public mutating func choose(
        _ point: DecisionPoint, of count: Int, weight: (Int) -> UInt32, name: (Int) -> String
    ) -> Int? {
        guard isPlain else { return scriptedChoice(point, of: count, weight: weight, name: name) }
        return plainChoice(point, of: count, weight: weight)
    }

    /// A length of time from a distribution.
    @inlinable
    public mutating func draw(_ point: DecisionPoint, from delay: Delay) -> Interval {
        if case .uniform(let range) = delay { return draw(point, in: range) }
        guard isPlain else { return scripted(point, from: delay) }
        return plain(point, from: delay)
    }
}
