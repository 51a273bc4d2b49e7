import StateMachine

/// Makes a story of a failure small: as few choices, nodes and settings as still lead to it.
///
/// Knows nothing of the system: it is given a way to run a story, and ideas for smaller
/// configurations.
public struct StoryShrinker {
    /// Runs a story. Gives it as it went, with the choices that mattered; nil where it did not
    /// end with the same failure.
    public let run: (Story) -> Story?
    /// The settings of a story with fewer nodes, or less time; the boldest first.
    public let smaller: (Story) -> [[StorySetting]]
    /// Whether it is time to stop.
    public let isOver: () -> Bool
    /// Told of every story that is smaller than the one before.
    public let isSmaller: (Story) -> Void
    /// How many runs there were.
    public private(set) var runs = 0

    /// Makes one.
    public init(
        run: @escaping (Story) -> Story?,
        smaller: @escaping (Story) -> [[StorySetting]] = { _ in [] },
        isOver: @escaping () -> Bool = { false }, isSmaller: @escaping (Story) -> Void = { _ in }
    ) {
        self.run = run
        self.smaller = smaller
        self.isOver = isOver
        self.isSmaller = isSmaller
    }

    /// The smallest story that it finds. With `isMinimal`, the failure does not come without
    /// any one of its choices: that was tried with each.
    public mutating func shrink(_ story: Story) -> (story: Story, isMinimal: Bool) {
        var best = story
        leaveOut(&best) { $0.kind(of: $1) }
        leaveOut(&best) { Self.occasion($0, $1) }
        simplifySettings(&best)
        leaveOut(&best) { [$0.kind(of: $1), "\($1.node)", "\($1.other)"].joined(separator: " ") }
        while !isOver() {
            let before = best
            leaveOutSingly(&best)
            leaveOut(&best) { Self.occasion($0, $1) }
            simplifySettings(&best)
            simplifyValues(&best)
            guard best != before else { break }
        }
        // The last of all: nothing that comes after it may change what it has verified.
        let isMinimal = leaveOutSingly(&best)
        return (best, isMinimal)
    }

    /// What belongs together: a strike, an act, all of one kind otherwise.
    private static func occasion(_ list: DecisionList, _ decision: Decision) -> String {
        let (kind, label) = (list.kind(of: decision), list.label(of: decision))
        let isTraffic = ["packet.", "stream.", "weather.", "timer."].contains {
            kind.hasPrefix($0)
        }
        guard !label.isEmpty, !isTraffic else { return kind }
        return "\(label) \(decision.number) \(kind.hasPrefix("workload.") ? decision.node : 0)"
    }

    private mutating func attempt(_ story: Story, _ best: inout Story) -> Bool {
        guard !isOver() else { return false }
        runs += 1
        guard let smaller = run(story) else { return false }
        best = smaller
        isSmaller(best)
        return true
    }

    private mutating func leaveOut(
        _ best: inout Story, by key: (DecisionList, Decision) -> String
    ) {
        let names = best.choices
        minimize(&best) { delta, decisions, effect in
            _ = delta.minimize(decisions, by: { key(names, $0) }, effect: effect)
        }
    }

    /// True: it has tried each, and none could be left out.
    @discardableResult
    private mutating func leaveOutSingly(_ best: inout Story) -> Bool {
        minimize(&best) { delta, decisions, effect in
            _ = delta.minimize(decisions, effect: effect)
        }
    }

    @discardableResult
    private mutating func minimize(
        _ best: inout Story,
        _ body: (inout DeltaDebugging, [Decision], ([Decision]) -> [Decision]?) -> Void
    ) -> Bool {
        var delta = DeltaDebugging(isOver: isOver)
        let decisions = best.choices.decisions
        body(&delta, decisions) { fewer in
            var story = best
            story.choices.decisions = fewer
            return attempt(story, &best) ? best.choices.decisions : nil
        }
        return !delta.isCutShort
    }

    /// Fewer nodes and less time; then nothing that is set without need.
    private mutating func simplifySettings(_ best: inout Story) {
        var isBetter = true
        while isBetter, !isOver() {
            isBetter = false
            for settings in smaller(best) where !isOver() {
                var story = best
                story.settings = settings
                guard attempt(story, &best) else { continue }
                isBetter = true
                break
            }
        }
        var delta = DeltaDebugging(isOver: isOver)
        let settings = best.settings
        _ = delta.minimize(settings) { fewer in
            var story = best
            story.settings = fewer
            return attempt(story, &best) ? best.settings : nil
        }
    }

    /// Round numbers, and less waiting.
    private mutating func simplifyValues(_ best: inout Story) {
        var place = 0
        while place < best.choices.decisions.count, !isOver() {
            for value in Self.simpler(best.choices.decisions, place) {
                var story = best
                story.choices.decisions = value
                if attempt(story, &best) { break }
            }
            place += 1
        }
    }

    /// The choices with a simpler one at that place.
    private static func simpler(_ decisions: [Decision], _ place: Int) -> [[Decision]] {
        func with(_ value: Decision.Value) -> [Decision] {
            var changed = decisions
            changed[place].value = value
            return changed
        }
        switch decisions[place].value {
        case .time(let interval):
            return rounded(interval.nanoseconds).map { with(.time(Interval(nanoseconds: $0))) }
        case .moment(let moment):
            return earlier(decisions, moment)
                + rounded(moment.nanoseconds).map { with(.moment(Instant(nanoseconds: $0))) }
        case .number, .yes, .word: return []
        }
    }

    /// To a tenth of itself, a hundredth and a thousandth, where that changes it.
    private static func rounded(_ nanoseconds: UInt64) -> [UInt64] {
        var scale: UInt64 = 1
        while nanoseconds / scale >= 10 { scale *= 10 }
        var found: [UInt64] = []
        for step in [scale, scale / 10, scale / 100] where step > 0 {
            let value = nanoseconds / step * step
            if value != nanoseconds, value != found.last { found.append(value) }
        }
        return found
    }

    /// All that happens from a moment on, sooner after what happens before.
    private static func earlier(_ decisions: [Decision], _ moment: Instant) -> [[Decision]] {
        var before: UInt64 = 0
        for case .moment(let other) in decisions.map(\.value) where other < moment {
            before = max(before, other.nanoseconds)
        }
        let gap = moment.nanoseconds - before
        guard gap > 100_000_000 else { return [] }
        return [gap * 3 / 4, gap / 2].map { less in
            decisions.map { decision in
                guard case .moment(let other) = decision.value, other >= moment else {
                    return decision
                }
                var moved = decision
                moved.value = .moment(Instant(nanoseconds: other.nanoseconds - less))
                return moved
            }
        }
    }
}
