import StateMachine
import SyncNetProtocol

// What leaves a node.
extension Court {
    mutating func leaves(
        _ effect: Effect<SyncNet>, _ node: NodeID, _ isServer: Bool, at place: Int
    ) {
        switch effect {
        case .datagram(let message, let peer):
            sends(message.stamp, node)
            if isServer { told(message, to: peer, node) }
        case .publish(let message):
            sends(message.stamp, node)
            if case .reply(.pushed(let pushed)) = message.body {
                self.pushed(pushed, node)
                hold(published(pushed, node))
            }
        case .send(let message, let stream):
            sends(message.stamp, node)
            if isServer { said(message, on: stream, node, at: place) }
        case .output(let output):
            if !isServer { heard(output, node) }
        case .close(let stream):
            if !isServer { closing.append((node, stream)) }
        case .note(let mark):
            if !isServer { tally.count(mark) }
        case .open, .arm, .cancel, .write, .fetch, .halt: break
        }
    }

    @inline(__always)
    private mutating func sends(_ stamp: Stamp, _ node: NodeID) {
        hold(lamport.sent(node, stamp))
        spoken = max(spoken, stamp.number)
    }

    /// A client tells its owner something.
    private mutating func heard(_ output: NodeOutput, _ node: NodeID) {
        hold(clients.told(node, output, ledger, rooms, &sequence))
        switch output {
        case .message(let message):
            hold(learnt(message.room, node))
            hold(saw(message))
        case .done(let order, let index): hold(histories.done(node, order, at: index))
        case .page(let order, let page):
            if page.tells { hold(learnt(page.room, node)) }
            for message in page.messages {
                if message.room != page.room { hold(learnt(message.room, node)) }
                hold(saw(message))
            }
            histories.page(node, order, page)
        case .refused(let order, let reason, _):
            histories.refused(node, order, reason)
            hold(members.answered(node, order, isDone: false))
        case .servers(let order, _, _): hold(members.answered(node, order, isDone: true))
        case .excluded, .loginRefused, .passwordJob, .connected, .disconnected,
            .report:
            break
        }
    }

    private mutating func saw(_ message: RoomMessage) -> Breach? {
        histories.saw(
            room: ledger.number(of: message.room), message.index.number,
            Digest.of(saying: message.text, by: message.sender, in: message.room))
    }

    private mutating func told(_ message: Message, to peer: NodeID, _ node: NodeID) {
        tally.count(message.body)
        detection.sent(message.body, to: peer, by: node, now: now)
        if !isHopping { tokens.sent(message.body) }
        let slot = Int(node.rank)
        // What a former disk voted is hearsay: a late token still says so, whoever passes it on.
        guard case .elected(let elected) = message.body, let disk = journals[slot].disk,
            elected.voters.contains(MemberDisk(node: node, disk: disk))
        else { return }
        hold(journals[slot].voted(in: elected.round, for: elected.candidate.node, by: node))
        hold(election.voted(node, in: elected.round, for: elected.candidate.node))
    }

    private mutating func said(
        _ message: Message, on stream: StreamID, _ node: NodeID, at place: Int
    ) {
        switch message.body {
        case .appendAnswer(let answer):
            guard case .matches(let index) = answer.result else { return }
            let slot = Int(node.rank)
            // One event may release several messages: what was sent before a vote or a cut
            // that it brought is judged by what held then.
            if place > voteAt { hold(journals[slot].acknowledged(in: answer.epoch, by: node)) }
            if place > cutAt { hold(journals[slot].acknowledged(through: index, by: node)) }
        case .reply(let reply): replied(reply, on: stream, node, at: place)
        default: return
        }
    }

    /// A server answers a client.
    private mutating func replied(
        _ reply: ClientReply, on stream: StreamID, _ node: NodeID, at place: Int
    ) {
        if case .nack(let request?, let reason, _) = reply,
            reason == .unknownSession || reason == .gap
        {
            hold(doubted(request, reason, on: stream, node))
        }
        if case .nack(nil, .loginRequired, _) = reply {
            connections.loginEnded(on: stream, of: node)
            hold(endedLogin(on: stream, by: node))
        }
        if case .nack(let request?, .notJoined, _) = reply,
            !connections.isRead(request, on: stream, of: node)
        {
            refusedForGood(request, on: stream, node)
        }
        if let number = reply.request {
            hold(
                connections.answered(
                    number, reply, on: stream, by: node, isPrivate: rooms.isPrivate))
            hold(
                access.answered(
                    number, reply, on: stream, by: node,
                    applied: appliedBefore...max(appliedBefore, applied[Int(node.rank)]),
                    moment: commit))
        }
        switch reply {
        case .done(let request?, _, let index): acknowledged(request, index, on: stream, node)
        case .pushed(let pushed):
            self.pushed(pushed, node)
            hold(shows(pushed.room, on: stream, by: node))
            hold(connections.pushed(pushed, on: stream, by: node))
            hold(showsUser(on: stream, by: node))
        case .history(_, let page): hold(shows(page, on: stream, by: node))
        case .statusLine(let line):
            let asked = connections.toldStatus(isLine: true, on: stream, by: node)
            if line.saysLeader { claims(node, askedAt: asked, at: place) }
        case .servers(_, let addresses, let seen, _):
            if let seen {
                let asked = connections.toldStatus(isLine: false, on: stream, by: node)
                if seen.role == .leading { claims(node, askedAt: asked, at: place) }
            }
            hold(listed(addresses, seen, by: node))
        case .done, .nack, .accounts: return
        }
    }

    private mutating func claims(_ node: NodeID, askedAt: Instant?, at place: Int) {
        // On a connection that was closed meanwhile nobody knows when that was asked, or hears it.
        hold(status.claimed(node, askedAt: askedAt ?? .zero, at: now))
        // What was said before the members changed in the same event, those of before confirmed.
        let own = place < changeAt ? membersBefore : members.members(by: node)
        hold(contact.claimed(node, at: now, own))
    }

    /// A server acknowledges a request to a client.
    private mutating func acknowledged(
        _ request: UInt64, _ index: LogIndex, on stream: StreamID, _ node: NodeID
    ) {
        let slot = Int(node.rank)
        if index.number > applied[slot] {
            let detail =
                "\(node.name) acknowledged index \(index.number), it has applied "
                + "\(applied[slot])"
            return hold(Breach(.durability, detail))
        }
        let session = connections.session(on: stream, of: node)
        guard session != 0, let place = sequence.index(of: request, in: session) else { return }
        if place == index.number, !sequence.isRefused(request, in: session) { return }
        if sequence.wasDone(request, in: session, at: index.number) { return }
        let what = sequence.isRefused(request, in: session) ? "refused" : "applied"
        let detail =
            "\(node.name) acknowledged request \(request) at \(index.number), it was \(what) "
            + "at \(place)"
        hold(Breach(.durability, detail))
    }

    /// A server says that a session is unknown, or that a number before this one is missing. What
    /// was committed when it was asked, it has to know: the client may say the same anew, since
    /// no copy can be applied any more.
    private func doubted(
        _ request: UInt64, _ reason: NackReason, on stream: StreamID, _ node: NodeID
    ) -> Breach? {
        let session = connections.session(on: stream, of: node)
        guard session != 0,
            let committed = connections.committed(whenAsked: request, on: stream, of: node),
            let began = sessions.began(session), began <= committed
        else { return nil }
        let number = reason == .gap ? request - min(request, 1) : 1
        guard let index = sequence.index(of: number, in: session), index <= committed else {
            return nil
        }
        let detail =
            "\(node.name) refused request \(request) with \(reason.word), and request \(number) of "
            + "its session had been committed at \(index) before it was asked"
        return Breach(.exactlyOnce, detail)
    }

    /// A server says that a request came to nothing for good.
    private mutating func refusedForGood(
        _ request: UInt64, on stream: StreamID, _ node: NodeID
    ) {
        let session = connections.session(on: stream, of: node)
        guard session != 0, !sequence.wasRefused(request, in: session) else { return }
        let detail =
            "\(node.name) refused request \(request) for want of membership, which the log "
            + "does not say"
        hold(Breach(.exactlyOnce, detail))
    }

    /// A server shows a message: it must have applied it.
    private mutating func pushed(_ message: RoomMessage, _ node: NodeID) {
        let slot = Int(node.rank)
        if message.index.number <= applied[slot], ledger.find(message) != nil { return }
        let detail = "\(node.name) showed at \(message.index.number) what it has not applied"
        hold(Breach(.roomOrder, detail))
    }

    /// A server says who the servers are, and perhaps how it is itself.
    private func listed(
        _ addresses: [ServerAddress], _ status: ServerStatus?, by node: NodeID
    ) -> Breach? {
        let leaders = addresses.indices.filter { addresses[$0].isLeader }
        guard members.listable.contains(addresses.count), leaders.count <= 1 else {
            let detail =
                "\(node.name) lists \(addresses.count) servers, \(leaders.count) of them leaders"
            return Breach(.honestStatus, detail)
        }
        if let place = leaders.first, !election.hasLed(Setting.node(of: addresses[place])) {
            let detail = "\(node.name) names a leader that was never elected"
            return Breach(.honestStatus, detail)
        }
        guard let status else { return nil }
        let slot = Int(node.rank)
        let (applied, last) = (applied[slot], journals[slot].log.count)
        let isTrue =
            (appliedBefore...max(appliedBefore, applied)).contains(status.applied.number)
            && lasts.contains(Int(status.last.number))
            && status.commit >= status.applied
            && status.commit.number <= UInt64(commits.chains.count)
            && status.peers.count == servers - 1
        if isTrue { return nil }
        let detail =
            "\(node.name) says commit \(status.commit.number), applied "
            + "\(status.applied.number), last \(status.last.number); it has applied "
            + "\(applied), its log ends at \(last), \(commits.chains.count) are committed"
        return Breach(.honestStatus, detail)
    }
}

extension ClientReply {
    /// The number of the request that is answered, where it had one.
    fileprivate var request: UInt64? {
        switch self {
        case .done(let request, _, _), .history(let request, _), .nack(let request, _, _),
            .servers(let request, _, _, _), .accounts(let request, _, _):
            request
        case .pushed, .statusLine: nil
        }
    }
}
