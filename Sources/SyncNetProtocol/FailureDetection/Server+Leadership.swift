package import StateMachine

extension Server {
    /// A heartbeat says that its sender leads.
    package mutating func heardLeader(
        _ peer: NodeID, _ epoch: Epoch, into effects: inout Effects<SyncNet>
    ) {
        guard epoch >= ballot.round || bugs.contains(.e11LowerRoundAccepted) else { return }
        adopt(epoch, into: &effects)
        guard !isLeading else {
            drop(.contradictory, into: &effects)
            return
        }
        // Whom a peer feeds may hear the leader and yet not be reached by its stream: only
        // the leader's own entries end the feeding.
        if following?.leader != peer || !isServedThroughPeer {
            guard epoch != starvedEpoch else {
                note(.starvedByLeader, into: &effects)
                // It lives: nobody is to be asked for votes past the ring.
                search?.shortCircuits = 0
                return
            }
            follow(peer, epoch, via: peer, into: &effects)
        }
        let moment = now
        following?.leaderHeard = moment
        guard let kept = following?.kept, !kept.isEmpty else { return }
        following?.kept = []
        for token in kept { serve(token.token.candidate.node, into: &effects) }
    }

    /// Follows a leader; without effect where it does so already, on the shortest way.
    package mutating func follow(
        _ leader: NodeID, _ epoch: Epoch, via feeder: NodeID, into effects: inout Effects<SyncNet>
    ) {
        let moment = now
        if let known = following, known.leader == leader, known.epoch == epoch {
            if feeder == known.via {
                following?.viaHeard = moment
            } else if feeder == leader, isConnected(with: leader) || !isServedThroughPeer {
                note(.fedServerHeardLeader, into: &effects)
                // It would keep the next token as well, and feed nothing.
                if now.since(known.viaHeard) > timing.death {
                    peers[Int(known.via.rank)].passedOverUntil = now + timing.death * 3
                }
                following?.via = leader
                following?.viaHeard = moment
                // What its feeder lacked is not the leader's fault.
                following?.behindSince = nil
                // By the former feeder's clock: to the leader it would say something else.
                if following?.owedEcho != nil { following?.owedEcho = .zero }
                waitingMayGo(into: &effects)
            }
            return
        }
        var verified = commit
        if bugs.contains(.p35VerifiedByFormer) {
            verified = max(commit, min(log.last, following?.verified ?? log.last))
        }
        endRole(into: &effects)
        role = .following(
            Following(leader: leader, epoch: epoch, via: feeder, now: now, verified: verified))
        effects.append(.note(.following(leader, epoch)))
        report(.following(leader, epoch), into: &effects)
        leaderChanged(into: &effects)
    }

    /// Leaves a role: timers and tokens that belong to it go with it.
    package mutating func endRole(into effects: inout Effects<SyncNet>) {
        switch role {
        case .searching:
            effects.append(.cancel(.tokenRetry))
        case .following(let following):
            fed.removeAll()
            // What becomes durable later is not acknowledged: a higher round may be promised.
            if log.durable < following.verified {
                note(.acknowledgementWithheld, into: &effects)
            }
        case .leading:
            effects.append(.cancel(.confirm))
        }
    }

    /// The leader is gone, as far as this server can see: look for another one.
    package mutating func lostLeader(into effects: inout Effects<SyncNet>) {
        guard let following else { return }
        let kept = following.kept
        if !kept.isEmpty { note(.keptTokenSetFree, into: &effects) }
        startElection(into: &effects)
        for token in kept { weigh(token.token, from: token.from, into: &effects) }
    }

    /// Whether the leader was heard, as leader, within the death time and is not in doubt.
    package var hearsLiveLeader: Bool {
        guard let following, let heard = following.leaderHeard else { return false }
        let leader = peers[Int(following.leader.rank)]
        return !leader.isSuspected && !leader.isUnhearing && now.since(heard) <= timing.death
    }

    /// Whether a peer that hears the leader has fed this server within the death time.
    package var isServedThroughPeer: Bool {
        guard let following, following.via != following.leader else { return false }
        return now.since(following.viaHeard) <= timing.death
    }

    /// Notes whether the leader is known to have committed more than this server has.
    package mutating func noteLag(isNews: Bool) {
        guard let known = following else { return }
        let isBehind = peers[Int(known.leader.rank)].commit > commit
        let moment = now
        following?.behindSince = isBehind ? (isNews ? nil : known.behindSince) ?? moment : nil
    }

    /// Whether nothing of what the leader is heard to have committed came for the death time: its
    /// heartbeats come, and its stream does not, or answers don't get back on one. Or who feeds
    /// this server in its place has nothing either. The blame is not its own disk's.
    package var isStarved: Bool {
        guard let following, let since = following.behindSince else { return false }
        return now.since(since) > timing.death && log.durable >= following.verified
    }

    /// A higher round is known: promise it durably, and stop to lead or follow a lower one.
    package mutating func adopt(_ round: Epoch, into effects: inout Effects<SyncNet>) {
        highestRound = max(highestRound, round)
        guard round > ballot.round else { return }
        promise(Ballot(round: round, vote: nil), into: &effects)
        leaveLowerEpoch(into: &effects)
    }

    /// Promises a round, and perhaps a vote, from this moment on.
    package mutating func promise(_ ballot: Ballot, into effects: inout Effects<SyncNet>) {
        precondition(ballot.round >= self.ballot.round, "\(ballot) after \(self.ballot)")
        self.ballot = ballot
        highestRound = max(highestRound, ballot.round)
        guard !bugs.contains(.e7RoundNotDurable) else { return }
        write(.ballot(ballot), into: &effects)
        writes.note(ballot: ballot)
    }

    /// What was led or followed in a lower epoch than the promised one ends.
    package mutating func leaveLowerEpoch(into effects: inout Effects<SyncNet>) {
        switch role {
        case .leading(let leading) where leading.epoch < ballot.round:
            if !bugs.contains(.r19NoStepDown) { stepDown(.higherRound, into: &effects) }
        case .following(let following) where following.epoch < ballot.round:
            lostLeader(into: &effects)
        default: break
        }
    }

    /// Stops to lead.
    package mutating func stepDown(_ reason: StepDown, into effects: inout Effects<SyncNet>) {
        guard let leading else { return }
        if log.last > commit { note(.deposedLeaderHadUncommitted, into: &effects) }
        if !leading.reads.isEmpty { note(.readsRefusedAtStepDown, into: &effects) }
        effects.append(.note(.steppedDown(leading.epoch, reason)))
        report(.steppedDown(leading.epoch, reason), into: &effects)
        refuseReads(leading.reads, into: &effects)
        endRole(into: &effects)
        role = .searching(Search(isWaiting: false))
        leaderChanged(into: &effects)
        armTokenRetry(times: 4, into: &effects)
    }

    /// A leader without a quorum's answers or streams, or whose disk hangs, leads no more.
    package mutating func checkLeadership(into effects: inout Effects<SyncNet>) {
        guard let leading else { return }
        if now.since(max(quorumContact(leading), leading.since)) > timing.death {
            let isDeaf = !bugs.contains(.f5DeafLeaderLeads)
            let hears = bugs.contains(.r21HeardIsAnswered) && hearsQuorum
            if isDeaf, !hears {
                note(.leaderLostQuorum, into: &effects)
                noteUnhearing(leading, into: &effects)
                stepDown(.noQuorum, into: &effects)
                return
            }
        }
        if isStreamless {
            note(.leaderStreamless, into: &effects)
            stepDown(.noStreams, into: &effects)
            return
        }
        if isTooSlow(leading) {
            note(.leaderTooSlow, into: &effects)
            stepDown(.tooSlow, into: &effects)
            return
        }
        if writes.waiting(at: now) > timing.death, !bugs.contains(.f9LeaderIgnoresHungDisk) {
            note(.leaderDiskHung, into: &effects)
            stepDown(.diskHangs, into: &effects)
        }
    }

    /// Who speaks, and has answered nothing of this leader for the death time, does not hear it.
    ///
    /// Through the ring, on which a token only has to get to a next neighbour, this server could
    /// win every election with the votes of those, and as a leader it would reach them no more
    /// than before.
    private mutating func noteUnhearing(_ leading: Leading, into effects: inout Effects<SyncNet>) {
        for peer in otherMembers {
            let slot = Int(peer.rank)
            let contact = max(leading.progress[slot].contact, leading.since)
            guard !peers[slot].isSuspected, !peers[slot].isUnhearing,
                now.since(contact) > timing.death
            else { continue }
            peers[slot].isUnhearing = true
            note(.leaderNotAnswered, into: &effects)
            sendHeartbeat(to: peer, wantsAnswer: true, into: &effects)
        }
    }

    /// Whether a read waits for its confirmation for half the time that requests have. As long
    /// again takes its way here and back, so that nobody gets an answer in time: the leader
    /// lives, but too slowly to be of use.
    private func isTooSlow(_ leading: Leading) -> Bool {
        guard let first = leading.reads.first else { return false }
        return now.since(first.since) > timing.request / 2 && quorumContact(leading) < first.since
    }

    private var hearsQuorum: Bool {
        let heard = otherMembers.count {
            now.since(peers[Int($0.rank)].lastHeard) <= timing.death
        }
        return heard + 1 >= quorum
    }

    /// The latest moment such that a quorum, this server included, has answered what was
    /// sent then or later in this epoch.
    package func quorumContact(_ leading: Leading) -> Instant {
        guard !isAlone else { return max(now, askedAt) }
        var contacts = otherMembers.map { leading.progress[Int($0.rank)].contact }
        if membership.contains(me) { contacts.append(max(now, askedAt)) }
        guard contacts.count >= quorum else { return .zero }
        contacts.sort(by: >)
        return contacts[quorum - 1]
    }

    /// A peer has answered what this leader sent in its epoch at `echo`. A disk that does not
    /// count, for it may have forgotten a vote for another leader, confirms nobody.
    package mutating func takeContact(
        _ echo: Instant, from peer: NodeID, on disk: DiskID,
        into effects: inout Effects<SyncNet>
    ) {
        let slot = Int(peer.rank)
        guard membership.counts(peer, with: disk) || bugs.contains(.p14FormerDiskCounts),
            let known = leading?.progress[slot].contact, echo > known, echo <= max(now, askedAt)
        else { return }
        leading?.progress[slot].contact = echo
        answerConfirmed(into: &effects)
    }
}
