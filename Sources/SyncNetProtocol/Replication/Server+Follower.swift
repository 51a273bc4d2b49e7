package import StateMachine

extension Server {
    /// Entries from the leader, or from a peer that feeds this server in its place.
    package mutating func received(
        _ append: Append, from peer: NodeID, into effects: inout Effects<SyncNet>
    ) {
        guard append.cluster == formation?.cluster else {
            refuseForeign(peer, into: &effects)
            return
        }
        guard append.leader.rank < placeCount, append.leader != me,
            append.isFromLeader == (peer == append.leader), append.isConsistent
        else {
            drop(.contradictory, into: &effects)
            return
        }
        if append.epoch < ballot.round { note(.appendOfFormerEpochRefused, into: &effects) }
        if append.epoch < ballot.round, !bugs.contains(.r11LowerEpochAppended) {
            answer(.refused(ballot.round), to: append, peer, into: &effects)
            return
        }
        adopt(append.epoch, into: &effects)
        if isLeading {
            drop(.contradictory, into: &effects)
            return
        }
        // A leader to which answers don't get back sends the same again and again. Where they do,
        // the answer to that is all that it waits for.
        let end = LogIndex(append.previousIndex.number + UInt64(append.entries.count))
        if search != nil, append.isFromLeader, append.epoch == starvedEpoch,
            append.commit > commit, end <= commit, !isConnected(with: peer)
        {
            note(.starvedByLeader, into: &effects)
            return
        }
        follow(append.leader, append.epoch, via: peer, into: &effects)
        guard following?.epoch == append.epoch else { return }
        let former = commit
        take(append, from: peer, into: &effects)
        noteLag(isNews: commit > former)
        if append.isFromLeader, commit > former || append.commit <= commit { starvedEpoch = nil }
    }

    private mutating func take(
        _ append: Append, from peer: NodeID, into effects: inout Effects<SyncNet>
    ) {
        let found = log.epoch(at: append.previousIndex)
        let skipsCheck = bugs.contains(.r7PreviousNotChecked) && found != nil
        guard found == append.previousEpoch || skipsCheck else {
            effects.append(.note(.conflict(append.previousIndex)))
            note(.previousMissing, into: &effects)
            let hint = hint(for: append.previousIndex)
            if hint < append.previousIndex, hint <= log.last {
                note(.steppedBackAnEpoch, into: &effects)
            }
            answer(.tryFrom(hint), to: append, peer, into: &effects)
            return
        }
        guard store(append.entries, into: &effects) else {
            drop(.contradictory, into: &effects)
            return
        }
        let end = LogIndex(append.previousIndex.number + UInt64(append.entries.count))
        let known = max(following?.verified ?? .zero, end)
        following?.verified = known
        let verified = bugs.contains(.r9CommitBeyondVerified) ? log.last : known
        moveCommit(to: min(append.commit, verified), into: &effects)
        // One that hears the leader itself needs no feeding: it stays silent to the feeder.
        guard following?.via == peer else { return }
        following?.owedEcho = append.sentAt
        answerAppends(into: &effects)
        considerAdmission(into: &effects)
    }

    /// Where to try next, when the entry at `index` is missing or of another epoch.
    private func hint(for index: LogIndex) -> LogIndex {
        guard index <= log.last else { return log.last.next }
        return max(log.runStart(at: index), commit.next)
    }

    /// Cuts what contradicts the entries, and adds what is missing of them. Returns false
    /// where they contradict what is committed.
    private mutating func store(_ entries: [Entry], into effects: inout Effects<SyncNet>) -> Bool {
        guard
            let firstNew = entries.firstIndex(where: { log.epoch(at: $0.index) != $0.epoch })
        else {
            if !entries.isEmpty { note(.appendRepeated, into: &effects) }
            if bugs.contains(.p33LateAppendCuts) { cutBehind(entries, into: &effects) }
            return true
        }
        if firstNew > 0 { note(.appendOverlapped, into: &effects) }
        let fresh = entries[firstNew].index
        if fresh <= log.last {
            guard fresh > commit else { return false }
            cut(from: fresh, into: &effects)
        }
        let added = firstNew == 0 ? entries : Array(entries[firstNew...])
        let ticket = write(.append(added), into: &effects)
        for entry in added {
            log.append(entry, ticket: ticket)
            noteMembership(of: entry)
        }
        return true
    }

    private mutating func cut(from index: LogIndex, into effects: inout Effects<SyncNet>) {
        if log.durable < log.last { note(.cutBeforeDurable, into: &effects) }
        effects.append(.note(.cut(from: index)))
        note(.followerCutTail, into: &effects)
        write(.cut(from: index), into: &effects)
        log.cut(from: index, keepsDurable: bugs.contains(.p13CutKeepsDurable))
        if membershipIndex >= index {
            note(.membershipCut, into: &effects)
            membershipMayDiffer()
        }
        guard let verified = following?.verified else { return }
        let last = log.last
        following?.verified = min(verified, last)
    }

    /// Planted bug P33: what stands behind entries that are there already goes.
    private mutating func cutBehind(_ entries: [Entry], into effects: inout Effects<SyncNet>) {
        guard let end = entries.last?.index, end < log.last, end >= commit else { return }
        cut(from: end.next, into: &effects)
    }

    private mutating func answer(
        _ result: AppendResult, to append: Append, _ peer: NodeID,
        into effects: inout Effects<SyncNet>
    ) {
        let answer = AppendAnswer(
            epoch: append.epoch, disk: disk, result: result, echo: append.sentAt)
        send(.appendAnswer(answer), to: peer, into: &effects)
    }

    /// Tells the feeder how far this log is its own, durably; never in an epoch below the
    /// promised round.
    package mutating func answerAppends(into effects: inout Effects<SyncNet>) {
        if owedBeforeVote != nil { answerAfterVote(into: &effects) }
        guard let following else { return }
        let reach = min(following.verified, log.durable)
        guard following.owedEcho != nil || reach > following.told else { return }
        // While entries are on their way to the disk, their answer serves for all.
        if following.owedEcho != nil, reach == following.told, log.durable < following.verified {
            return
        }
        let answer = AppendAnswer(
            epoch: following.epoch, disk: disk, result: .matches(reach),
            echo: following.owedEcho ?? .zero)
        guard send(.appendAnswer(answer), to: following.via, into: &effects) else { return }
        if faultPoints.hits(.doubledAnswers) {
            send(.appendAnswer(answer), to: following.via, into: &effects)
        }
        self.following?.owedEcho = nil
        self.following?.told = reach
    }

    /// Planted bug R20: acknowledges in an epoch below the promised round.
    private mutating func answerAfterVote(into effects: inout Effects<SyncNet>) {
        guard let former = owedBeforeVote, log.durable >= former.verified else { return }
        owedBeforeVote = nil
        let answer = AppendAnswer(
            epoch: former.epoch, disk: disk, result: .matches(former.verified), echo: .zero)
        send(.appendAnswer(answer), to: former.via, into: &effects)
    }

    /// Moves the commit index, never back and never beyond the log.
    package mutating func moveCommit(to index: LogIndex, into effects: inout Effects<SyncNet>) {
        let index = min(index, log.last)
        guard index > commit else { return }
        commit = index
        effects.append(.note(.committed(index)))
    }
}

extension Append {
    /// Whether its entries follow each other as a log's do.
    fileprivate var isConsistent: Bool {
        var index = previousIndex
        var epoch = previousEpoch
        var stamp = Stamp.zero
        for entry in entries {
            guard entry.index == index.next, entry.epoch >= epoch, entry.epoch <= self.epoch,
                entry.stamp > stamp
            else { return false }
            index = entry.index
            epoch = entry.epoch
            stamp = entry.stamp
        }
        return true
    }
}
