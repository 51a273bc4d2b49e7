package import StateMachine

extension Server {
    /// Lets a request wait for the leader, and sends it on if there is one.
    package mutating func ask(
        _ request: RelayedRequest, for owner: Waiting.Owner, into effects: inout Effects<SyncNet>
    ) {
        let id = waiting.add(
            Waiting(owner: owner, request: request, state: .unsent, since: now))
        relay(id, into: &effects)
    }

    /// Sends a request to the leader, or to one that hears it.
    private mutating func relay(_ id: UInt64, into effects: inout Effects<SyncNet>) {
        guard let waiting = waiting[id], waiting.state == .unsent else { return }
        if isLeading {
            self.waiting.set(.sent(to: me), of: id)
            takeRelay(waiting.request, id: id, from: .own, into: &effects)
            return
        }
        if answerByTable(id, into: &effects) { return }
        guard let target = relayTarget else { return }
        if case .peer = waiting.owner, target != leader {
            refuse(id, .noLeader, into: &effects)
            return
        }
        self.waiting.set(.sent(to: target), of: id)
        if target != following?.via { note(.relayWentRoundFeeder, into: &effects) }
        send(.relay(id, waiting.request), to: target, into: &effects)
        if waiting.isRepeatable, faultPoints.hits(.doubledRelays) {
            self.waiting.set(.sent(to: target), of: id)
            send(.relay(id, waiting.request), to: target, into: &effects)
        }
    }

    /// Answers a retry of what is applied here. Nobody has to be asked, and a leader whose answers
    /// don't get through could keep its client waiting for ever.
    private mutating func answerByTable(
        _ id: UInt64, into effects: inout Effects<SyncNet>
    ) -> Bool {
        guard let request = waiting[id]?.sessionRequest, !bugs.contains(.c1RetryAppliedTwice),
            case .repeat(let outcome) = sessions.standing(of: request)
        else { return false }
        effects.append(.note(.retryMet))
        note(.retryAnsweredHere, into: &effects)
        finish(id, outcome, into: &effects)
        return true
    }

    /// Where requests go: to the feeder, or where it can't be reached, round it.
    private var relayTarget: NodeID? {
        guard let following else { return nil }
        let feeder = peers[Int(following.via.rank)]
        if feeder.stream != nil { return following.via }
        guard feeder.openFailures > 0 else { return nil }
        // Some of them may not reach the leader either: who has refused least often.
        return others.filter { [peers] peer in
            let known = peers[Int(peer.rank)]
            return peer != following.leader && known.stream != nil && !known.isSuspected
        }.min { [peers] in
            peers[Int($0.rank)].relaysRefused < peers[Int($1.rank)].relaysRefused
        }
    }

    /// A way to the leader is there: what waits for it goes.
    package mutating func waitingMayGo(into effects: inout Effects<SyncNet>) {
        for id in waiting.ids { relay(id, into: &effects) }
    }

    /// There is another leader, or none: what the former one was asked is asked again, or its
    /// outcome is unknown.
    package mutating func leaderChanged(into effects: inout Effects<SyncNet>) {
        sendAgain(into: &effects) { state in
            if case .settled = state { false } else { true }
        }
    }

    /// The stream to the feeder broke.
    package mutating func relaysBroke(into effects: inout Effects<SyncNet>) {
        sendAgain(into: &effects) { state in
            if case .sent = state { true } else { false }
        }
    }

    /// The feeder opened its stream anew: what it answered meanwhile found no way here. Only
    /// what may be repeated is asked again; the rest may still be on its way.
    package mutating func answersMayBeLost(into effects: inout Effects<SyncNet>) {
        for id in waiting.ids {
            guard let waiting = waiting[id], case .sent = waiting.state, waiting.isRepeatable
            else { continue }
            self.waiting.set(.unsent, of: id)
            note(.relayedAgain, into: &effects)
        }
        waitingMayGo(into: &effects)
    }

    private mutating func sendAgain(
        into effects: inout Effects<SyncNet>, where isLost: (Waiting.State) -> Bool
    ) {
        var isDisplaced = false
        for id in waiting.ids {
            guard let waiting = waiting[id], waiting.state != .unsent, isLost(waiting.state)
            else { continue }
            if waiting.isRepeatable || bugs.contains(.p4PlainRelayedAgain) {
                if case .placed = waiting.state { isDisplaced = true }
                self.waiting.set(.unsent, of: id)
                note(.relayedAgain, into: &effects)
            } else if case .sent = waiting.state {
                // Without a session nothing keeps it from being applied twice.
                note(.unknownOutcome, into: &effects)
                refuse(id, .unknownOutcome, into: &effects)
            }
        }
        if isDisplaced { waiting.forgetPlaces() }
        waitingMayGo(into: &effects)
    }

    /// The leader, or a server on the way to it, answered.
    package mutating func relayAnswered(
        _ id: UInt64, _ answer: RelayedAnswer, into effects: inout Effects<SyncNet>
    ) {
        guard let waiting = waiting[id], case .sent(let target) = waiting.state else {
            note(.answerToNobody, into: &effects)
            return
        }
        if target != me {
            let isRefused = answer == .refused(.noLeader)
            let count = peers[Int(target.rank)].relaysRefused
            peers[Int(target.rank)].relaysRefused = isRefused ? count &+ 1 : 0
        }
        if case .refused(.overloaded) = answer, waiting.isRepeatable, waiting.sends > 1 {
            // An earlier copy may have been taken: "not applied" would be a guess.
            note(.refusedAfterEarlierCopy, into: &effects)
            self.waiting.set(.unsent, of: id)
            return
        }
        if case .peer(let peer, let theirs) = waiting.owner {
            self.waiting.remove(id)
            send(.relayAnswer(theirs, answer), to: peer, into: &effects)
            return
        }
        switch answer {
        case .appended(let index, let epoch):
            self.waiting.set(.placed(index, epoch), of: id)
            if index <= applied {
                note(.appliedBeforeAnswer, into: &effects)
                placedApplied(through: applied, into: &effects)
            }
            if bugs.contains(.r18AckBeforeQuorum) { finish(id, .done(index), into: &effects) }
        case .unchanged(let index):
            self.waiting.set(.settled(index), of: id)
            placedApplied(through: applied, into: &effects)
        case .readIndex(let index): readMayGo(id, at: index, into: &effects)
        case .refused(.noLeader) where !waiting.isRepeatable:
            // Later ones of its sender may be on their way, and no gap would hold them back.
            refuse(id, .noLeader, into: &effects)
        case .refused(.noLeader):
            // Not taken: it waits for the next leader, or until its time is up.
            self.waiting.set(.unsent, of: id)
        case .refused(.unknownSession): sessionUnknown(to: id, into: &effects)
        case .refused(let reason): refuse(id, reason, into: &effects)
        }
    }

    /// The leader did not know a request's session. That may be long ago, when the answer was slow
    /// on its way: what this server has applied since tells better.
    private mutating func sessionUnknown(to id: UInt64, into effects: inout Effects<SyncNet>) {
        guard let request = waiting[id]?.sessionRequest,
            sessions.last(of: request.session) != nil
        else { return refuse(id, .unknownSession, into: &effects) }
        note(.refusalWasLate, into: &effects)
        switch sessions.standing(of: request) {
        case .repeat(let outcome): finish(id, outcome, into: &effects)
        case .forgotten: refuse(id, .unknownOutcome, into: &effects)
        // Or this server is late itself, and will know that the session is forgotten.
        case .next, .gap, .unknownSession: refuse(id, .unavailable, into: &effects)
        }
    }

    /// An entry was applied: what waited at its place, or before it, has its outcome.
    package mutating func placedApplied(
        at entry: Entry, outcome: Outcome?, into effects: inout Effects<SyncNet>
    ) {
        guard let first = waiting.placed.first, first.index <= entry.index else { return }
        placedApplied(through: entry.index, into: &effects)
    }

    private mutating func placedApplied(
        through index: LogIndex, into effects: inout Effects<SyncNet>
    ) {
        while let id = waiting.popPlaced(through: index) {
            guard let waiting = waiting[id] else { continue }
            if case .settled(let index) = waiting.state {
                finish(id, .done(index), into: &effects)
                continue
            }
            guard case .placed(let place, let epoch) = waiting.state else { continue }
            if let request = waiting.sessionRequest {
                finish(id, request, at: place, epoch, into: &effects)
            } else if log.epoch(at: place) != epoch {
                // Another entry stands there: this one was never committed.
                note(.placeTakenByAnother, into: &effects)
                refuse(id, .noLeader, into: &effects)
            } else if waiting.isOfMembers {
                finish(id, .done(place), into: &effects)
            } else if let recent = recentOutcomes.last(where: { $0.index == place }) {
                finish(id, recent.outcome, into: &effects)
            } else {
                refuse(id, .unknownOutcome, into: &effects)
            }
        }
    }

    /// A session's request has its outcome in the session table.
    private mutating func finish(
        _ id: UInt64, _ request: SessionRequest, at place: LogIndex, _ epoch: Epoch,
        into effects: inout Effects<SyncNet>
    ) {
        switch sessions.standing(of: request) {
        case .repeat(let outcome): finish(id, outcome, into: &effects)
        case .forgotten: refuse(id, .unknownOutcome, into: &effects)
        case .next, .gap, .unknownSession:
            if log.epoch(at: place) == epoch,
                let recent = recentOutcomes.last(where: { $0.index == place }),
                case .refused(let reason, _) = recent.outcome
            {
                refuse(id, reason, into: &effects)
            } else {
                note(.sentAgainFromItsPlace, into: &effects)
                waiting.set(.unsent, of: id)
                relay(id, into: &effects)
            }
        }
    }

    /// A request is applied: its owner hears of it.
    package mutating func finish(
        _ id: UInt64, _ outcome: Outcome, into effects: inout Effects<SyncNet>
    ) {
        guard case .done(let index) = outcome else {
            if case .refused(let reason, let index) = outcome {
                endSubscription(of: id, refused: reason, at: index)
                refuse(id, reason, into: &effects)
            }
            return
        }
        guard let waiting = waiting.remove(id) else { return }
        switch waiting.owner {
        case .peer(let peer, let theirs):
            let epoch = log.epoch(at: index) ?? .zero
            send(.relayAnswer(theirs, .appended(index, epoch)), to: peer, into: &effects)
        case .client(let stream, let request, let after):
            guard case .command(let command, _) = waiting.request else { return }
            acknowledge(
                command, request, at: index, after: after, on: stream, into: &effects)
        case .admission: recovery?.isAsking = false
        case .operating(let stream, let request):
            reply(servers(request: request), on: stream, into: &effects)
        case .history: break
        }
    }

    /// Whoever leaves a room in which it was no member any more is shown nothing more of it.
    private mutating func endSubscription(
        of id: UInt64, refused reason: NackReason, at index: LogIndex
    ) {
        guard reason == .notJoined, let waiting = waiting[id],
            case .client(let stream, _, _) = waiting.owner,
            case .command(let command, _) = waiting.request,
            case .leave(let room) = command.action
        else { return }
        unsubscribe(from: room, leftAt: index, on: stream)
    }

    /// A request was not applied, or nobody knows.
    package mutating func refuse(
        _ id: UInt64, _ reason: NackReason, into effects: inout Effects<SyncNet>
    ) {
        guard let waiting = waiting.remove(id) else { return }
        switch waiting.owner {
        case .client(let stream, let request, _), .history(let stream, let request, _, _),
            .operating(let stream, let request):
            nack(reason, reason.detail, request, on: stream, into: &effects)
        case .peer(let peer, let theirs):
            send(.relayAnswer(theirs, .refused(reason)), to: peer, into: &effects)
        case .admission: recovery?.isAsking = false
        }
    }

    /// Whether it may be applied, now or later, although nobody said so.
    private func mayBeApplied(_ waiting: Waiting) -> Bool {
        if case .settled = waiting.state { false } else { waiting.mayBeApplied }
    }

    /// What waits for too long is answered; what was applied is stored.
    package mutating func sweep(into effects: inout Effects<SyncNet>) {
        isSweepArmed = false
        for id in waiting.ids {
            guard let waiting = waiting[id] else { continue }
            guard now.since(waiting.since) > timing.request else { continue }
            // Its entry may have come another way than the answer.
            if answerByTable(id, into: &effects) { continue }
            note(.requestExpired, into: &effects)
            let isUnknown = mayBeApplied(waiting)
            if isUnknown { note(.unknownOutcome, into: &effects) }
            refuse(id, isUnknown ? .unknownOutcome : .noLeader, into: &effects)
        }
        expireReads(into: &effects)
        waitingMayGo(into: &effects)
        if waiting.count == 0, clients.reads.isEmpty { store(into: &effects) }
    }

    package mutating func armSweep(into effects: inout Effects<SyncNet>) {
        guard !isSweepArmed,
            waiting.count > 0 || !clients.reads.isEmpty || delta.through < applied
        else { return }
        isSweepArmed = true
        let pause = timing.request / 10
        effects.append(.arm(.sweep, within: pause...pause))
    }
}
