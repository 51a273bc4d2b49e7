package import StateMachine

extension Server {
    /// A request for the leader: takes it, passes it on, or says that there is none.
    package mutating func takeRelay(
        _ request: RelayedRequest, id: UInt64, from origin: RelayOrigin,
        into effects: inout Effects<SyncNet>
    ) {
        guard isLeading else {
            passOn(request, id: id, from: origin, into: &effects)
            return
        }
        switch request {
        case .command, .readIndex:
            guard !faultPoints.rarelyHits(.refusedRequests) else {
                answer(.refused(.overloaded), id: id, to: origin, into: &effects)
                return
            }
        case .admission, .membership: break
        }
        switch request {
        case .command(let command, let stamp):
            take(command, stamp, id: id, from: origin, into: &effects)
        case .readIndex:
            confirm(.relay(origin, id: id), into: &effects)
        case .admission(let pair):
            takeAdmission(pair, id: id, from: origin, into: &effects)
        case .membership(let change):
            takeChange(change, isConfirmed: false, id: id, from: origin, into: &effects)
        }
    }

    /// A peer that can't reach the leader asks this server to.
    private mutating func passOn(
        _ request: RelayedRequest, id: UInt64, from origin: RelayOrigin,
        into effects: inout Effects<SyncNet>
    ) {
        guard case .peer(let peer) = origin, let following, following.via == following.leader,
            peers[Int(following.leader.rank)].stream != nil, peer != following.leader,
            waiting.count < limits.waiting
        else {
            answer(.refused(.noLeader), id: id, to: origin, into: &effects)
            return
        }
        note(.relayPassedOn, into: &effects)
        ask(request, for: .peer(peer, id: id), into: &effects)
    }

    package mutating func answer(
        _ answer: RelayedAnswer, id: UInt64, to origin: RelayOrigin,
        into effects: inout Effects<SyncNet>
    ) {
        switch origin {
        case .own: relayAnswered(id, answer, into: &effects)
        case .peer(let peer):
            // Those after one that waits do so too: the order stays.
            if !lateAnswers.isEmpty || faultPoints.hits(.lateAnswers) {
                let late = LateAnswer(peer: peer, id: id, answer: answer, since: now)
                return lateAnswers.append(late)
            }
            send(.relayAnswer(id, answer), to: peer, into: &effects)
        }
    }

    package mutating func sendLateAnswers(into effects: inout Effects<SyncNet>) {
        let late = lateAnswers
        // Long enough for a peer to restart and ask something else meanwhile.
        guard let first = late.first, now.since(first.since) >= timing.request / 8 else { return }
        lateAnswers.removeAll()
        for one in late { send(.relayAnswer(one.id, one.answer), to: one.peer, into: &effects) }
    }

    private mutating func take(
        _ command: Command, _ stamp: Stamp, id: UInt64, from origin: RelayOrigin,
        into effects: inout Effects<SyncNet>
    ) {
        guard log.last.number - commit.number < limits.uncommitted else {
            answer(.refused(.overloaded), id: id, to: origin, into: &effects)
            return
        }
        // Its server has taken it.
        if isCredible(stamp, isClients: false), stamp > clock.value {
            _ = clock.update(stamp)
        }
        guard let request = command.request else {
            takePlain(command, stamp, id: id, from: origin, into: &effects)
            return
        }
        take(command, request, isConfirmed: false, id: id, from: origin, into: &effects)
    }

    /// A request without a session. A join by a member changes nothing: no entry, but the
    /// answer is a read, and the leader has to be one still.
    private mutating func takePlain(
        _ command: Command, _ stamp: Stamp, id: UInt64, from origin: RelayOrigin,
        into effects: inout Effects<SyncNet>
    ) {
        if case .join(let room) = command.action, applied == log.last,
            rooms.isMember(command.sender, of: room)
        {
            note(.joinChangedNothing, into: &effects)
            confirm(.unchanged(origin, id: id, command, stamp), into: &effects)
        } else {
            place(.command(command), id: id, from: origin, into: &effects)
        }
    }

    /// A request of a session: a retry is attached to its first copy, in the table or in
    /// the log's tail; a gap is refused.
    ///
    /// A refusal says that no copy of the request can be applied any more, so that its client may
    /// say the same anew. One who leads no longer, and does not know it, would say so of sessions
    /// that began after its time: so a quorum has to confirm it first.
    package mutating func take(
        _ command: Command, _ request: SessionRequest, isConfirmed: Bool, id: UInt64,
        from origin: RelayOrigin, into effects: inout Effects<SyncNet>
    ) {
        // Other entries came while this one waited.
        guard !isConfirmed || log.last.number - commit.number < limits.uncommitted else {
            answer(.refused(.overloaded), id: id, to: origin, into: &effects)
            return
        }
        if bugs.contains(.c8BelowLastIsDone), let last = sessions.last(of: request.session),
            request.number <= last
        {
            answer(.unchanged(applied), id: id, to: origin, into: &effects)
            return
        }
        let isRepeated = bugs.contains(.c1RetryAppliedTwice)
        if !isRepeated, let copy = tailCopy(of: request) {
            effects.append(.note(.retryMet))
            note(.retryMetCopyInFlight, into: &effects)
            answer(.appended(copy.index, copy.epoch), id: id, to: origin, into: &effects)
            return
        }
        var standing = sessions.standing(of: request)
        if let tail = tailEnd(of: request.session), request.number > tail {
            let isNext = request.number == tail + 1 || bugs.contains(.p15GapAccepted)
            standing = isNext ? .next : .gap
        }
        let isSure = isConfirmed || bugs.contains(.p27RefusedByItself)
        switch standing {
        case .next:
            let index = place(.command(command), id: id, from: origin, into: &effects)
            rememberTail(request, at: index)
        case .repeat where isRepeated:
            place(.command(command), id: id, from: origin, into: &effects)
        case .repeat(let outcome):
            effects.append(.note(.retryMet))
            note(.retryMetOutcome, into: &effects)
            let index = outcome.index
            answer(
                .appended(index, log.epoch(at: index) ?? .zero), id: id, to: origin,
                into: &effects)
        case .forgotten: answer(.refused(.unknownOutcome), id: id, to: origin, into: &effects)
        case .gap where !isSure, .unknownSession where !isSure:
            confirm(.refusal(origin, id: id, command, request), into: &effects)
        case .gap:
            note(.gapRefused, into: &effects)
            answer(.refused(.gap), id: id, to: origin, into: &effects)
        case .unknownSession:
            note(.unknownSessionRefused, into: &effects)
            answer(.refused(.unknownSession), id: id, to: origin, into: &effects)
        }
    }

    /// Puts it into the log, and says where. The answer goes out before the entry does, so
    /// that a follower knows the place before it applies it.
    @discardableResult
    package mutating func place(
        _ payload: Payload, id: UInt64, from origin: RelayOrigin,
        into effects: inout Effects<SyncNet>
    ) -> LogIndex {
        guard let epoch = leading?.epoch else { preconditionFailure("placed without leading") }
        let index = log.last.next
        if case .peer = origin {
            answer(.appended(index, epoch), id: id, to: origin, into: &effects)
        }
        appendAsLeader(payload, into: &effects)
        if case .own = origin {
            answer(.appended(index, epoch), id: id, to: origin, into: &effects)
        }
        return index
    }

    private func tailCopy(of request: SessionRequest) -> SessionTail.Placed? {
        leading?.tails[request.session]?.requests.first { $0.number == request.number }
    }

    private func tailEnd(of session: Text) -> UInt64? {
        leading?.tails[session]?.requests.last?.number
    }

    private mutating func rememberTail(_ request: SessionRequest, at index: LogIndex) {
        guard applied < index, let epoch = log.epoch(at: index),
            var tails = leading?.tails
        else { return }
        leading?.tails = TextMap()
        let slot = tails.slot(of: request.session, default: SessionTail())
        tails[slot: slot].requests.append(
            SessionTail.Placed(number: request.number, index: index, epoch: epoch))
        leading?.tails = tails
    }

    /// An entry of a session was applied: from now on the table speaks for it.
    package mutating func forgetTail(_ request: SessionRequest, at index: LogIndex) {
        guard isLeading, var tails = leading?.tails,
            let slot = tails.slot(of: request.session)
        else { return }
        leading?.tails = TextMap()
        tails[slot: slot].requests.removeAll { $0.index <= index }
        if tails[slot: slot].requests.isEmpty { tails.remove(request.session) }
        leading?.tails = tails
    }

    /// A new leader looks through the log's unapplied tail once. Of several copies of a
    /// request the first one counts.
    package mutating func rememberTails() {
        var index = applied.next
        while index <= log.last {
            if let entry = log.cached(index), case .command(let command) = entry.payload,
                let request = command.request, tailCopy(of: request) == nil,
                isNextInTail(request)
            {
                rememberTail(request, at: index)
            }
            index = index.next
        }
    }

    /// Whether the entry will be applied, after those before it.
    private func isNextInTail(_ request: SessionRequest) -> Bool {
        if let end = tailEnd(of: request.session) { return request.number == end + 1 }
        return sessions.standing(of: request) == .next
    }
}

extension Outcome {
    /// Where the request stands in the log.
    package var index: LogIndex {
        switch self {
        case .done(let index), .refused(_, let index): index
        }
    }
}
