package import StateMachine
package import SyncNetProtocol
package import SyncNetWire

/// Feeds what a server was told to the pure machine, and demands the effects that the server
/// asked for: what runs there is what is simulated and proven here, or a difference shows it.
package struct Conformance<Machine: StateMachine<SyncNet>>: ~Copyable {
    /// So many events before a difference are told with it.
    private static var formerMax: Int { 5 }

    private var machine: Machine
    private var effects = Effects<SyncNet>()
    private var former: [RecordedStep] = []
    private var first: ClockReading?
    private var last: ClockReading?
    /// How many events were taken.
    package private(set) var events: UInt64 = 0

    /// Makes one around a machine that has not started.
    package init(_ machine: Machine) { self.machine = machine }

    /// From the first event to the last, by the server's own clock.
    package var span: Interval {
        guard let first, let last else { return .zero }
        return last.monotonic.since(first.monotonic)
    }

    /// Takes the next event, and tells where the machine does something else.
    package mutating func take(_ step: RecordedStep) -> ConformDifference? {
        first = first ?? step.now
        last = step.now
        events += 1
        effects.removeAll()
        machine.handle(step.event, now: step.now, into: &effects)
        guard let place = Self.difference(step.consequence, effects.list) else {
            if former.count == Self.formerMax { former.removeFirst() }
            former.append(step)
            return nil
        }
        return ConformDifference(
            step: step, effects: effects.list, place: place, former: former,
            began: first ?? step.now)
    }

    /// The place of the first effect that differs; nil where all are the same.
    private static func difference(
        _ recorded: RecordedStep.Consequence, _ effects: [Effect<SyncNet>]
    ) -> Int? {
        if case .effects(let list) = recorded {
            guard list != effects else { return nil }
            return zip(list, effects).enumerated().first { $1.0 != $1.1 }?.offset
                ?? min(list.count, effects.count)
        }
        let (former, now) = (recorded.digest, EffectsDigest(effects))
        guard former != now else { return nil }
        return former.firstDifference(from: now) ?? 0
    }
}
