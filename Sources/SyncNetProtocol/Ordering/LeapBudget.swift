package import StateMachine

/// How far a server's clock may still follow clients that are ahead of it.
///
/// Anybody may send a stamp, and everybody's clock follows it. One bound for each message is none
/// for many of them: strangers could drive a clock further in a second than other servers follow,
/// or than there are stamps. So all leaps together have a bound, which grows with time. Servers
/// believe each other: one that was away for long has to catch up.
package struct LeapBudget: Equatable, Sendable {
    private var left = Limits.stampLeapMax
    private var at = Instant.zero

    package init() {}

    /// How far the clock may leap at a moment.
    package func left(at now: Instant) -> UInt64 {
        let seconds = now.since(at).nanoseconds / 1_000_000_000
        let grown = seconds.multipliedReportingOverflow(by: Limits.stampLeapsPerSecond)
        guard !grown.overflow, grown.partialValue < Limits.stampLeapMax - left else {
            return Limits.stampLeapMax
        }
        return left + grown.partialValue
    }

    /// Takes note of a leap.
    package mutating func use(_ leap: UInt64, at now: Instant) {
        let rest = left(at: now)
        precondition(leap <= rest, "a leap of \(leap), \(rest) are left")
        // Of a second that is not over nothing is lost.
        let whole = now.since(at).nanoseconds / 1_000_000_000 * 1_000_000_000
        at = at + Interval(nanoseconds: whole)
        left = rest - leap
    }
}
