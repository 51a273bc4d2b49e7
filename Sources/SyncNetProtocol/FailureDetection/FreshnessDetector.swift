package import StateMachine

/// The failure detector NFD-S of Chen, Toueg & Aguilera ("On the quality of service of failure
/// detectors", IEEE Transactions on Computers 51, 2002, section 3), for one watched process.
///
/// The watched process sends heartbeat i at the moment i·η of a clock that both share. From
/// the *freshness point* i·η + δ on, only heartbeat i and later ones are fresh, and the process
/// is trusted while one of those has arrived. So a crash is found within δ + η whatever the
/// network did, which a timeout started by each arrival cannot promise.
///
/// It judges the simulator's clocks and networks against known formulas. Servers, whose clocks
/// have no common beginning, detect failures in a way of their own.
package struct FreshnessDetector: Equatable, Sendable {
    /// What the detector thinks of the watched process.
    package enum Opinion: Equatable, Sendable {
        case trusts
        case suspects
    }

    private let schedule: HeartbeatSchedule
    private let shift: Interval
    private let bugs: PlantedBugs
    /// The newest heartbeat that arrived; nil before any has.
    private var newest: UInt64?
    /// What is thought since the last call. It begins with suspicion.
    package private(set) var opinion = Opinion.suspects

    /// Makes the detector that goes by a schedule, with freshness points δ = `shift` behind it.
    package init(_ schedule: HeartbeatSchedule, shift: Interval) {
        self.init(schedule, shift: shift, bugs: [])
    }

    package init(_ schedule: HeartbeatSchedule, shift: Interval, bugs: PlantedBugs) {
        self.schedule = schedule
        self.shift = shift
        self.bugs = bugs
    }

    /// The first freshness point after `now`: when to call ``timeReached(_:)`` next.
    package func deadline(after now: Instant) -> Instant {
        schedule.moment(of: freshnessPoint(at: now) + 1) + shift
    }

    /// A freshness point was reached. Returns the opinion if it is a new one.
    package mutating func timeReached(_ now: Instant) -> Opinion? { judge(now) }

    /// A heartbeat arrived. Returns the opinion if it is a new one.
    package mutating func received(_ heartbeat: UInt64, now: Instant) -> Opinion? {
        newest = max(newest ?? 0, heartbeat)
        return judge(now)
    }

    private mutating func judge(_ now: Instant) -> Opinion? {
        let before = opinion
        opinion = isFresh(newest, at: now) ? .trusts : .suspects
        return opinion == before ? nil : opinion
    }

    private func isFresh(_ heartbeat: UInt64?, at now: Instant) -> Bool {
        guard let heartbeat else { return false }
        let grace: UInt64 = bugs.contains(.f7FreshOneIntervalLonger) ? 1 : 0
        return heartbeat + grace >= freshnessPoint(at: now)
    }

    /// The number of the last freshness point, 0 before the first.
    private func freshnessPoint(at now: Instant) -> UInt64 {
        let shifted = now.since(Instant.zero + shift)
        return schedule.number(at: Instant(nanoseconds: shifted.nanoseconds))
    }
}
