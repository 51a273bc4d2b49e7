import StateMachine

/// Makes a story of a failure small: as few choices, nodes and settings as still lead to it.
///
/// Knows nothing of the system: it is given a way to run a story, and ideas for smaller
/// configurations.
///
/// It comes to an end: a story is taken only if nothing in it has grown, and something has
/// shrunk: its choices, its settings, the numbers and times of its choices, or, as ``smaller``
/// sees it, its configuration. Each of these can shrink only so often.
public struct StoryShrinker {
    /// How long a story may take to come to its failure.
    public enum Patience: Sendable {
        /// About as long as the story from which it was made.
        case short
        /// As long as its scenario goes.
        case endless
    }

    /// Runs a story. Gives it as it went, with the choices that mattered; nil where it did not
    /// end with the same failure.
    public let run: (Story, Patience) -> Story?
    /// A story with less time, fewer nodes and so on: a list for each of these, the boldest
    /// first. The first list is tried before all else: let it be what makes runs faster. No row
    /// of such steps may come back to where it began.
    public let smaller: (Story) -> [[Story]]
    /// Whether it is time to stop.
    public let isOver: () -> Bool
    /// Told of every story that is smaller than the one before.
    public let isSmaller: (Story) -> Void
    /// How many runs there were.
    public private(set) var runs = 0
    private var vain = VainStories()

    /// Makes one.
    public init(
        run: @escaping (Story, Patience) -> Story?,
        smaller: @escaping (Story) -> [[Story]] = { _ in [] },
        isOver: @escaping () -> Bool = { false }, isSmaller: @escaping (Story) -> Void = { _ in }
    ) {
        self.run = run
        self.smaller = smaller
        self.isOver = isOver
        self.isSmaller = isSmaller
    }

    /// The smallest story that it finds. With `isMinimal`, the failure does not come without
    /// any one of its choices, however long one waits for it: that was tried with each.
    public mutating func shrink(_ story: Story) -> (story: Story, isMinimal: Bool) {
        // What is left depends on what goes first: somebody who stays may need others to stay.
        var best = reduce(story, nodesFirst: false, valuesFirst: true)
        for nodesFirst in [false, true] {
            guard best.isMinimal, best.story.choices.decisions.count > Self.few else { break }
            let other = reduce(story, nodesFirst: nodesFirst, valuesFirst: false)
            let isFewer =
                other.story.choices.decisions.count < best.story.choices.decisions.count
            if other.isMinimal, isFewer { best = other }
        }
        return best
    }

    /// With so many choices nobody asks whether there could be fewer.
    private static let few = 5
    /// Of so many choices all pairs are tried.
    private static let pairsMost = 30

    private mutating func reduce(
        _ story: Story, nodesFirst: Bool, valuesFirst: Bool
    ) -> (story: Story, isMinimal: Bool) {
        var best = story
        takeSmaller(&best, nodesFirst ? .max : 1)
        leaveOut(&best) { $0.kind(of: $1) }
        leaveOut(&best) { Self.occasion($0, $1) }
        // A fault that comes sooner, or needs less of a disk to be full, ends a long story early.
        if valuesFirst { simplifyValues(&best, ofKindsWith: Self.few) }
        simplifySettings(&best)
        leaveOut(&best) { [$0.kind(of: $1), "\($1.node)", "\($1.other)"].joined(separator: " ") }
        while !isOver() {
            settle(&best)
            // The last of all: nothing that comes after it may change what it has verified.
            let before = best.choices.decisions.count
            let isMinimal = leaveOutSingly(&best, .endless)
            guard best.choices.decisions.count < before else { return (best, isMinimal) }
        }
        return (best, false)
    }

    /// Goes on until nothing gets smaller any more.
    private mutating func settle(_ best: inout Story) {
        while !isOver() {
            let before = best
            leaveOutSingly(&best, .short)
            leaveOut(&best) { Self.occasion($0, $1) }
            simplifySettings(&best)
            simplifyValues(&best)
            if best == before { leaveOutPairs(&best) }
            guard best != before else { return }
        }
    }

    /// Two choices of which each makes up for what the other does.
    private mutating func leaveOutPairs(_ best: inout Story) {
        guard best.choices.decisions.count <= Self.pairsMost else { return }
        let decisions = best.choices.decisions
        for first in decisions.indices {
            for second in decisions.indices.dropFirst(first + 1) where !isOver() {
                var story = best
                story.choices.decisions = decisions.indices
                    .filter { $0 != first && $0 != second }.map { decisions[$0] }
                if attempt(story, &best) { return }
            }
        }
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

    private mutating func attempt(
        _ story: Story, _ best: inout Story, _ patience: Patience = .short
    ) -> Bool {
        guard !isOver(), !vain.contains(story, patience) else { return false }
        runs += 1
        guard let smaller = run(story, patience), Self.isWithin(smaller, story) else {
            vain.insert(story, patience)
            return false
        }
        best = smaller
        isSmaller(best)
        return true
    }

    /// Whether a run made no more of a story than it was given.
    private static func isWithin(_ result: Story, _ story: Story) -> Bool {
        result.choices.decisions.count <= story.choices.decisions.count
            && result.settings.count <= story.settings.count
            && result.settings.allSatisfy { story.settings.contains($0) }
            && size(of: result) <= size(of: story)
    }

    /// All numbers, times and moments of its choices together, as far as one can count.
    private static func size(of story: Story) -> UInt64 {
        story.choices.decisions.reduce(0) { sum, decision in
            let (more, isTooMuch) = sum.addingReportingOverflow(decision.value.size)
            return isTooMuch ? .max : more
        }
    }

    private mutating func leaveOut(
        _ best: inout Story, by key: (DecisionList, Decision) -> String
    ) {
        let names = best.choices
        minimize(&best, .short) { delta, decisions, effect in
            _ = delta.minimize(decisions, by: { key(names, $0) }, effect: effect)
        }
    }

    /// True: it has tried each, and none could be left out.
    @discardableResult
    private mutating func leaveOutSingly(_ best: inout Story, _ patience: Patience) -> Bool {
        minimize(&best, patience) { delta, decisions, effect in
            _ = delta.minimize(decisions, effect: effect)
        }
    }

    @discardableResult
    private mutating func minimize(
        _ best: inout Story, _ patience: Patience,
        _ body: (inout DeltaDebugging, [Decision], ([Decision]) -> [Decision]?) -> Void
    ) -> Bool {
        var delta = DeltaDebugging(isOver: isOver)
        let decisions = best.choices.decisions
        body(&delta, decisions) { fewer in
            var story = best
            story.choices.decisions = fewer
            return attempt(story, &best, patience) ? best.choices.decisions : nil
        }
        return !delta.isCutShort
    }

    /// Fewer nodes and less time; then nothing that is set without need.
    private mutating func simplifySettings(_ best: inout Story) {
        takeSmaller(&best, .max)
        var delta = DeltaDebugging(isOver: isOver)
        let settings = best.settings
        _ = delta.minimize(settings) { fewer in
            var story = best
            story.settings = fewer
            return attempt(story, &best) ? best.settings : nil
        }
    }

    /// Takes one of each of the first lists.
    private mutating func takeSmaller(_ best: inout Story, _ lists: Int) {
        for list in smaller(best).indices.prefix(lists) {
            let ideas = smaller(best)
            guard list < ideas.count else { return }
            _ = ideas[list].first { attempt($0, &best) }
        }
    }

    /// Round numbers, and less waiting; only in kinds of which there are so many choices at the
    /// most.
    private mutating func simplifyValues(_ best: inout Story, ofKindsWith most: Int = .max) {
        var place = 0
        while place < best.choices.decisions.count, !isOver() {
            let kind = best.choices.decisions[place].kind
            let isRare =
                most == .max || best.choices.decisions.count { $0.kind == kind } <= most
            let ideas = isRare ? Self.simpler(best.choices.decisions, place) : []
            let isSimpler = ideas.contains { decisions in
                var story = best
                story.choices.decisions = decisions
                return attempt(story, &best)
            }
            if !isSimpler { place += 1 }
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
            let sooner = [moment.nanoseconds / 2] + rounded(moment.nanoseconds)
            return earlier(decisions, moment)
                + sooner.map { with(.moment(Instant(nanoseconds: $0))) }
        case .number(let number):
            guard number > 1 else { return [] }
            return ([1, number / 2] + rounded(number)).map { with(.number($0)) }
        case .yes, .word: return []
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

extension Decision.Value {
    fileprivate var size: UInt64 {
        switch self {
        case .number(let number): number
        case .time(let interval): interval.nanoseconds
        case .moment(let moment): moment.nanoseconds
        case .yes, .word: 0
        }
    }
}
