import StateMachine
import SyncNetProtocol

/// Judges what clients are told: room order, durability of what was acknowledged, honest
/// reads.
struct ClientJudge {
    let limits: Limits
    private var views: [ClientView] = []
    /// How many orders were done.
    private(set) var done: UInt64 = 0
    /// How many chat messages were acknowledged.
    private(set) var said: UInt64 = 0

    init(limits: Limits) { self.limits = limits }

    /// Orders that nobody has answered yet.
    var outstanding: Int { views.reduce(0) { $0 + $1.orders.count } }

    func outstanding(of client: NodeID) -> Int {
        let slot = Int(client.rank) - Limits.membersMax
        return slot < views.count ? views[slot].orders.count : 0
    }

    mutating func started(_ client: NodeID) {
        var view = ClientView()
        view.life = self.view(client).life + 1
        change(client) { $0 = view }
    }

    mutating func ended(_ client: NodeID) { change(client) { $0.orders.removeAll() } }

    mutating func asked(
        _ client: NodeID, _ input: ClientInput, name sender: Text?, stamp: UInt64,
        _ ledger: inout Ledger, _ sequence: inout SequenceJudge
    ) {
        change(client) { $0.name = sender }
        switch input {
        case .servers, .passwordDone, .passwordTurnedAway, .logIn: break
        case .quit: ended(client)
        case .invite(let order, let room, let guest):
            add(.invite(room, guest: guest), order, client)
        case .join(let order, let name, let after, _):
            let room = ledger.number(of: name)
            change(client) { view in
                var state = view.rooms[room] ?? ClientView.Room()
                // Whoever joins before the leave is answered has followed the room all the time; so
                // has one that joins since somebody of the same name has left.
                state.isJoinedAgain =
                    state.shown != nil && (view.isLeaving(room) || !state.isDoubtful)
                let shown = after.map { ClientView.Shown.after($0.number) } ?? .fromNow
                if !state.isJoinedAgain { state.shown = state.isDoubtful ? .somewhere : shown }
                view.rooms[room] = state
                view.rooms[room]?.joinedAt = nil
                view.rooms[room]?.isUnwanted = false
            }
            add(.join(room: room, name), order, client)
        case .leave(let order, let name):
            let room = ledger.number(of: name)
            change(client) { $0.rooms[room]?.isUnwanted = true }
            add(.leave(room: room, name), order, client)
        case .say(let order, let room, let text):
            guard let sender else { return }
            let saying = Digest.of(saying: text, by: sender, in: room)
            let view = view(client)
            sequence.asked(
                client, life: view.life, order: order, saying: saying,
                frontier: view.frontier, stamp: stamp)
            add(.say(saying), order, client, isSound: limits.allow(text, in: room, by: sender))
        case .history(let order, let request) where request.search != nil:
            let kind = ClientView.Kind.search(request, known: known(to: client, request, ledger))
            // A linearizable one goes by all that was applied anywhere.
            add(
                kind, order, client,
                atLeast: request.isLinearizable ? UInt64(ledger.lines.count) : 0,
                isSound: limits.allow(request, by: sender))
        case .history(let order, let request):
            let room = ledger.number(of: request.room)
            var known = view(client).rooms[room]?.known ?? 0
            // Whoever confirms the read leads after all that was applied anywhere before.
            if request.isLinearizable { known = max(known, ledger.rooms[room].count) }
            add(
                .read(request, room: room, known: known), order, client,
                isSound: limits.allow(request, by: sender))
        case .discover(let order, _), .change(let order, _, _): add(.other, order, client)
        }
    }

    mutating func told(
        _ client: NodeID, _ output: NodeOutput, _ ledger: Ledger, _ rooms: RoomJudge,
        _ sequence: inout SequenceJudge
    ) -> Breach? {
        switch output {
        case .message(let message): return shown(message, to: client, ledger)
        case .done(let order, let index):
            return acknowledged(order, index, client, ledger, sequence, rooms)
        case .refused(let order, let reason, _):
            return refused(order, reason, client, rooms, &sequence)
        case .page(let order, let page): return read(page, order, client, ledger, rooms)
        case .servers(let order, _, _):
            return take(order, client) == nil ? unasked(order, client) : nil
        case .excluded(let room): return excluded(from: room, client, ledger, rooms)
        case .loginRefused, .passwordJob, .connected, .disconnected, .report: return nil
        }
    }

    /// Who is told so has indeed been outside since it last heard of the room.
    private mutating func excluded(
        from name: Text, _ client: NodeID, _ ledger: Ledger, _ rooms: RoomJudge
    ) -> Breach? {
        var ledger = ledger
        let room = ledger.number(of: name)
        let view = view(client)
        change(client) { view in
            view.rooms[room]?.shown = nil
            view.rooms[room]?.isDoubtful = false
        }
        guard let sender = view.name else { return nil }
        guard rooms.isMember(sender, of: name, from: view.frontier) else { return nil }
        let detail = "\(client.name) was told that it is no member any more, which it is"
        return Breach(.membership, detail)
    }
}

extension ClientJudge {
    /// A room's messages are shown in the order of the log, without gap or repetition.
    private mutating func shown(
        _ message: RoomMessage, to client: NodeID, _ ledger: Ledger
    ) -> Breach? {
        let index = message.index.number
        guard let said = ledger.find(message) else {
            let detail = "\(client.name) was shown at \(index) what was not applied there"
            return Breach(.roomOrder, detail)
        }
        guard message.previous.number == ledger.previous(of: said) else {
            let detail =
                "\(client.name) was told that \(message.previous.number) stands before "
                + "\(index), it is \(ledger.previous(of: said))"
            return Breach(.roomOrder, detail)
        }
        let expected: Int
        switch view(client).rooms[said.room]?.shown {
        case nil:
            return Breach(
                .roomOrder, "\(client.name) was shown \(index) of a room that it did not join")
        case .fromNow?, .somewhere?: expected = said.place
        case .after(let after)?: expected = ledger.messages(of: said.room, through: after)
        case .through(let place)?: expected = place + 1
        }
        if said.place != expected {
            let what = said.place > expected ? "a gap" : "a repetition"
            let detail =
                "\(client.name) was shown \(index), message \(said.place) of its room, where "
                + "message \(expected) was next: \(what)"
            return Breach(.roomOrder, detail)
        }
        change(client) { view in
            view.rooms[said.room]?.shown = .through(place: said.place)
            view.learnt(message.index)
        }
        knows(client, said.room, said.place + 1)
        return nil
    }

    /// What was acknowledged stands in the applied log, at that index.
    private mutating func acknowledged(
        _ order: UInt64, _ index: LogIndex, _ client: NodeID, _ ledger: Ledger,
        _ sequence: SequenceJudge, _ rooms: RoomJudge
    ) -> Breach? {
        guard let asked = take(order, client) else { return unasked(order, client) }
        done += 1
        guard index.number > 0, index.number <= UInt64(ledger.lines.count) else {
            let detail =
                "\(client.name) got order \(order) acknowledged at \(index.number), which "
                + "nobody has applied"
            return Breach(.durability, detail)
        }
        change(client) { $0.learnt(index) }
        switch asked.kind {
        case .say(let saying):
            guard sequence.index(of: saying) == index.number else {
                let detail =
                    "\(client.name) got order \(order) acknowledged at \(index.number), where "
                    + "something else stands"
                return Breach(.durability, detail)
            }
            said += 1
            let slot = Int(ledger.lines[Int(index.number) - 1].said)
            guard slot >= 0 else { return nil }
            knows(client, ledger.said[slot].room, ledger.said[slot].place + 1)
        case .leave(let room, let name):
            change(client) { $0.rooms[room]?.left() }
            return misplaced(.leave(room: name), order, at: index, client, ledger)
        case .invite(let room, let guest):
            return misplaced(.invite(room: room, guest: guest), order, at: index, client, ledger)
        case .join(let room, let name):
            change(client) { view in
                let former = view.rooms[room]?.joinedAt
                view.rooms[room]?.joinedAt = former ?? index.number
                view.rooms[room]?.isDoubtful = false
            }
            // A join that changes nothing needs no entry.
            if let sender = view(client).name,
                rooms.isMember(sender, of: name, at: index.number)
            {
                return nil
            }
            return misplaced(.join(room: name), order, at: index, client, ledger)
        case .read, .search, .other: break
        }
        return nil
    }

    /// What was acknowledged at an index must have been done there by this very client.
    private func misplaced(
        _ action: Action, _ order: UInt64, at index: LogIndex, _ client: NodeID,
        _ ledger: Ledger
    ) -> Breach? {
        guard let sender = view(client).name else { return nil }
        let act = Digest.of(act: action, by: sender)
        if ledger.lines[Int(index.number) - 1].act == act { return nil }
        let detail =
            "\(client.name) got order \(order) acknowledged at \(index.number), where something "
            + "else was done"
        return Breach(.durability, detail)
    }

    /// What was refused was not done, except where nobody knows.
    private mutating func refused(
        _ order: UInt64, _ reason: NackReason, _ client: NodeID, _ rooms: RoomJudge,
        _ sequence: inout SequenceJudge
    ) -> Breach? {
        guard let asked = take(order, client) else { return unasked(order, client) }
        if asked.isSound, reason == .tooLarge || reason == .badRequest {
            let detail =
                "\(client.name) had order \(order) refused as \(reason.word), which is within all "
                + "limits and makes sense"
            return Breach(.honestRefusals, detail)
        }
        if case .search(let request, _) = asked.kind {
            return keptOut(request, reason, from: asked.frontier, client, rooms)
        }
        // One that was not done; what may have been done is nobody's loss.
        if case .leave(let room, _) = asked.kind, reason != .unknownOutcome, reason != .notJoined,
            !view(client).isLeaving(room)
        {
            change(client) { $0.rooms[room]?.isUnwanted = false }
        }
        // The name was no member any more: the room is left all the same.
        if case .leave(let room, _) = asked.kind, reason == .notJoined {
            change(client) { $0.rooms[room]?.left() }
        }
        if case .join(let room, _) = asked.kind {
            change(client) { view in
                let state = view.rooms[room]
                let isDoubtful = state?.isJoinedAgain == true || state?.isDoubtful == true
                view.rooms[room]?.isDoubtful = isDoubtful
                if !isDoubtful { view.rooms[room]?.shown = nil }
            }
        }
        guard case .say(let saying) = asked.kind, reason != .unknownOutcome else { return nil }
        guard let index = sequence.refused(saying) else { return nil }
        let detail =
            "\(client.name) had order \(order) refused as \(reason.word), it stands at \(index)"
        return Breach(.exactlyOnce, detail)
    }

    private func unasked(_ order: UInt64, _ client: NodeID) -> Breach? {
        Breach(
            .exactlyOnce, "\(client.name) got an answer to order \(order), which is not open")
    }

    /// The client knows that the room has so many messages.
    private mutating func knows(_ client: NodeID, _ room: Int, _ count: Int) {
        change(client) { view in
            let known = view.rooms[room]?.known ?? 0
            view.rooms[room, default: ClientView.Room()].known = max(known, count)
        }
    }
}

extension ClientJudge {
    /// A page is a stretch of its room without gaps, and reaches at least as far as the
    /// client knew when it asked (as anybody knew, where it is linearizable).
    private mutating func read(
        _ page: HistoryPage, _ order: UInt64, _ client: NodeID, _ ledger: Ledger,
        _ rooms: RoomJudge
    ) -> Breach? {
        guard let asked = take(order, client) else { return unasked(order, client) }
        if case .search(let request, let known) = asked.kind {
            for message in page.messages {
                change(client) { $0.learnt(message.index) }
                guard let said = ledger.find(message) else { continue }
                knows(client, said.room, said.place + 1)
            }
            return searched(request, known, page, from: asked.frontier, client, ledger, rooms)
        }
        guard case .read(let request, let room, let known) = asked.kind else {
            return unasked(order, client)
        }
        var places: [Int] = []
        for message in page.messages {
            guard let said = ledger.find(message), said.room == room else {
                let detail =
                    "\(client.name) read at \(message.index.number) what was not applied there"
                return Breach(.honestReads, detail)
            }
            let isInside =
                message.index > request.after ?? .zero
                && message.index < request.before ?? LogIndex(.max)
            guard isInside else {
                let detail =
                    "\(client.name) read \(message.index.number), which is not between "
                    + "\(request.after?.number ?? 0) and \(request.before?.number ?? .max)"
                return Breach(.honestReads, detail)
            }
            if let last = places.last, said.place != last + 1 {
                let detail =
                    "\(client.name) read message \(said.place) of a room after message \(last)"
                return Breach(.honestReads, detail)
            }
            places.append(said.place)
            change(client) { $0.learnt(message.index) }
        }
        let range = (places.first ?? 0)..<((places.last ?? -1) + 1)
        if let last = places.last { knows(client, room, last + 1) }
        return missing(range, request, room: room, known: known, page, client, ledger)
            ?? misshapen(range, request, room: room, page, client, ledger)
            ?? miscounted(page, request, from: asked.frontier, client, rooms)
    }

    private func missing(
        _ range: Range<Int>, _ request: HistoryRequest, room: Int, known: Int,
        _ page: HistoryPage, _ client: NodeID, _ ledger: Ledger
    ) -> Breach? {
        let first = request.after.map { ledger.messages(of: room, through: $0.number) }
        let end =
            request.before.map { ledger.messages(of: room, through: $0.previous.number) } ?? .max
        if let first, !range.isEmpty, range.lowerBound != first {
            let detail =
                "\(client.name) asked for messages from \(first) on and got \(range.lowerBound)"
            return Breach(.honestReads, detail)
        }
        if first != nil, page.hasMore, !range.isEmpty { return nil }
        let reached = range.isEmpty ? first ?? 0 : range.upperBound
        if reached >= min(known, end) { return nil }
        let kind = request.isLinearizable ? "a linearizable read" : "a read"
        let detail =
            "\(kind) of \(client.name) ended before message \(reached) of its room, "
            + "\(known) were there for it when it was asked"
        return Breach(.honestReads, detail)
    }
}

extension ClientJudge {
    func view(_ client: NodeID) -> ClientView {
        let slot = Int(client.rank) - Limits.membersMax
        return slot < views.count ? views[slot] : ClientView()
    }

    func frontier(of client: NodeID) -> LogIndex { LogIndex(view(client).frontier) }

    private mutating func change(_ client: NodeID, _ change: (inout ClientView) -> Void) {
        let slot = Int(client.rank) - Limits.membersMax
        while slot >= views.count { views.append(ClientView()) }
        change(&views[slot])
    }

    private mutating func add(
        _ kind: ClientView.Kind, _ order: UInt64, _ client: NodeID, atLeast index: UInt64 = 0,
        isSound: Bool = false
    ) {
        change(client) { view in
            view.orders[order] = ClientView.Order(
                kind: kind, frontier: max(view.frontier, index), isSound: isSound)
        }
    }

    private mutating func take(_ order: UInt64, _ client: NodeID) -> ClientView.Order? {
        let slot = Int(client.rank) - Limits.membersMax
        guard slot < views.count else { return nil }
        return views[slot].orders.removeValue(forKey: order)
    }
}
