package import StateMachine

/// When heartbeats are due: number i at i·η after a common beginning, from 1.
package struct HeartbeatSchedule: Equatable, Sendable {
    /// The moment of heartbeat 0, which nobody sends.
    package let beginning: Instant
    /// η, from one heartbeat to the next.
    package let interval: Interval

    /// Makes a schedule.
    /// - Precondition: the interval is above zero.
    package init(beginning: Instant = .zero, interval: Interval) {
        precondition(interval > .zero, "heartbeats need an interval above zero")
        self.beginning = beginning
        self.interval = interval
    }

    /// The moment at which a heartbeat is due.
    package func moment(of heartbeat: UInt64) -> Instant { beginning + interval * heartbeat }

    /// The last heartbeat that is due at `now`; 0 before the first.
    package func number(at now: Instant) -> UInt64 {
        now.since(beginning).nanoseconds / interval.nanoseconds
    }
}

/// The watched side of a ``FreshnessDetector``: says which heartbeat to send when.
package struct FreshnessSender: Equatable, Sendable {
    private let schedule: HeartbeatSchedule
    private var sent: UInt64 = 0

    /// Makes the sender that goes by a schedule.
    package init(_ schedule: HeartbeatSchedule) { self.schedule = schedule }

    /// When the next heartbeat is due: when to call ``timeReached(_:)`` next.
    package var deadline: Instant { schedule.moment(of: sent + 1) }

    /// The heartbeat to send now; nil where none is due.
    ///
    /// Where the timer was late by more than an interval, only the newest is sent: it makes
    /// those before it stale.
    package mutating func timeReached(_ now: Instant) -> UInt64? {
        let due = schedule.number(at: now)
        guard due > sent else { return nil }
        sent = due
        return due
    }
}
