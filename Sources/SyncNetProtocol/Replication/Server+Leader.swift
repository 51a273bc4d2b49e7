package import StateMachine

extension Server {
    /// Puts an entry at the end of the log and sends it on its way. Returns where it stands.
    @discardableResult
    package mutating func appendAsLeader(
        _ payload: Payload, into effects: inout Effects<SyncNet>
    ) -> LogIndex {
        guard let epoch = leading?.epoch else { preconditionFailure("append without leading") }
        let entry = Entry(
            index: log.last.next, epoch: epoch, stamp: clock.tick(), payload: payload)
        let ticket = write(.append([entry]), into: &effects)
        log.append(entry, ticket: ticket)
        noteMembership(of: entry)
        for peer in others { replicate(to: peer, into: &effects) }
        if bugs.contains(.r4LeaderCountsUndurable) { advanceCommit(into: &effects) }
        return entry.index
    }

    /// Sends a follower what it lacks, as far as its pipeline has room.
    package mutating func replicate(to peer: NodeID, into effects: inout Effects<SyncNet>) {
        let slot = Int(peer.rank)
        guard let epoch = leading?.epoch, let stream = peers[slot].stream,
            var progress = leading?.progress[slot]
        else { return }
        leading?.progress[slot] = Progress(next: .zero)
        defer { leading?.progress[slot] = progress }
        let room = progress.isProbing ? 1 : limits.appendsInFlight
        while progress.next <= log.last, progress.inFlight.count < room, !progress.isFetching {
            let count = faultPoints.hits(.tinyBatches) ? 1 : limits.appendEntries
            guard
                let entries = log.cached(
                    from: progress.next, through: log.last, count: count,
                    bytes: limits.appendBytes)
            else {
                fetchEntries(for: peer, from: progress.next, &progress, into: &effects)
                return
            }
            send(
                entries, epoch: epoch, &progress, on: stream, isLeader: true,
                commit: commit, into: &effects)
        }
        if progress.next <= log.last, !progress.isProbing { note(.pipelineWasFull, into: &effects) }
        // Followers learn the commit index at once when no entries are on their way to them.
        let isUrgent = progress.needsProbe || !faultPoints.hits(.withheldCommits)
        if isUrgent, progress.wantsEmptyAppend(commit) {
            send(
                [], epoch: epoch, &progress, on: stream, isLeader: true, commit: commit,
                into: &effects)
        }
    }

    /// Tells a follower that speaks what is committed, where that has waited for the next entry.
    /// A timer does so, too; but where this server's clock stands still it never fires.
    package mutating func tellCommit(to peer: NodeID, into effects: inout Effects<SyncNet>) {
        let slot = Int(peer.rank)
        guard let progress = leading?.progress[slot], progress.inFlight.isEmpty,
            progress.commitSent < commit
        else { return }
        note(.commitToldLate, into: &effects)
        leading?.progress[slot].needsProbe = true
        replicate(to: peer, into: &effects)
    }

    /// Sends entries from `progress.next` on.
    package mutating func send(
        _ entries: [Entry], epoch: Epoch, _ progress: inout Progress, on stream: StreamID,
        isLeader: Bool, commit: LogIndex, into effects: inout Effects<SyncNet>
    ) {
        let previous = progress.next.previous
        guard let previousEpoch = log.epoch(at: previous), let cluster = formation?.cluster else {
            preconditionFailure("nothing at \(previous) of \(log.last)")
        }
        askedAt = max(askedAt, now)
        let append = Append(
            epoch: epoch, leader: leader ?? me, cluster: cluster, previousIndex: previous,
            previousEpoch: previousEpoch, entries: entries, commit: commit, sentAt: askedAt,
            isFromLeader: isLeader)
        send(.append(append), on: stream, into: &effects)
        progress.commitSent = commit
        progress.sentAt = now
        progress.needsProbe = false
        guard let end = entries.last?.index else { return }
        progress.next = end.next
        progress.inFlight.append(end)
    }

    /// Asks the journal for entries that are no longer in memory.
    package mutating func fetchEntries(
        for peer: NodeID, from first: LogIndex, _ progress: inout Progress,
        into effects: inout Effects<SyncNet>
    ) {
        progress.isFetching = true
        note(.fedFromStorage, into: &effects)
        fetch(
            .entries(from: first, count: limits.appendEntries, bytes: limits.appendBytes),
            for: .feeding(peer), into: &effects)
    }

    /// Entries came from the journal: send them if they are still the next ones.
    package mutating func fetched(
        _ entries: [Entry], for peer: NodeID, into effects: inout Effects<SyncNet>
    ) {
        let slot = Int(peer.rank)
        let isLeader = isLeading
        guard var progress = isLeader ? leading?.progress[slot] : fed[peer]?.progress else {
            return
        }
        progress.isFetching = false
        let limit = isLeader ? log.last : commit
        // The journal may know more than may be sent: a tail that is not committed, or was cut.
        let usable = Array(
            entries.prefix { $0.index <= limit && log.epoch(at: $0.index) == $0.epoch })
        if let stream = peers[slot].stream, let first = usable.first,
            first.index == progress.next, let epoch = ledEpoch
        {
            send(
                usable, epoch: epoch, &progress, on: stream, isLeader: isLeader, commit: commit,
                into: &effects)
        } else {
            note(.fetchedTooLate, into: &effects)
        }
        if isLeader {
            leading?.progress[slot] = progress
            replicate(to: peer, into: &effects)
        } else {
            fed[peer]?.progress = progress
            feedMore(peer, into: &effects)
        }
    }

    /// The epoch of the leader that this server is, or follows.
    package var ledEpoch: Epoch? { leading?.epoch ?? following?.epoch }

    /// A follower, or a server that is fed, answers.
    package mutating func received(
        _ answer: AppendAnswer, from peer: NodeID, into effects: inout Effects<SyncNet>
    ) {
        let slot = Int(peer.rank)
        if case .refused(let round) = answer.result {
            note(.appendRefused, into: &effects)
            if !bugs.contains(.r19NoStepDown) { adopt(round, into: &effects) }
            return
        }
        guard answer.epoch == ledEpoch else {
            note(.answerOfFormerEpoch, into: &effects)
            return
        }
        if isLeading {
            if let known = leading?.progress[slot].disk, known != answer.disk {
                note(.followerAnsweredWithNewDisk, into: &effects)
            }
            let keepsMatch = bugs.contains(.p14FormerDiskCounts)
            leading?.progress[slot].answered(by: answer.disk, keepsMatch: keepsMatch)
            let last = log.last
            leading?.progress[slot].take(answer.result, last: last)
            if bugs.contains(.r2AnswerCountedTwice) { countTwice(answer, into: &effects) }
            takeContact(answer.echo, from: peer, on: answer.disk, into: &effects)
            advanceCommit(into: &effects)
            replicate(to: peer, into: &effects)
        } else if fed[peer] != nil {
            let until = now + timing.death
            let last = commit
            fed[peer]?.progress.take(answer.result.upTo(last), last: last)
            fed[peer]?.until = until
            feedMore(peer, into: &effects)
        }
    }

    private mutating func countTwice(
        _ answer: AppendAnswer, into effects: inout Effects<SyncNet>
    ) {
        guard case .matches(let index) = answer.result, quorum <= 3 else { return }
        moveCommit(to: min(index, log.durable), into: &effects)
    }

    /// An entry of the leader's epoch is committed when a quorum has it durably; its own
    /// durable append counts like any other's.
    package mutating func advanceCommit(into effects: inout Effects<SyncNet>) {
        guard let epoch = leading?.epoch, commit < log.last else { return }
        let own = bugs.contains(.r4LeaderCountsUndurable) ? log.last : log.durable
        guard let reached = reachedByQuorum(own: own), reached > commit else { return }
        guard log.epoch(at: reached) == epoch || bugs.contains(.r5CommitsEarlierEpochs) else {
            note(.earlierEpochWaited, into: &effects)
            return
        }
        if reached > own { note(.committedBeforeOwnDisk, into: &effects) }
        if let first = leading?.firstIndex, commit.next < first {
            note(.tailCommittedByNewEpoch, into: &effects)
        }
        moveCommit(to: reached, into: &effects)
        answerConfirmed(into: &effects)
        applyCommitted(into: &effects)
        for peer in others { replicate(to: peer, into: &effects) }
    }

    /// The last index that a quorum holds durably, this server up to `own`.
    private func reachedByQuorum(own: LogIndex) -> LogIndex? {
        guard let leading else { return nil }
        var matches: [LogIndex] = []
        if membership.contains(me) { matches.append(own) }
        for peer in otherMembers {
            let progress = leading.progress[Int(peer.rank)]
            let isCounted =
                membership.counts(peer, with: progress.disk)
                || bugs.contains(.p14FormerDiskCounts) && progress.disk != nil
            if isCounted { matches.append(progress.match) }
        }
        guard matches.count >= quorum else { return nil }
        matches.sort(by: >)
        return matches[quorum - 1]
    }

    /// With the heartbeats: an append without an answer for long may be lost with a stream
    /// that broke unseen, so the follower is asked where it is.
    package mutating func nudgeFollowers(into effects: inout Effects<SyncNet>) {
        guard isLeading else { return }
        for peer in others {
            let slot = Int(peer.rank)
            guard let progress = leading?.progress[slot] else { return }
            // What a former disk had says nothing of the one that speaks now, which may not have
            // been a member yet when it was told first.
            let isElsewhere = peers[slot].disk.map { $0 != progress.disk } ?? false
            let isStuck =
                (progress.match < log.last || isElsewhere)
                && now.since(progress.sentAt) >= progress.patience(timing)
            if isStuck, !progress.isFetching {
                note(.followerAskedAgain, into: &effects)
                leading?.progress[slot].restart()
                leading?.progress[slot].nudges += 1
            }
            replicate(to: peer, into: &effects)
        }
    }
}

extension AppendResult {
    /// What it means to a feeder, who feeds no more than what is committed: its tail beyond that
    /// may be cut while the peer's, which hears the leader again, is not.
    fileprivate func upTo(_ commit: LogIndex) -> AppendResult {
        guard case .matches(let index) = self else { return self }
        return .matches(min(index, commit))
    }
}

extension Progress {
    /// What a former disk had says nothing of the one that answers now.
    mutating func answered(by disk: DiskID, keepsMatch: Bool) {
        if let known = self.disk, known != disk, !keepsMatch { match = .zero }
        self.disk = disk
    }

    /// Takes a follower's answer.
    mutating func take(_ result: AppendResult, last: LogIndex) {
        switch result {
        case .matches(let index):
            guard index <= last else { return }
            if index > match { nudges = 0 }
            match = max(match, index)
            next = max(next, match.next)
            isProbing = false
            while let oldest = inFlight.first, oldest <= match { inFlight.removeFirst() }
        case .tryFrom(let index):
            // A wiped disk no longer has what its predecessor acknowledged.
            match = min(match, index.previous)
            next = max(LogIndex(1), min(index, next, last.next))
            inFlight.removeAll()
            isProbing = true
            needsProbe = true
            nudges = 0
        case .refused: break
        }
    }

    /// Whether there is something to tell although no entries are to be sent.
    func wantsEmptyAppend(_ commit: LogIndex) -> Bool {
        inFlight.isEmpty && !isFetching && (needsProbe || commitSent < commit)
    }
}
