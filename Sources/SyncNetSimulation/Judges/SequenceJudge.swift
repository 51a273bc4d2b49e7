import StateMachine
import SyncNetProtocol

/// Judges the applied sequence itself, each index once: exactly once, sender order, causal
/// order, and stamps that rise along the log.
struct SequenceJudge {
    /// What a client knew when it said something.
    private struct Saying {
        var client: NodeID
        /// How often the client had started: orders of two lives are not in order.
        var life: Int
        /// Its place among all that the client said.
        var order: UInt64
        /// The highest index that the client had been shown, read or acknowledged.
        var frontier: UInt64
        /// The highest stamp that the client had sent or received.
        var stamp: UInt64
        var index: UInt64 = 0
        var isRefused = false
    }

    /// The latest applied words of a client, in its latest life.
    private struct Latest {
        var life: Int
        var order: UInt64
    }

    private struct Session {
        var last: UInt64 = 0
        /// The index at which each number was applied, by number.
        var indexes: [UInt64] = []
        /// Whether each came to nothing, by number.
        var refusals: [Bool] = []

        func has(_ number: UInt64) -> Bool { number > 0 && number <= last }

        func isRefused(_ number: UInt64) -> Bool { has(number) && refusals[Int(number) - 1] }
    }

    private var sayings: [UInt64: Saying] = [:]
    private var sessions: [UInt64: Session] = [:]
    /// What became of sessions that were forgotten and begun anew.
    private var former: [UInt64: [Session]] = [:]
    private var latest = NodeMap<Latest>()
    private var stamp: UInt64 = 0

    /// A client is asked to say something.
    mutating func asked(
        _ client: NodeID, life: Int, order: UInt64, saying: UInt64, frontier: UInt64,
        stamp: UInt64
    ) {
        sayings[saying] = Saying(
            client: client, life: life, order: order, frontier: frontier, stamp: stamp)
    }

    /// An index is applied for the first time anywhere; `forgotten` is whether the servers, by log
    /// order, remember nothing of the session of its request.
    mutating func applied(
        _ entry: Entry, _ outcome: Outcome?, ofForgotten forgotten: Bool
    ) -> Breach? {
        if entry.stamp.number <= stamp {
            let detail =
                "the entry at \(entry.index.number) has stamp \(entry.stamp.number), the one "
                + "before it \(stamp)"
            return Breach(.lamport, detail)
        }
        stamp = entry.stamp.number
        guard case .command(let command) = entry.payload, let outcome else { return nil }
        if forgotten, let request = command.request { begunAnew(request) }
        if let breach = counted(command, outcome, at: entry.index) { return breach }
        guard outcome == .done(entry.index), case .chat(let room, let text) = command.action
        else { return nil }
        return said(
            Digest.of(saying: text, by: command.sender, in: room), entry)
    }

    /// Whether an entry, as the first copy of a request that is applied in its session, does once
    /// more what had been done before the session was forgotten: more than to begin it by a join.
    func isReplay(_ entry: Entry, ofForgotten forgotten: Bool) -> Bool {
        guard case .command(let command) = entry.payload, let request = command.request else {
            return false
        }
        let key = Digest.of(request.session)
        if request.number == 1, case .join = command.action { return false }
        let isInFormer = former[key]?.contains { $0.has(request.number) } ?? false
        let isNext = request.number == (sessions[key]?.last ?? 0) + 1
        let isFirst = forgotten && request.number == 1
        return isFirst ? sessions[key] != nil : isInFormer && isNext
    }

    /// No server can tell the first request of a new session from a late copy of that of a
    /// forgotten one: it begins the session once more.
    private mutating func begunAnew(_ request: SessionRequest) {
        guard request.number == 1,
            let ended = sessions.removeValue(forKey: Digest.of(request.session))
        else { return }
        former[Digest.of(request.session), default: []].append(ended)
    }

    /// The numbers of a session are applied in order, each once.
    private mutating func counted(
        _ command: Command, _ outcome: Outcome, at index: LogIndex
    ) -> Breach? {
        guard let request = command.request else { return nil }
        let key = Digest.of(request.session)
        let number = request.number
        switch outcome {
        case .refused(.gap, _), .refused(.unknownSession, _): return nil
        case .done(let place), .refused(_, let place):
            guard place == index else {
                return repeated(key, number, firstAt: place, at: index)
            }
            let last = sessions[key]?.last ?? 0
            if number == last + 1 {
                sessions[key, default: Session()].last = number
                sessions[key, default: Session()].indexes.append(index.number)
                sessions[key]?.refusals.append(outcome != .done(index))
                return nil
            }
            let what = "request \(number) of session \(request.session.string)"
            if number <= last {
                return Breach(.exactlyOnce, "\(what) was applied again at \(index.number)")
            }
            let detail = "\(what) was applied at \(index.number) right after request \(last)"
            return Breach(.senderOrder, detail)
        }
    }

    private func repeated(
        _ key: UInt64, _ number: UInt64, firstAt place: LogIndex, at index: LogIndex
    ) -> Breach? {
        let isKnown =
            number > 0 && number <= sessions[key]?.last ?? 0
            && sessions[key]?.indexes[Int(number) - 1] == place.number
        if isKnown { return nil }
        let detail =
            "the entry at \(index.number) was taken for a repeat of what was done at "
            + "\(place.number), where its request was never applied"
        return Breach(.exactlyOnce, detail)
    }

    private mutating func said(_ saying: UInt64, _ entry: Entry) -> Breach? {
        guard let known = sayings[saying] else {
            let detail = "nobody has said what stands at index \(entry.index.number)"
            return Breach(.exactlyOnce, detail)
        }
        let index = entry.index.number
        if known.index != 0 {
            let detail =
                "what \(known.client.name) said once stands at \(known.index) and at \(index)"
            return Breach(.exactlyOnce, detail)
        }
        if known.isRefused {
            let detail =
                "\(known.client.name) was told that what stands at \(index) was refused"
            return Breach(.exactlyOnce, detail)
        }
        sayings[saying]?.index = index
        if index <= known.frontier {
            let detail =
                "\(known.client.name) had seen index \(known.frontier) before it said what "
                + "stands at \(index)"
            return Breach(.causalOrder, detail)
        }
        if entry.stamp.number <= known.stamp {
            let detail =
                "\(known.client.name) had seen stamp \(known.stamp) before it said what got "
                + "stamp \(entry.stamp.number)"
            return Breach(.lamport, detail)
        }
        // Without numbers nobody can tell what is missing: what such a client has not yet had
        // answered may be overtaken.
        guard case .command(let command) = entry.payload, command.request != nil else {
            return nil
        }
        return ordered(known, index)
    }

    private mutating func ordered(_ saying: Saying, _ index: UInt64) -> Breach? {
        let former = latest[saying.client] ?? Latest(life: 0, order: 0)
        if saying.life < former.life { return nil }
        if saying.life == former.life, saying.order < former.order {
            let detail =
                "\(saying.client.name) said what stands at \(index) before other words that "
                + "stand before it"
            return Breach(.senderOrder, detail)
        }
        latest[saying.client] = Latest(life: saying.life, order: saying.order)
        return nil
    }

    /// A client is told that its words were not applied. Where they stand, if they do.
    mutating func refused(_ saying: UInt64) -> UInt64? {
        sayings[saying]?.isRefused = true
        return index(of: saying)
    }

    /// Where a request of a session was applied, nil where it was not (yet).
    func index(of number: UInt64, in session: UInt64) -> UInt64? {
        guard let known = sessions[session], known.has(number) else { return nil }
        return known.indexes[Int(number) - 1]
    }

    /// Whether a request was applied there and came to something, before its session was
    /// forgotten: a server that has applied no more says so.
    func wasDone(_ number: UInt64, in session: UInt64, at index: UInt64) -> Bool {
        former[session]?.contains { known in
            known.has(number) && known.indexes[Int(number) - 1] == index
                && !known.isRefused(number)
        } ?? false
    }

    /// Whether a request of a session was applied and came to nothing.
    func isRefused(_ number: UInt64, in session: UInt64) -> Bool {
        sessions[session]?.isRefused(number) ?? false
    }

    /// The same, also before the session was forgotten and begun anew.
    func wasRefused(_ number: UInt64, in session: UInt64) -> Bool {
        isRefused(number, in: session)
            || former[session]?.contains { $0.isRefused(number) } ?? false
    }

    /// Where what was said stands, nil where it was not done (yet).
    func index(of saying: UInt64) -> UInt64? {
        guard let known = sayings[saying], known.index != 0 else { return nil }
        return known.index
    }
}
