import StateMachine
import SyncNetProtocol

/// Judges which sessions are forgotten: a function of the log.
///
/// Law (state-machine safety): where there are more than the limit, those go that were used
/// longest ago, by log order. Every server stores exactly that, whenever it applies.
struct SessionJudge {
    private struct Use {
        var index: UInt64
        var session: UInt64
    }

    private let limit: Int
    /// In log order; what is before `oldest` is over.
    private var uses: [Use] = []
    private var oldest = 0
    private var lastUse: [UInt64: UInt64] = [:]
    /// At which index each that is remembered began.
    private var begins: [UInt64: UInt64] = [:]
    /// Who was forgotten at which index, rising.
    private var evictions: [Use] = []
    /// How many of these each server has stored.
    private var stored = NodeMap<Int>()

    init(limits: Limits) { limit = limits.sessions }

    /// A server that starts has stored what belongs to what it had applied.
    mutating func started(_ node: NodeID, applied index: LogIndex) {
        stored[node] = evictions.firstIndex { $0.index > index.number } ?? evictions.count
    }

    /// Whether the session of an entry's request, where it has one, was used and is not forgotten.
    func remembersSession(of entry: Entry) -> Bool {
        guard case .command(let command) = entry.payload, let request = command.request else {
            return true
        }
        return lastUse[Digest.of(request.session)] != nil
    }

    /// The index at which a session began that is remembered.
    func began(_ session: UInt64) -> UInt64? { begins[session] }

    /// An index is applied for the first time anywhere.
    mutating func applied(_ entry: Entry, _ outcome: Outcome?) {
        guard case .command(let command) = entry.payload, let request = command.request,
            outcome?.usesUpNumber(at: entry.index) == true
        else { return }
        let session = Digest.of(request.session)
        if lastUse.updateValue(entry.index.number, forKey: session) == nil {
            begins[session] = entry.index.number
        }
        uses.append(Use(index: entry.index.number, session: session))
        while lastUse.count > limit {
            let use = uses[oldest]
            oldest += 1
            guard lastUse[use.session] == use.index else { continue }
            lastUse[use.session] = nil
            begins[use.session] = nil
            evictions.append(Use(index: entry.index.number, session: use.session))
        }
    }

    /// A server stores what applying has changed.
    mutating func stores(_ delta: AppliedDelta, by node: NodeID) -> Breach? {
        let first = stored[node] ?? 0
        var end = first
        while end < evictions.count, evictions[end].index <= delta.through.number { end += 1 }
        stored[node] = end
        let due = evictions[first..<end]
        let isRight =
            due.count == delta.evicted.count
            && zip(due, delta.evicted).allSatisfy { $0.session == Digest.of($1) }
        if isRight { return nil }
        let detail =
            "\(node.name) forgets \(delta.evicted.count) sessions up to index "
            + "\(delta.through.number), by log order it is \(due.count) or others"
        return Breach(.stateMachineSafety, detail)
    }
}

extension Outcome {
    /// Whether a request with this outcome, applied at an index, was the next one of its session.
    fileprivate func usesUpNumber(at index: LogIndex) -> Bool {
        switch self {
        case .refused(.gap, _), .refused(.unknownSession, _): false
        case .done(let place), .refused(_, let place): place == index
        }
    }
}
