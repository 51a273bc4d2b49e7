/// A logical clock (Lamport, "Time, Clocks, and the Ordering of Events", 1978): what
/// happened before has the smaller stamp.
public struct LamportClock: Equatable, Sendable {
    /// The stamp of the latest event here.
    public private(set) var value: Stamp
    private var bugs: PlantedBugs = []

    /// Makes a clock that goes on after `value`.
    public init(_ value: Stamp = .zero) { self.value = value }

    /// Makes a clock with known bugs.
    package init(_ value: Stamp, bugs: PlantedBugs) {
        self.value = value
        self.bugs = bugs
    }

    /// Counts an event of this node's own, and answers its stamp.
    public mutating func tick() -> Stamp {
        guard !bugs.contains(.l2NoIncrementOnSend) else { return value }
        value = Stamp(value.number + 1)
        return value
    }

    /// Counts the receipt of a message, and answers the stamp of that event.
    ///
    /// Ask ``isCredible(_:own:)`` first: one absurd stamp would use up the clock of everybody.
    public mutating func update(_ received: Stamp) -> Stamp {
        let later = bugs.contains(.l1NoMaximumOnReceive) ? value : max(value, received)
        value = Stamp(later.number + 1)
        return value
    }

    /// Whether a stamp from outside may touch a clock that shows `own`.
    public static func isCredible(_ received: Stamp, own: Stamp) -> Bool {
        guard received.number <= Limits.stampMax else { return false }
        return received <= own || received.number - own.number <= Limits.stampLeapMax
    }
}
