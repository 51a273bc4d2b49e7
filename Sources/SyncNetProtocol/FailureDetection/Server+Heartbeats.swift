package import StateMachine

extension Server {
    /// How this server is, for a heartbeat.
    private mutating func heartbeat(wantsAnswer: Bool) -> Heartbeat {
        heartbeats += 1
        askedAt = max(askedAt, now)
        return Heartbeat(
            boot: boot, sequence: heartbeats, disk: disk, cluster: formation?.cluster,
            round: ballot.round, isLeading: isLeading, commit: commit, sentAt: askedAt,
            wantsAnswer: wantsAnswer, isRecovering: recovery != nil)
    }

    /// "I live", to every member.
    package mutating func sendHeartbeats(
        wantAnswers: Bool, into effects: inout Effects<SyncNet>
    ) {
        for peer in others {
            // One that seems not to hear this server is asked whether it does again.
            let wantsAnswer = wantAnswers || peers[Int(peer.rank)].isUnhearing
            if !wantsAnswer, faultPoints.hits(.skippedHeartbeats) { continue }
            sendHeartbeat(to: peer, wantsAnswer: wantsAnswer, into: &effects)
        }
    }

    package mutating func sendHeartbeat(
        to peer: NodeID, wantsAnswer: Bool, into effects: inout Effects<SyncNet>
    ) {
        datagram(.heartbeat(heartbeat(wantsAnswer: wantsAnswer)), to: peer, into: &effects)
    }

    package mutating func heartbeatTimeFired(into effects: inout Effects<SyncNet>) {
        effects.append(.arm(.heartbeat, within: timing.heartbeat...timing.heartbeat))
        noteOwnTick()
        lookAtStreams()
        lookForSilence(into: &effects)
        checkLeadership(into: &effects)
        if isLeading, faultPoints.seldomHits(.stepDowns) { stepDown(.noQuorum, into: &effects) }
        sendHeartbeats(wantAnswers: isLeading, into: &effects)
        nudgeFollowers(into: &effects)
        keepFeeding(into: &effects)
        considerAdmission(into: &effects)
        for peer in others where peers[Int(peer.rank)].isSuspected {
            openStream(to: peer, into: &effects)
        }
        if faultPoints.kinds != [] { disturbPeers(into: &effects) }
        if !lateAnswers.isEmpty { sendLateAnswers(into: &effects) }
    }

    /// Fault points: probes peers, and closes streams to them, for no reason.
    private mutating func disturbPeers(into effects: inout Effects<SyncNet>) {
        for peer in others {
            if faultPoints.hits(.needlessProbes) { probe(peer, into: &effects) }
            if let stream = peers[Int(peer.rank)].stream, faultPoints.rarelyHits(.reopenedStreams) {
                effects.append(.close(stream))
            }
        }
    }

    package mutating func received(
        _ heartbeat: Heartbeat, from peer: NodeID, into effects: inout Effects<SyncNet>
    ) {
        guard takeSignOfLife(heartbeat, from: peer, into: &effects) else {
            return heardFormerDisk(heartbeat, of: peer, into: &effects)
        }
        if heartbeat.wantsAnswer || heartbeat.isLeading {
            answer(heartbeat, of: peer, into: &effects)
        }
        if !heartbeat.wantsAnswer { noteTick(of: peer, into: &effects) }
        confirmAgain(with: peer, into: &effects)
        tellCommit(to: peer, into: &effects)
    }

    private mutating func answer(
        _ heartbeat: Heartbeat, of peer: NodeID, into effects: inout Effects<SyncNet>
    ) {
        let answer = HeartbeatAnswer(
            heartbeat: self.heartbeat(wantsAnswer: false), echoedBoot: heartbeat.boot,
            echoedRound: heartbeat.round, echo: heartbeat.sentAt)
        datagram(.heartbeatAnswer(answer), to: peer, into: &effects)
    }

    /// Words of a former disk are late, or that disk is the present one: a server that was
    /// wiped itself may hear of two disks of a peer in the wrong order. Asking tells; not all the
    /// time, as two may take each other for former ones.
    private mutating func heardFormerDisk(
        _ heartbeat: Heartbeat, of peer: NodeID, into effects: inout Effects<SyncNet>
    ) {
        let slot = Int(peer.rank)
        guard peers[slot].formerDisks.contains(heartbeat.disk) else { return }
        if heartbeat.wantsAnswer { answer(heartbeat, of: peer, into: &effects) }
        if let asked = peers[slot].diskAskedAt, now.since(asked) < timing.probe { return }
        peers[slot].diskAskedAt = now
        sendHeartbeat(to: peer, wantsAnswer: true, into: &effects)
    }

    /// What was asked after a disk was noted, another one has answered: then that one is there
    /// now, since the noted one spoke before.
    private mutating func noteAnswer(_ answer: HeartbeatAnswer, from peer: NodeID) {
        let slot = Int(peer.rank)
        guard answer.echo > peers[slot].diskNotedAt, answer.echo <= max(now, askedAt),
            let place = peers[slot].formerDisks.firstIndex(of: answer.heartbeat.disk)
        else { return }
        peers[slot].formerDisks.remove(at: place)
        _ = noteDisk(answer.heartbeat.disk, of: peer)
    }

    package mutating func received(
        _ answer: HeartbeatAnswer, from peer: NodeID, into effects: inout Effects<SyncNet>
    ) {
        guard answer.echoedBoot == boot else { return }
        answered(peer, into: &effects)
        noteAnswer(answer, from: peer)
        guard takeSignOfLife(answer.heartbeat, from: peer, into: &effects) else { return }
        if answer.heartbeat.round > ballot.round, !bugs.contains(.r19NoStepDown) {
            adopt(answer.heartbeat.round, into: &effects)
            return
        }
        guard answer.echoedRound == leading?.epoch else { return }
        takeContact(answer.echo, from: peer, on: answer.heartbeat.disk, into: &effects)
    }

    /// Takes note that a peer lives. Returns false for an old, a foreign or a doubled heartbeat.
    private mutating func takeSignOfLife(
        _ heartbeat: Heartbeat, from peer: NodeID, into effects: inout Effects<SyncNet>
    ) -> Bool {
        guard case .member = phase else { return false }
        guard heartbeat.cluster == formation?.cluster else {
            if heartbeat.cluster != nil { refuseForeign(peer, into: &effects) }
            return false
        }
        let slot = Int(peer.rank)
        let isWiped = noteDisk(heartbeat.disk, of: peer)
        if peers[slot].formerDisks.contains(heartbeat.disk) {
            note(.formerDiskSpoke, into: &effects)
        }
        guard heartbeat.disk == peers[slot].disk, isFresh(heartbeat, from: peer) else {
            drop(.stale, into: &effects)
            note(.heartbeatOvertaken, into: &effects)
            return false
        }
        if isWiped { note(.peerCameBackWiped, into: &effects) }
        let hasRestarted =
            isWiped || (peers[slot].wasHeard && heartbeat.boot > peers[slot].boot)
        if hasRestarted {
            note(.peerRestarted, into: &effects)
            answered(peer, into: &effects)
        }
        peers[slot].boot = heartbeat.boot
        peers[slot].sequence = heartbeat.sequence
        peers[slot].isForeign = false
        let wasRecovering = peers[slot].isRecovering
        peers[slot].isRecovering = heartbeat.isRecovering ?? false
        if wasRecovering { lookAtStreams(with: peer) }
        if hasRestarted { peers[slot].saidItCounts = false }
        if let isRecovering = heartbeat.isRecovering { peers[slot].saidItCounts = !isRecovering }
        peers[slot].commit = max(peers[slot].commit, heartbeat.commit)
        if following?.leader == peer { noteLag(isNews: false) }
        heard(peer, into: &effects)
        if heartbeat.isLeading {
            heardLeader(peer, heartbeat.round, into: &effects)
        } else if let following, following.leader == peer,
            hasRestarted || heartbeat.round >= following.epoch
        {
            // It says itself that it leads no more.
            note(.leaderGaveUp, into: &effects)
            lostLeader(into: &effects)
        } else if search?.isWaiting == true, isElector, hasHeardAll() {
            // None of them leads: waiting longer brings nothing.
            startElection(into: &effects)
        }
        return true
    }

    /// Whether a heartbeat is later than all that were seen of its sender.
    private func isFresh(_ heartbeat: Heartbeat, from peer: NodeID) -> Bool {
        let known = peers[Int(peer.rank)]
        guard heartbeat.boot == known.boot else { return heartbeat.boot > known.boot }
        return heartbeat.sequence > known.sequence || bugs.contains(.f8OldHeartbeatFresh)
    }

    /// Notes with which disk a peer speaks. Returns whether it is another one than before: then
    /// its boots are numbered from the beginning again.
    private mutating func noteDisk(_ disk: DiskID, of peer: NodeID) -> Bool {
        let slot = Int(peer.rank)
        guard let known = peers[slot].disk else {
            peers[slot].disk = disk
            peers[slot].diskNotedAt = askedAt
            return false
        }
        guard disk != known, !peers[slot].formerDisks.contains(disk) else { return false }
        peers[slot].formerDisks.append(known)
        peers[slot].disk = disk
        // Whatever is asked from now on bears a later moment.
        peers[slot].diskNotedAt = max(askedAt, now)
        askedAt = peers[slot].diskNotedAt + Interval(nanoseconds: 1)
        peers[slot].boot = Boot(0)
        peers[slot].sequence = 0
        peers[slot].commit = .zero
        return true
    }

    /// Whether every other member was heard. Looks first at the one that was missing when this
    /// was asked last: a thousand servers that wait for each other ask with every heartbeat.
    private mutating func hasHeardAll() -> Bool {
        if isUnheard(lastUnheard) { return false }
        guard let missing = peers.indices.first(where: isUnheard) else { return true }
        lastUnheard = missing
        return false
    }

    private func isUnheard(_ slot: Int) -> Bool {
        !peers[slot].wasHeard && isOtherMember(slot)
    }

    private mutating func heard(_ peer: NodeID, into effects: inout Effects<SyncNet>) {
        let slot = Int(peer.rank)
        if !bugs.contains(.f1DeadlineNotMoved) || !peers[slot].wasHeard {
            peers[slot].lastHeard = now
        }
        peers[slot].wasHeard = true
        if peers[slot].missedProbes, !peers[slot].isUnhearing {
            // A probe that it left unanswered, and now it speaks: it lives, and does not
            // hear. Whether the others do is worth knowing at once.
            peers[slot].isUnhearing = true
            note(.peerStoppedHearing, into: &effects)
            for other in others { probe(other, into: &effects) }
        }
        guard peers[slot].isSuspected, !bugs.contains(.f2SuspicionNeverWithdrawn) else { return }
        peers[slot].isSuspected = false
        effects.append(.note(.trusted(peer)))
        note(.suspicionWithdrawn, into: &effects)
        report(.trusted(peer), into: &effects)
        openStream(to: peer, into: &effects)
        lookAtStreams(with: peer)
    }

    /// A peer has answered something of this boot: it hears.
    package mutating func answered(_ peer: NodeID, into effects: inout Effects<SyncNet>) {
        let slot = Int(peer.rank)
        peers[slot].missedProbes = false
        if peers[slot].isUnhearing { note(.peerHearsAgain, into: &effects) }
        peers[slot].isUnhearing = false
        guard let left = peers[slot].probesLeft else { return }
        if left < timing.probeTries { note(.probeAnsweredLate, into: &effects) }
        peers[slot].probesLeft = nil
        effects.append(.cancel(.probe(peer)))
    }

    /// Suspects the peers that were silent for the death time.
    private mutating func lookForSilence(into effects: inout Effects<SyncNet>) {
        for peer in others where !peers[Int(peer.rank)].isSuspected {
            let patience =
                faultPoints.rarelyHits(.earlySuspicions) ? timing.death / 2 : self.patience
            if now.since(peers[Int(peer.rank)].lastHeard) > patience {
                suspect(peer, into: &effects)
            }
        }
        guard let following else { return }
        let silence =
            following.via == following.leader
            ? now.since(following.leaderHeard ?? following.viaHeard)
            : now.since(following.viaHeard)
        if isStarved { note(.starvedFollower, into: &effects) }
        guard silence > patience || isStarved else { return }
        // It would take the next token, and say that a leader lives. That one feeds nothing.
        if isStarved || following.via != following.leader {
            peers[Int(following.via.rank)].passedOverUntil = now + timing.death * 3
        }
        // The leader would keep the next token all the same, wherever on the ring it meets it.
        if isStarved, following.via == following.leader { starvedEpoch = following.epoch }
        lostLeader(into: &effects)
    }

    /// How long a peer may be silent.
    private var patience: Interval {
        bugs.contains(.f7SuspectsLate) ? timing.death + timing.heartbeat : timing.death
    }

    /// Takes a peer for dead.
    package mutating func suspect(_ peer: NodeID, into effects: inout Effects<SyncNet>) {
        let slot = Int(peer.rank)
        peers[slot].probesLeft = nil
        guard !peers[slot].isSuspected else { return }
        peers[slot].isSuspected = true
        effects.append(.note(.suspected(peer)))
        report(.suspected(peer), into: &effects)
        fed[peer] = nil
        guard let following, following.via == peer || following.leader == peer else { return }
        if following.via != peer, now.since(following.viaHeard) <= timing.death { return }
        lostLeader(into: &effects)
    }

    /// Looks at once whether a peer lives.
    package mutating func probe(_ peer: NodeID, into effects: inout Effects<SyncNet>) {
        let slot = Int(peer.rank)
        guard !peers[slot].isSuspected, !peers[slot].isUnhearing,
            peers[slot].probesLeft == nil
        else { return }
        peers[slot].probesLeft = timing.probeTries
        peers[slot].probedAt = now
        probeAgain(peer, into: &effects)
    }

    private mutating func probeAgain(_ peer: NodeID, into effects: inout Effects<SyncNet>) {
        sendHeartbeat(to: peer, wantsAnswer: true, into: &effects)
        effects.append(.arm(.probe(peer), within: timing.probe...timing.probe))
    }

    package mutating func probeTimeFired(_ peer: NodeID, into effects: inout Effects<SyncNet>) {
        guard let left = peers[Int(peer.rank)].probesLeft else { return }
        if left > 1 {
            peers[Int(peer.rank)].probesLeft = left - 1
            probeAgain(peer, into: &effects)
        } else {
            peers[Int(peer.rank)].missedProbes = true
            note(.probesUnanswered, into: &effects)
            suspect(peer, into: &effects)
        }
    }
}
