package import DequeModule

/// What became of the requests of each session: a function of the log.
///
/// An entry whose number is the session's next one is applied; any other is a repeat or a
/// gap. The session used longest ago, by log order, is forgotten first.
package struct SessionTable: Equatable, Sendable {
    /// A session's last requests.
    package struct Session: Equatable, Sendable {
        /// The number of the last applied request.
        package var last: UInt64
        /// The log position that used it last.
        package var lastUsed: LogIndex
        /// The outcomes of the last requests; the last one belongs to `last`.
        package var outcomes: Deque<Outcome>
        /// Whether it changed since it was last stored.
        var isDirty = false
    }

    /// How the number of a request stands to its session.
    package enum Standing: Equatable, Sendable {
        case next
        case `repeat`(Outcome)
        /// Applied so long ago that its outcome is forgotten.
        case forgotten
        case gap
        case unknownSession
    }

    private struct Use: Equatable, Sendable {
        var index: LogIndex
        var name: Text
    }

    private var sessions = TextMap<Session>()
    private var uses: Deque<Use> = []
    private var dirty: [Text] = []
    private var evicted: [Text] = []
    private let limit: Int
    private let window: Int

    package init(_ records: [SessionRecord], limits: Limits, bugs: PlantedBugs = []) {
        limit = limits.sessions
        window = limits.sessionWindow
        for record in records {
            _ = sessions.slot(
                of: record.name,
                default: Session(
                    last: record.last, lastUsed: record.lastUsed,
                    outcomes: Deque(record.outcomes)))
            guard !bugs.contains(.p7RestartForgetsUses) else { continue }
            uses.append(Use(index: record.lastUsed, name: record.name))
        }
    }

    /// How many sessions are remembered.
    package var count: Int { sessions.count }

    /// The last applied number of a session, nil for an unknown one.
    package func last(of name: Text) -> UInt64? { sessions[name]?.last }

    /// How a request stands.
    package func standing(of request: SessionRequest) -> Standing {
        guard let slot = sessions.slot(of: request.session) else {
            return request.number == 1 ? .next : .unknownSession
        }
        let session = sessions[slot: slot]
        if request.number == session.last + 1 { return .next }
        if request.number > session.last { return .gap }
        let back = session.last - request.number
        guard back < session.outcomes.count else { return .forgotten }
        return .repeat(session.outcomes[session.outcomes.count - 1 - Int(back)])
    }

    /// Notes what became of a session's next request. Returns how many were evicted for it.
    package mutating func record(_ outcome: Outcome, of request: SessionRequest, at index: LogIndex)
        -> Int
    {
        let slot = sessions.slot(
            of: request.session, default: Session(last: 0, lastUsed: index, outcomes: []))
        let wasDirty = sessions[slot: slot].isDirty
        sessions[slot: slot].last = request.number
        sessions[slot: slot].lastUsed = index
        sessions[slot: slot].isDirty = true
        sessions[slot: slot].outcomes.append(outcome)
        if sessions[slot: slot].outcomes.count > window {
            sessions[slot: slot].outcomes.removeFirst()
        }
        if !wasDirty { dirty.append(request.session) }
        uses.append(Use(index: index, name: request.session))
        return evict()
    }

    private mutating func evict() -> Int {
        var count = 0
        while sessions.count > limit, let use = uses.popFirst() {
            guard sessions[use.name]?.lastUsed == use.index else { continue }
            sessions.remove(use.name)
            evicted.append(use.name)
            count += 1
        }
        // Outdated uses would pile up while nothing is evicted.
        if uses.count > 4 * limit + 64 {
            uses = Deque(uses.filter { sessions[$0.name]?.lastUsed == $0.index })
        }
        return count
    }

    /// What changed since the last call, to be stored.
    package mutating func takeChanges() -> (changed: [SessionRecord], evicted: [Text]) {
        var changed: [SessionRecord] = []
        for name in dirty {
            guard let slot = sessions.slot(of: name), sessions[slot: slot].isDirty else { continue }
            sessions[slot: slot].isDirty = false
            let session = sessions[slot: slot]
            changed.append(
                SessionRecord(
                    name: name, last: session.last, lastUsed: session.lastUsed,
                    outcomes: Array(session.outcomes)))
        }
        let gone = evicted.filter { sessions.slot(of: $0) == nil }
        dirty.removeAll(keepingCapacity: true)
        evicted.removeAll(keepingCapacity: true)
        return (changed, gone)
    }
}
