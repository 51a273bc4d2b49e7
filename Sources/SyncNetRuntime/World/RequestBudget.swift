/// How many requests a connection may send: so many a second on average, and so many at once.
///
/// The "generic cell rate algorithm": one moment says it all, when the next request would be
/// due at an even pace.
struct RequestBudget {
    private let step: UInt64
    private let slack: UInt64
    private var due: UInt64 = 0

    init(perSecond rate: Int, burst: Int) {
        step = UInt64(max(1, 1_000_000_000 / max(1, rate)))
        slack = step * UInt64(max(1, burst) - 1)
    }

    /// Takes one request at a moment in nanoseconds; false where it is too early.
    mutating func take(at now: UInt64) -> Bool {
        let next = max(due, now)
        guard next - now <= slack else { return false }
        due = next + step
        return true
    }
}
