package import StateMachine

extension Server {
    /// Lets a question wait until a quorum has confirmed that this server still leads.
    package mutating func confirm(
        _ purpose: ConfirmedRead.Purpose, into effects: inout Effects<SyncNet>
    ) {
        guard let firstIndex = leading?.firstIndex else { return }
        if let reads = leading?.reads, reads.count >= limits.waiting, let origin = purpose.origin {
            answer(.refused(.overloaded), id: origin.id, to: origin.origin, into: &effects)
            return
        }
        let isCurrent = commit >= firstIndex || bugs.contains(.p19ReadBeforeFirstCommit)
        // Later than all that was sent, and not later than what will be.
        askedAt = askedAt < now ? now : askedAt + Interval(nanoseconds: 1)
        let read = ConfirmedRead(
            since: askedAt, index: isCurrent ? commit : .zero, purpose: purpose)
        if bugs.contains(.r16ReadsWithoutQuorum) {
            answer(ConfirmedRead(since: now, index: commit, purpose: purpose), into: &effects)
            return
        }
        if !isCurrent { note(.readWaitedForFirstCommit, into: &effects) }
        leading?.reads.append(read)
        answerConfirmed(into: &effects)
        guard leading?.reads.isEmpty == false else { return }
        if leading?.confirmSentAt == nil { askForConfirmation(into: &effects) }
    }

    private mutating func askForConfirmation(into effects: inout Effects<SyncNet>) {
        sendHeartbeats(wantAnswers: true, into: &effects)
        let moment = askedAt
        leading?.confirmSentAt = moment
        effects.append(.arm(.confirm, within: timing.probe...timing.probe))
    }

    package mutating func confirmTimeFired(into effects: inout Effects<SyncNet>) {
        guard let leading, !leading.reads.isEmpty else {
            self.leading?.confirmSentAt = nil
            return
        }
        answerUnconfirmedStatus(into: &effects)
        askForConfirmation(into: &effects)
    }

    /// Asks a peer again that speaks and has not confirmed what waits. The timer does so, too;
    /// but where this server's clock stands still it never fires, and one lost datagram would
    /// keep everybody's reads waiting for a leader that answers all that it is asked.
    package mutating func confirmAgain(with peer: NodeID, into effects: inout Effects<SyncNet>) {
        guard let leading, let first = leading.reads.first,
            leading.progress[Int(peer.rank)].contact < first.since
        else { return }
        note(.confirmationAskedAgain, into: &effects)
        sendHeartbeat(to: peer, wantsAnswer: true, into: &effects)
    }

    /// Answers what a quorum has confirmed.
    package mutating func answerConfirmed(into effects: inout Effects<SyncNet>) {
        guard leading?.reads.isEmpty == false, let leading else { return }
        // A leader knows what is committed only once an entry of its own epoch is
        // (Raft, section 8).
        let isCurrent =
            commit >= leading.firstIndex || bugs.contains(.p19ReadBeforeFirstCommit)
        let contact = quorumContact(leading)
        let ready = leading.reads.prefix { $0.since <= contact && (isCurrent || $0.isStatus) }
        guard !ready.isEmpty else { return }
        self.leading?.reads.removeFirst(ready.count)
        for read in ready { answer(read, into: &effects) }
        guard let rest = self.leading?.reads else { return }
        if rest.isEmpty {
            self.leading?.confirmSentAt = nil
            effects.append(.cancel(.confirm))
        } else if let sent = self.leading?.confirmSentAt, let first = rest.first,
            first.since > sent
        {
            askForConfirmation(into: &effects)
        }
    }

    private mutating func answer(_ read: ConfirmedRead, into effects: inout Effects<SyncNet>) {
        // One that came before the first commit of this epoch sees what is committed now.
        let index = max(read.index, read.index == .zero ? commit : .zero)
        switch read.purpose {
        case .relay(let origin, let id):
            answer(.readIndex(index), id: id, to: origin, into: &effects)
        case .unchanged(let origin, let id, let command, let stamp):
            if case .join(let room) = command.action,
                !rooms.isMember(command.sender, of: room)
            {
                takeRelay(.command(command, stamp: stamp), id: id, from: origin, into: &effects)
            } else {
                answer(.unchanged(index), id: id, to: origin, into: &effects)
            }
        case .refusal(let origin, let id, _, _) where !isLeading:
            answer(.refused(.noLeader), id: id, to: origin, into: &effects)
        case .refusal(let origin, let id, let command, let request):
            take(command, request, isConfirmed: true, id: id, from: origin, into: &effects)
        case .change(let origin, let id, _) where !isLeading:
            answer(.refused(.noLeader), id: id, to: origin, into: &effects)
        case .change(let origin, let id, let change):
            takeChange(change, isConfirmed: true, id: id, from: origin, into: &effects)
        case .statusLine, .status:
            // One that stood still in between was confirmed too long ago.
            let isNews = now.since(read.since) <= timing.confirmation
            answerStatus(read.purpose, isConfirmed: isNews, into: &effects)
        }
    }

    private mutating func answerStatus(
        _ purpose: ConfirmedRead.Purpose, isConfirmed: Bool, into effects: inout Effects<SyncNet>
    ) {
        switch purpose {
        case .statusLine(let stream):
            sendStatusLine(isConfirmed: isConfirmed, on: stream, into: &effects)
        case .status(let stream, let request):
            sendStatus(
                isConfirmed: isConfirmed, request: request, on: stream, into: &effects)
        case .relay, .unchanged, .refusal, .change: break
        }
    }

    /// The leader steps down: what waited for its confirmation has to ask the next one.
    package mutating func refuseReads(
        _ reads: [ConfirmedRead], into effects: inout Effects<SyncNet>
    ) {
        leading?.reads = []
        for read in reads {
            if bugs.contains(.p42DeposedAnswersReads),
                case .relay(let origin, let id) = read.purpose
            {
                answer(.readIndex(commit), id: id, to: origin, into: &effects)
                continue
            }
            if let origin = read.purpose.origin {
                answer(.refused(.noLeader), id: origin.id, to: origin.origin, into: &effects)
            } else {
                answerStatus(read.purpose, isConfirmed: false, into: &effects)
            }
        }
    }

    /// A monitor gets its answer in time, confirmed or not.
    private mutating func answerUnconfirmedStatus(into effects: inout Effects<SyncNet>) {
        let late = timing.confirmation / 2
        guard let reads = leading?.reads else { return }
        for read in reads where read.isStatus && now.since(read.since) >= late {
            note(.statusUnconfirmed, into: &effects)
            answerStatus(read.purpose, isConfirmed: false, into: &effects)
        }
        let moment = now
        leading?.reads.removeAll { $0.isStatus && moment.since($0.since) >= late }
    }
}

extension ConfirmedRead.Purpose {
    /// To whose request the answer is; nil where a monitor asks.
    fileprivate var origin: (origin: RelayOrigin, id: UInt64)? {
        switch self {
        case .relay(let origin, let id), .unchanged(let origin, let id, _, _),
            .refusal(let origin, let id, _, _), .change(let origin, let id, _):
            (origin, id)
        case .statusLine, .status: nil
        }
    }
}

extension ConfirmedRead {
    /// Whether a monitor asks.
    fileprivate var isStatus: Bool { purpose.origin == nil }
}
