/// The search for an order of the operations on one object.
///
/// Invocations and responses stand in a linked list in the order of time. Any operation
/// invoked before the first response in the list may be the next to take effect; it is then
/// lifted out of the list. Where a response is met, its operation should have been placed
/// earlier: the last one placed is put back, and the search goes on behind it.
///
/// Pending operations have a list of their own and are tried when nothing else fits. They may
/// wait for ever, so that in a long history most are never needed, and there are many.
struct LinearizationSearch<Model: SequentialModel> {
    typealias Record = ConcurrentHistory<Model>.Record
    typealias Step = ConcurrentHistory<Model>.Step

    /// Where a search stood when a response stopped it.
    struct Stop {
        var unplaced: Int
        var placed: [Int]
        var state: Model.State
    }

    enum Outcome {
        case found
        case gaveUp
        /// With the latest response that stopped the search.
        case exhausted(furthest: Int)
    }

    /// An invocation or a response, at its place in time.
    private struct Entry {
        var record = 0
        /// The response to this invocation; nil for a response, and where it is pending.
        var response: Int?
        var isInvocation = false
        /// Number among the operations with a response, or among the pending ones.
        var number = 0
        var previous = 0
        var next = 0

        var isPending: Bool { isInvocation && response == nil }
    }

    private struct Placement {
        var entry: Int
        var stateBefore: Model.State
    }

    /// Where the two lists begin. Both end with the last entry.
    private static var head: Int { 0 }
    private static var pendingHead: Int { 1 }

    private let model: Model
    private let records: [Record]
    private var entries: [Entry] = []
    private var state: Model.State
    private var placements: [Placement] = []
    /// Responses in the list. Without one, the order explains all that anybody saw.
    private var unexplained = 0
    private var linearized: LinearizedSet
    private var linearizedPending: LinearizedSet
    private var visited = ConfigurationTable<Model.State>()
    private var furthest = 0

    init(_ model: Model, _ records: [Record], _ steps: [Step]) {
        self.model = model
        self.records = records
        state = model.initial
        let answered = steps.count { if case .responded = $0 { true } else { false } }
        linearized = LinearizedSet(count: answered)
        linearizedPending = LinearizedSet(count: steps.count - 2 * answered)
        unexplained = answered
        entries = Self.list(of: steps, records)
    }

    private static func list(of steps: [Step], _ records: [Record]) -> [Entry] {
        var entries = [Entry(), Entry()]
        var tails = (answered: head, pending: pendingHead)
        var invocations = [Int](repeating: 0, count: records.count)
        var counts = (answered: 0, pending: 0)
        for step in steps {
            let place = entries.count
            switch step {
            case .invoked(let record) where records[record].result == nil:
                entries.append(
                    Entry(
                        record: record, isInvocation: true, number: counts.pending,
                        previous: tails.pending))
                entries[tails.pending].next = place
                tails.pending = place
                counts.pending += 1
                continue
            case .invoked(let record):
                invocations[record] = place
                entries.append(
                    Entry(
                        record: record, isInvocation: true, number: counts.answered,
                        previous: tails.answered))
                counts.answered += 1
            case .responded(let record):
                entries[invocations[record]].response = place
                entries.append(Entry(record: record, previous: tails.answered))
            }
            entries[tails.answered].next = place
            tails.answered = place
        }
        entries[tails.answered].next = entries.count
        entries[tails.pending].next = entries.count
        return entries + [Entry()]
    }

    mutating func run(stepsMax: Int) -> Outcome {
        var steps = 0
        var entry = candidate(from: entries[Self.head].next)
        while unexplained > 0 {
            if let invocation = entry {
                guard steps < stepsMax else { return .gaveUp }
                steps += 1
                entry = follow(invocation)
            } else {
                furthest = max(furthest, firstResponse)
                guard let undone = placeBack() else { return .exhausted(furthest: furthest) }
                entry = candidate(from: entries[undone].next)
            }
        }
        return .found
    }

    /// Walks the same way again, up to the moment when that response stopped it first.
    /// To copy all placements at each new stop would make long histories slow.
    mutating func walk(to stop: Int) -> Stop {
        var entry = candidate(from: entries[Self.head].next)
        while entry != nil || firstResponse != stop {
            if let invocation = entry {
                entry = follow(invocation)
            } else if let undone = placeBack() {
                entry = candidate(from: entries[undone].next)
            }
        }
        return Stop(
            unplaced: entries[stop].record,
            placed: placements.map { entries[$0.entry].record }, state: state)
    }

    /// Tries an invocation, and says which is to be tried then.
    private mutating func follow(_ invocation: Int) -> Int? {
        let next = place(invocation) ? Self.head : invocation
        return candidate(from: entries[next].next)
    }

    /// The invocation that stands there or is to be tried instead; nil where none is left.
    private func candidate(from entry: Int) -> Int? {
        let end = entries.count - 1
        var entry = entry
        if entry < end, !entries[entry].isPending {
            if entries[entry].isInvocation { return entry }
            entry = entries[Self.pendingHead].next
        }
        return entry < end && entry < firstResponse ? entry : nil
    }

    /// The response before which something must take effect next.
    private var firstResponse: Int {
        var entry = entries[Self.head].next
        while entry < entries.count - 1, entries[entry].isInvocation { entry = entries[entry].next }
        return entry
    }

    /// Lets an operation take effect next, if its response allows that and it is news.
    private mutating func place(_ entry: Int) -> Bool {
        let record = records[entries[entry].record]
        var after = state
        let result = model.apply(record.operation, to: &after)
        if let seen = record.result {
            guard result == seen else { return false }
        } else {
            // Nobody saw it, and it changes nothing: what follows is possible without it.
            guard after != state else { return false }
        }
        mark(entry, isPlaced: true)
        var digest = StateDigest()
        model.digest(after, into: &digest)
        guard visited.insert(linearized, linearizedPending, after, digest: digest) else {
            mark(entry, isPlaced: false)
            return false
        }
        placements.append(Placement(entry: entry, stateBefore: state))
        state = after
        unlink(entry)
        guard let response = entries[entry].response else { return true }
        unlink(response)
        unexplained -= 1
        return true
    }

    /// Takes the last placed operation back. Returns nil where there is none.
    private mutating func placeBack() -> Int? {
        guard let last = placements.popLast() else { return nil }
        // In the reverse order of lifting, so that the neighbours are the same again.
        if let response = entries[last.entry].response {
            link(response)
            unexplained += 1
        }
        link(last.entry)
        mark(last.entry, isPlaced: false)
        state = last.stateBefore
        return last.entry
    }

    private mutating func mark(_ entry: Int, isPlaced: Bool) {
        let number = entries[entry].number
        switch (entries[entry].response == nil, isPlaced) {
        case (false, true): linearized.insert(number)
        case (false, false): linearized.remove(number)
        case (true, true): linearizedPending.insert(number)
        case (true, false): linearizedPending.remove(number)
        }
    }

    private mutating func unlink(_ entry: Int) {
        let neighbours = (entries[entry].previous, entries[entry].next)
        entries[neighbours.0].next = neighbours.1
        entries[neighbours.1].previous = neighbours.0
    }

    private mutating func link(_ entry: Int) {
        let neighbours = (entries[entry].previous, entries[entry].next)
        entries[neighbours.0].next = entry
        entries[neighbours.1].previous = entry
    }
}
