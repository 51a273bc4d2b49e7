package import StateMachine

extension Server {
    /// What becomes of a second-lap token at a voter.
    private enum Verdict: Equatable {
        case vote
        /// Voted for it before, durably.
        case voted
        /// The vote is on its way to the disk.
        case waits
        case refuse
        /// Can't compare or vote: pass it on untouched.
        case abstain
    }

    /// Sends the second lap, or sends it again.
    package mutating func sendElected(into effects: inout Effects<SyncNet>) {
        guard let candidacy = search?.candidacy, writes.ballot == ballot,
            ballot == Ballot(round: candidacy.round, vote: me)
        else { return }
        search?.candidacy?.tries += 1
        if candidacy.tries > 0 { note(.secondLapSentAgain, into: &effects) }
        var voters = candidacy.voters
        if !voters.contains(where: { $0.node == me }) {
            voters.append(MemberDisk(node: me, disk: disk))
        }
        search?.candidacy?.voters = voters
        let elected = Elected(
            round: candidacy.round, candidate: candidacy.candidate,
            serial: tokens.serial(disk: disk, boot: boot), voters: voters,
            refusedRound: .zero, isDirect: candidacy.isDirect)
        effects.append(.note(.tokenSent(.second, candidacy.round)))
        if isAlone {
            cameHome(elected, into: &effects)
        } else if candidacy.isDirect {
            note(.electedDirectly, into: &effects)
            for peer in others where !voters.contains(where: { $0.node == peer }) {
                datagram(.elected(elected), to: peer, into: &effects)
            }
        } else {
            pass(.elected(elected), .second, origin: me, serial: elected.serial, into: &effects)
        }
    }

    /// A second-lap token arrived.
    package mutating func received(
        _ elected: Elected, from peer: NodeID, into effects: inout Effects<SyncNet>
    ) {
        let origin = elected.candidate.node
        guard origin.rank < placeCount, elected.voters.count <= placeCount else {
            drop(.contradictory, into: &effects)
            return
        }
        if origin == me {
            acknowledge(elected, to: peer, into: &effects)
            if bugs.contains(.e4ElectedCirclesOn) {
                pass(.elected(elected), .second, origin: me, serial: elected.serial, into: &effects)
            }
            if elected.isDirect, search?.candidacy?.answered.contains(peer) == false {
                search?.candidacy?.answered.append(peer)
            }
            cameHome(elected, into: &effects)
            return
        }
        guard takesTokens || elected.isDirect && recovery == nil else {
            note(.tokenNotTaken, into: &effects)
            return
        }
        if elected.isDirect, tellOfLeader(origin, into: &effects) { return }
        guard tokens.isNew(.second, origin: origin, serial: elected.serial) else {
            let waits = search?.held?.serial == elected.serial
            if !waits { acknowledge(elected, to: peer, into: &effects) }
            return
        }
        highestRound = max(highestRound, elected.round)
        switch verdict(on: elected) {
        case .abstain:
            note(.voterAbstained, into: &effects)
            forward(elected, from: peer, into: &effects)
        case .voted:
            note(
                ballot == ballotAtStart ? .voteAskedAgainAfterRestart : .voteAskedAgain,
                into: &effects)
            forwardWithVote(elected, from: peer, into: &effects)
        case .waits:
            note(.voteWaitedForDisk, into: &effects)
            hold(elected, from: peer)
        case .refuse: refuse(elected, from: peer, into: &effects)
        case .vote where faultPoints.rarelyHits(.withheldVotes):
            refuse(elected, from: peer, into: &effects)
        case .vote: vote(for: elected, from: peer, into: &effects)
        }
    }

    private func verdict(on elected: Elected) -> Verdict {
        let candidate = elected.candidate
        if recovery != nil || diskHangs { return .abstain }
        if elected.round < ballot.round {
            return bugs.contains(.e11LowerRoundAccepted) ? .voted : .refuse
        }
        if elected.round == ballot.round, let vote = ballot.vote {
            guard vote == candidate.node else { return .refuse }
            return writes.ballot == ballot || bugs.contains(.e7RoundNotDurable)
                ? .voted : .waits
        }
        if bugs.contains(.p20LongerLogWins) {
            return candidate.index < log.last ? .refuse : .vote
        }
        let isBehind =
            candidate.epoch != log.lastEpoch
            ? candidate.epoch < log.lastEpoch : candidate.index < log.last
        return isBehind && !bugs.contains(.r6VoteIgnoresLog) ? .refuse : .vote
    }

    private mutating func vote(
        for elected: Elected, from peer: NodeID, into effects: inout Effects<SyncNet>
    ) {
        effects.append(.note(.voteIssued(elected.round, for: elected.candidate.node)))
        promise(Ballot(round: elected.round, vote: elected.candidate.node), into: &effects)
        // From here on nothing of a lower epoch is accepted or acknowledged.
        if leading != nil, !bugs.contains(.r19NoStepDown) {
            note(.leaderVotedForAnother, into: &effects)
            stepDown(.higherRound, into: &effects)
        }
        if following != nil {
            if bugs.contains(.r20AckAfterVote) { owedBeforeVote = following }
            endRole(into: &effects)
            role = .searching(Search(isWaiting: false))
            leaderChanged(into: &effects)
        }
        search?.isWaiting = false
        search?.candidacy = nil
        if isElector {
            effects.append(.cancel(.discovery))
            armTokenRetry(times: 4, into: &effects)
        } else {
            effects.append(.arm(.discovery, within: timing.discovery...timing.discovery))
        }
        if bugs.contains(.r12VoteNotDurable) || bugs.contains(.e7RoundNotDurable) {
            forwardWithVote(elected, from: peer, into: &effects)
        } else {
            hold(elected, from: peer)
        }
    }

    private mutating func hold(_ elected: Elected, from peer: NodeID) {
        search?.held = elected
        search?.heldFrom = peer
    }

    private mutating func refuse(
        _ elected: Elected, from peer: NodeID, into effects: inout Effects<SyncNet>
    ) {
        effects.append(.note(.voteRefused(elected.round, for: elected.candidate.node)))
        note(
            elected.round > ballot.round
                ? .candidateBehind
                : elected.round == ballot.round ? .secondVoteRefused : .lateCandidacyRefused,
            into: &effects)
        var refused = elected
        refused.refusedRound = max(elected.refusedRound, ballot.round)
        forward(refused, from: peer, into: &effects)
    }

    /// A ballot may have become durable: what waited for it goes on.
    package mutating func voteMayBeDurable(into effects: inout Effects<SyncNet>) {
        guard let search, writes.ballot == ballot else { return }
        if let candidacy = search.candidacy, candidacy.tries == 0 {
            sendElected(into: &effects)
        }
        guard let held = search.held, let from = search.heldFrom else { return }
        self.search?.held = nil
        self.search?.heldFrom = nil
        guard ballot == Ballot(round: held.round, vote: held.candidate.node) else { return }
        forwardWithVote(held, from: from, into: &effects)
    }

    private mutating func forwardWithVote(
        _ elected: Elected, from peer: NodeID, into effects: inout Effects<SyncNet>
    ) {
        var elected = elected
        if !elected.voters.contains(where: { $0.node == me }) {
            elected.voters.append(MemberDisk(node: me, disk: disk))
        }
        forward(elected, from: peer, into: &effects)
    }

    /// Only forwarding acknowledges: a voter that dies before is passed over.
    private mutating func forward(
        _ elected: Elected, from peer: NodeID, into effects: inout Effects<SyncNet>
    ) {
        acknowledge(elected, to: peer, into: &effects)
        let origin = elected.candidate.node
        effects.append(.note(.tokenForwarded(.second, origin: origin)))
        guard !elected.isDirect else {
            datagram(.elected(elected), to: origin, into: &effects)
            return
        }
        pass(.elected(elected), .second, origin: origin, serial: elected.serial, into: &effects)
    }

    private mutating func acknowledge(
        _ elected: Elected, to peer: NodeID, into effects: inout Effects<SyncNet>
    ) {
        // Nobody passes it over.
        guard !elected.isDirect else { return }
        let taken = TokenTaken(
            lap: .second, origin: elected.candidate.node, serial: elected.serial)
        datagram(.tokenTaken(taken), to: peer, into: &effects)
    }

    /// The second lap came home: with a quorum of voters this server leads.
    private mutating func cameHome(_ elected: Elected, into effects: inout Effects<SyncNet>) {
        effects.append(.note(.tokenHome(.second, passed: elected.voters.count)))
        let counts = bugs.contains(.r15OldVotersCounted)
        guard elected.serial.isFrom(disk, boot), let candidacy = search?.candidacy,
            candidacy.round == elected.round || counts,
            ballot == Ballot(round: candidacy.round, vote: me)
        else {
            note(.secondLapCameLate, into: &effects)
            return
        }
        for voter in elected.voters
        where !candidacy.voters.contains(where: { $0.node == voter.node }) {
            search?.candidacy?.voters.append(voter)
        }
        let voters = search?.candidacy?.voters ?? []
        for voter in voters
        where membership.contains(voter.node) && membership.disks[voter.node] != voter.disk
            && isAdmittedInTail(voter)
        {
            membership.admit(voter.node, voter.disk)
        }
        let valid = voters.count { membership.counts($0.node, with: $0.disk) }
        if valid >= quorum || bugs.contains(.e10NoQuorumOfVoters) {
            if voters.count > elected.voters.count { note(.votersAddedUp, into: &effects) }
            lead(candidacy.round, into: &effects)
            return
        }
        if !elected.isDirect {
            note(.candidacyFailed, into: &effects)
            // Nobody refused, and yet they are too few: somebody on the ring, who does not know the
            // latest members, passed some of them over.
            // Copies of one lap count once.
            if elected.refusedRound == .zero, search?.shortLap != elected.serial {
                search?.shortLap = elected.serial
                search?.shortCircuits += 1
                search?.candidacy?.wasShort = true
            }
        }
        guard elected.refusedRound > ballot.round else { return }
        note(.candidacyOverruled, into: &effects)
        search?.candidacy = nil
        adopt(elected.refusedRound, into: &effects)
        armTokenRetry(times: 1, into: &effects)
    }

    /// Whether the last that the log says of a voter, in what is not applied yet, is that its
    /// disk counts. Only a voter that has applied that itself gives votes: so it is committed,
    /// and who knows it only from its log need not wait for the leader that it wants to be.
    private func isAdmittedInTail(_ voter: MemberDisk) -> Bool {
        var index = log.last
        while index > applied {
            if case .diskAdmitted(voter.node, let disk)? = log.cached(index)?.payload {
                return disk == voter.disk
            }
            index = index.previous
        }
        return false
    }

    /// Tells one that asks for votes directly, and so meets no token of the first lap, that
    /// there is a leader. False where none is heard.
    private mutating func tellOfLeader(
        _ origin: NodeID, into effects: inout Effects<SyncNet>
    ) -> Bool {
        if let leading {
            datagram(.leaderLives(leading.epoch, leader: me), to: origin, into: &effects)
            return true
        }
        guard hearsLiveLeader else { return false }
        serve(origin, into: &effects)
        return true
    }

    /// Begins to lead: an entry of its own epoch at once, since earlier ones commit only
    /// through it (Raft, section 5.4.2).
    package mutating func lead(_ epoch: Epoch, into effects: inout Effects<SyncNet>) {
        endRole(into: &effects)
        let first = log.last.next
        if log.last > commit { note(.ledWithUncommittedTail, into: &effects) }
        role = .leading(
            Leading(
                epoch: epoch, since: now, firstIndex: first, members: placeCount, next: first))
        effects.append(.note(.becameLeader(epoch)))
        report(.leading(epoch), into: &effects)
        rememberTails()
        appendAsLeader(.epochStarted(by: me), into: &effects)
        sendHeartbeats(wantAnswers: true, into: &effects)
        leaderChanged(into: &effects)
    }
}
