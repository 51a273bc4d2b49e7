package import StateMachine

extension Server {
    /// Takes what the journal kept. Nothing is sent before the Lamport ceiling is raised.
    package mutating func begin(_ start: Start, into effects: inout Effects<SyncNet>) {
        guard case .server(let recovered) = start, case .starting = phase, boot == Boot(0) else {
            preconditionFailure("started twice, or as a client")
        }
        boot = recovered.boot
        disk = recovered.disk
        ballot = recovered.ballot
        if bugs.contains(.p34VoteForgotten) { ballot.vote = nil }
        ballotAtStart = recovered.ballot
        faultPoints.begin(boot: recovered.boot.number)
        highestRound = ballot.round
        log = LogView(recovered)
        writes = PendingWrites(ballot: recovered.ballot, ceiling: recovered.ceiling)
        clock = LamportClock(recovered.ceiling, bugs: bugs)
        applied = recovered.applied
        commit = recovered.applied
        rooms = RoomTable(recovered.rooms, bugs: bugs)
        sessions = SessionTable(recovered.sessions, limits: limits, bugs: bugs)
        if !bugs.contains(.p38AccountsNotRestored) {
            accounts = AccountTable(recovered.accounts)
        }
        delta = AppliedDelta(through: applied)
        peers = Array(repeating: Peer(now: now), count: placeCount)
        waiting =
            bugs.contains(.p5RelayNumbersReused)
            ? WaitingTable() : WaitingTable(disk: disk, boot: boot)
        if let formation = recovered.formation { take(formation) }
        for pair in recovered.admitted { appliedMembership.take(stored: pair) }
        membershipMayDiffer()
        if recovered.isRecovering { recovery = DiskRecovery() }
        guard isStartPossible(recovered, into: &effects) else { return }
        if !recovered.tail.isEmpty { note(.restartReplayed, into: &effects) }
        raise(
            to: Stamp(recovered.ceiling.number + limits.stampHeadroom + limits.stampBlock),
            into: &effects)
    }

    /// Whether the server belongs to the cluster that its disk tells of.
    private mutating func isStartPossible(
        _ recovered: Recovered, into effects: inout Effects<SyncNet>
    ) -> Bool {
        if let owner = ownerOfDisk {
            report(.otherDisk(owner), into: &effects)
            effects.append(.halt)
            phase = .halted
            return false
        }
        let formed = recovered.formation?.members ?? []
        let isKnown = formed.count <= placeCount && agrees(formed)
        guard !isKnown || wasRemoved(recovered) else { return true }
        report(isKnown ? .removed(me) : .otherMembers(formed), into: &effects)
        if isKnown { effects.append(.note(.retired)) }
        effects.append(.halt)
        phase = .halted
        return false
    }

    /// Whose disk this is by what is applied, where it is another server's: somebody has copied its
    /// data. What this server promised with it would not count, and nobody would know.
    private var ownerOfDisk: NodeID? {
        guard appliedMembership.disks[me] != disk else { return nil }
        return others.first { appliedMembership.disks[$0] == disk }
    }

    package mutating func take(_ formation: Formation) {
        self.formation = formation
        appliedMembership = Membership(formation)
        membershipMayDiffer()
    }

    /// Takes part from now on, once the first write is durable.
    package mutating func takePart(into effects: inout Effects<SyncNet>) {
        guard let formation else {
            startJoining(into: &effects)
            return
        }
        becomeMember(formation, isFresh: false, into: &effects)
    }

    /// The cluster is known: talk to its members.
    package mutating func becomeMember(
        _ formation: Formation, isFresh: Bool, into effects: inout Effects<SyncNet>
    ) {
        phase = .member
        role = .searching(Search(isWaiting: true))
        effects.append(.cancel(.discovery))
        for peer in others {
            peers[Int(peer.rank)].lastHeard = now
            peers[Int(peer.rank)].streamedAt = now
            openStream(to: peer, into: &effects)
        }
        effects.append(.arm(.heartbeat, within: timing.heartbeat...timing.heartbeat))
        sendHeartbeats(wantAnswers: true, into: &effects)
        if recovery != nil {
            effects.append(.note(.recovering))
            report(.recovering, into: &effects)
            introduce(wantAnswers: true, into: &effects)
        }
        // A cluster that was formed this moment has no leader to wait for.
        if isFresh, recovery == nil {
            startElection(into: &effects)
        } else {
            effects.append(.arm(.discovery, within: timing.discovery...timing.discovery))
        }
    }

    /// A timer has fired.
    package mutating func fired(_ timer: TimerName, into effects: inout Effects<SyncNet>) {
        if case .joining = phase {
            if timer == .discovery { joiningTimeFired(into: &effects) }
            return
        }
        switch timer {
        case .heartbeat: heartbeatTimeFired(into: &effects)
        case .discovery: discoveryTimeFired(into: &effects)
        case .tokenRetry: tokenRetryFired(into: &effects)
        case .hop(let lap): hopTimeFired(lap, into: &effects)
        case .probe(let peer): probeTimeFired(peer, into: &effects)
        case .reconnect(let peer): openStream(to: peer, into: &effects)
        case .confirm: confirmTimeFired(into: &effects)
        case .sweep: sweep(into: &effects)
        case .detector, .reconnectClient, .answer: break
        }
    }

    private mutating func discoveryTimeFired(into effects: inout Effects<SyncNet>) {
        // Who is no member has no token that would have it served either.
        if recovery != nil || search != nil && !stands {
            introduce(wantAnswers: true, into: &effects)
            effects.append(.arm(.discovery, within: timing.discovery...timing.discovery))
        }
        guard let search, search.isWaiting else { return }
        startElection(into: &effects)
    }

    /// Everything up to the ticket is durable: whatever waited for that follows.
    package mutating func becameDurable(_ ticket: Ticket, into effects: inout Effects<SyncNet>) {
        log.written(ticket)
        writes.written(ticket)
        switch phase {
        case .starting: if writes.ceiling > clock.value { takePart(into: &effects) }
        case .joining(let joining):
            if joining.isForming, let formation {
                effects.append(.note(.formed(formation.cluster)))
                report(.formed(formation.cluster), into: &effects)
                becomeMember(formation, isFresh: true, into: &effects)
                // Those that still look for the cluster need not ask for it.
                if recovery == nil { introduce(wantAnswers: false, into: &effects) }
            }
        case .member:
            recoveryMayBeDurable(ticket, into: &effects)
            voteMayBeDurable(into: &effects)
            answerAppends(into: &effects)
            advanceCommit(into: &effects)
        case .halted: return
        }
        resumePages(into: &effects)
        release(into: &effects)
    }
}
