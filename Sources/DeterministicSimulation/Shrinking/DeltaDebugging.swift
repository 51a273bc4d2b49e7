/// Finds a small part of a list of causes that still has the same effect (Zeller &
/// Hildebrandt, "Simplifying and Isolating Failure-Inducing Input", 2002).
///
/// Removes pieces: halves first, then ever smaller ones, at last single causes. What is left
/// at the end is *1-minimal*: without any one of its causes the effect does not come.
public struct DeltaDebugging {
    /// How often the effect was tried.
    public private(set) var tries = 0
    /// Whether it stopped before it was done.
    public private(set) var isCutShort = false
    private let isOver: () -> Bool

    /// Makes one that stops as soon as `isOver`, asked before each try, says so.
    public init(isOver: @escaping () -> Bool = { false }) { self.isOver = isOver }

    /// A part of the causes that has the effect.
    ///
    /// `effect` gives nil where the causes have not the effect; otherwise those of them that
    /// mattered, in order: all of them, or fewer, if it knows that the others had no part in it.
    /// An answer with more causes than it was asked about counts as nil: each step leaves fewer,
    /// and so there is a last one.
    public mutating func minimize<Cause>(
        _ causes: [Cause], effect: ([Cause]) -> [Cause]?
    ) -> [Cause] {
        var left = causes
        var size = left.count
        while size > 1 {
            pass(&left, size, effect)
            guard !isCutShort else { return left }
            size = min(max(size / 2, 1), left.count)
        }
        passSingly(&left, effect)
        return left
    }

    /// The same with causes that are removed together, those of one key. The largest groups
    /// go first.
    public mutating func minimize<Cause, Key: Comparable>(
        _ causes: [Cause], by key: (Cause) -> Key, effect: ([Cause]) -> [Cause]?
    ) -> [Cause] {
        func groups(_ causes: [Cause]) -> [[(place: Int, cause: Cause)]] {
            let keys = causes.map(key)
            let order = causes.indices.sorted { (keys[$0], $0) < (keys[$1], $1) }
            var groups: [[(place: Int, cause: Cause)]] = []
            var last: Key?
            for place in order {
                if keys[place] != last { groups.append([]) }
                last = keys[place]
                groups[groups.count - 1].append((place, causes[place]))
            }
            return groups.sorted {
                ($1.count, $0[0].place) < ($0.count, $1[0].place)
            }
        }
        func flat(_ groups: [[(place: Int, cause: Cause)]]) -> [Cause] {
            groups.joined().sorted { $0.place < $1.place }.map(\.cause)
        }
        return flat(
            minimize(groups(causes)) { effect(flat($0)).map(groups) })
    }

    /// Tries to do without each piece of that size.
    private mutating func pass<Cause>(
        _ left: inout [Cause], _ size: Int, _ effect: ([Cause]) -> [Cause]?
    ) {
        var begin = 0
        while begin < left.count {
            guard !isOver() else {
                isCutShort = true
                return
            }
            let end = min(begin + size, left.count)
            tries += 1
            if let fewer = effect(Array(left[..<begin] + left[end...])), fewer.count < left.count {
                left = fewer
            } else {
                begin = end
            }
        }
    }

    /// Tries to do without each single cause, round and round, until a whole round was in vain.
    private mutating func passSingly<Cause>(
        _ left: inout [Cause], _ effect: ([Cause]) -> [Cause]?
    ) {
        var (place, inVain) = (0, 0)
        while inVain < left.count {
            guard !isOver() else {
                isCutShort = true
                return
            }
            if place >= left.count { place = 0 }
            tries += 1
            let others = Array(left[..<place] + left[(place + 1)...])
            if let fewer = effect(others), fewer.count < left.count {
                (left, inVain) = (fewer, 0)
            } else {
                (place, inVain) = (place + 1, inVain + 1)
            }
        }
    }
}
