package import StateMachine

extension Server {
    /// How far behind the commit index a server may be that is to become a member: a moment's
    /// work, so that the quorum that it joins need not wait for it.
    private static let newcomerLagMost: UInt64 = 512

    /// Whether this server may ask for votes.
    package var isElector: Bool { recovery == nil && stands }

    /// Whether it is a member, or its removal is not committed yet: then its log may be the only
    /// one that is complete enough to lead (Ongaro 2014, section 4.2.2).
    package var stands: Bool { membership.contains(me) || appliedMembership.contains(me) }

    /// An entry stands in the log: it may change who counts, from this moment on.
    package mutating func noteMembership(of entry: Entry) {
        guard entry.payload.changesMembership else { return }
        membershipIndex = entry.index
        guard !bugs.contains(.m3CountsWhenApplied) else { return }
        membership.take(entry.payload, isApplied: false)
    }

    /// Reads anew who counts: from what is applied and the log behind it.
    package mutating func membershipMayDiffer() {
        membership = appliedMembership
        membershipIndex = .zero
        var index = applied.next
        while index <= log.last {
            if let entry = log.cached(index) { noteMembership(of: entry) }
            index = index.next
        }
    }

    /// Whether two lists of servers may be of one cluster: servers are added at the end.
    package func agrees(_ ids: [Text]) -> Bool {
        zip(ids, configuration.members).allSatisfy { $0 == $1.id }
    }

    /// A wiped member asks to count with its new disk.
    package mutating func takeAdmission(
        _ pair: MemberDisk, id: UInt64, from origin: RelayOrigin,
        into effects: inout Effects<SyncNet>
    ) {
        if appliedMembership.counts(pair.node, with: pair.disk) {
            answer(.unchanged(applied), id: id, to: origin, into: &effects)
        } else if membership.contains(pair.node) {
            place(.diskAdmitted(pair.node, pair.disk), id: id, from: origin, into: &effects)
        } else {
            // It was removed, and does not know it yet.
            answer(.refused(.notReady), id: id, to: origin, into: &effects)
        }
    }

    /// An operator wants another membership: one server at a time, so that any two majorities
    /// that follow each other have a server in common.
    package mutating func takeChange(
        _ change: MemberChange, isConfirmed: Bool, id: UInt64, from origin: RelayOrigin,
        into effects: inout Effects<SyncNet>
    ) {
        guard let leading else { return }
        // A server whose list of servers is longer knows more of them.
        guard Int(change.node.rank) < placeCount else {
            answer(.refused(.notReady), id: id, to: origin, into: &effects)
            return
        }
        let isMade = membershipIndex <= applied && isDone(change)
        if isMade || isUnderWay(change) {
            // One who leads no longer does not know who became a member since, nor that what
            // stands in its log was committed and undone before anybody asked.
            guard isConfirmed else {
                return confirm(.change(origin, id: id, change), into: &effects)
            }
            if isMade {
                answer(.unchanged(applied), id: id, to: origin, into: &effects)
            } else if let epoch = log.epoch(at: membershipIndex) {
                answer(.appended(membershipIndex, epoch), id: id, to: origin, into: &effects)
            }
            return
        }
        guard mayChange(leading), isPossible(change), let payload = payload(change) else {
            note(.membershipChangeWaited, into: &effects)
            answer(.refused(.notReady), id: id, to: origin, into: &effects)
            return
        }
        place(payload, id: id, from: origin, into: &effects)
        report(.changing(change.node), into: &effects)
    }

    /// Whether just this is the last change in the log, not applied yet.
    private func isUnderWay(_ change: MemberChange) -> Bool {
        switch (change, log.cached(membershipIndex)?.payload) {
        case (.add(let node), .diskAdmitted(let admitted, _)): node == admitted
        case (.remove(let node), .memberRemoved(let removed, _)): node == removed
        default: false
        }
    }

    private func isDone(_ change: MemberChange) -> Bool {
        switch change {
        case .add(let node): membership.contains(node)
        case .remove(let node): !membership.contains(node)
        }
    }

    private func payload(_ change: MemberChange) -> Payload? {
        switch change {
        case .add(let node):
            leading?.progress[Int(node.rank)].disk.map { .diskAdmitted(node, $0) }
        case .remove(let node):
            .memberRemoved(node, membership.disks[node] ?? DiskID(0))
        }
    }

    /// A leader changes nothing before an entry of its own epoch is committed (Ongaro's
    /// message to raft-dev of 2015): a change of its predecessor may stand in other logs, and
    /// its quorum and this one's need have no server in common.
    private func mayChange(_ leading: Leading) -> Bool {
        let isCurrent =
            commit >= leading.firstIndex || bugs.contains(.m1ChangeBeforeOwnCommit)
        return isCurrent && (membershipIndex <= commit || bugs.contains(.m2ChangesOverlap))
    }

    /// Whether the cluster still has a quorum that answers once the change stands in the log.
    private func isPossible(_ change: MemberChange) -> Bool {
        var next = membership
        switch change {
        case .add(let node):
            guard node != me, node.rank < placeCount, !membership.contains(node),
                isCaughtUp(node), let disk = leading?.progress[Int(node.rank)].disk
            else { return false }
            next.take(.diskAdmitted(node, disk), isApplied: false)
        case .remove(let node):
            guard membership.contains(node), membership.count > 1 else { return false }
            next.take(.memberRemoved(node, DiskID(0)), isApplied: false)
        }
        let answering = others.count { peer in
            next.counts(peer, with: leading?.progress[Int(peer.rank)].disk) && isHeard(peer)
        }
        return answering + (next.contains(me) ? 1 : 0) >= next.quorum
    }

    private func isHeard(_ peer: NodeID) -> Bool {
        let known = peers[Int(peer.rank)]
        return known.wasHeard && !known.isSuspected && !known.isUnhearing
    }

    /// Whether a server that is no member holds what the cluster has, on a disk that has been
    /// told all that it may have promised.
    private func isCaughtUp(_ node: NodeID) -> Bool {
        guard let progress = leading?.progress[Int(node.rank)], isHeard(node) else { return false }
        let known = peers[Int(node.rank)]
        return known.saidItCounts && known.disk == progress.disk
            && membership.retired[node] != progress.disk
            && progress.match.number + Self.newcomerLagMost >= commit.number
    }

    /// A committed entry says that a member is one no more.
    package mutating func remove(
        _ node: NodeID, _ disk: DiskID, into effects: inout Effects<SyncNet>
    ) {
        if appliedMembership.disks[node] == nil, disk != DiskID(0) {
            // So that a restart knows it too.
            delta.admitted.append(MemberDisk(node: node, disk: disk))
        }
        appliedMembership.take(.memberRemoved(node, disk), isApplied: true)
        membershipMayDiffer()
        delta.admitted.append(MemberDisk(node: node, disk: DiskID(0)))
        note(isLeading && node == me ? .leaderRemovedItself : .memberRemoved, into: &effects)
        // What befell a former disk of this server is no news.
        guard node != me || disk == self.disk else { return }
        report(.removed(node), into: &effects)
        // It may have been made a member again, further on in the log.
        if node == me { isRetired = !membership.counts(me, with: self.disk) }
    }

    /// Whether a store's last word of this server's own disk is that it was removed.
    package func wasRemoved(_ recovered: Recovered) -> Bool {
        var own = recovered.formation?.disks.first { $0.node == me }?.disk
        var isRemoved = false
        for pair in recovered.admitted where pair.node == me {
            if pair.disk == DiskID(0) {
                isRemoved = isRemoved || own == disk
            } else if pair.disk == disk {
                isRemoved = false
            }
            own = pair.disk
        }
        return isRemoved
    }

    /// A server that was removed is of no use to anybody: it ends, after what it had to say.
    package mutating func endIfRetired(into effects: inout Effects<SyncNet>) {
        guard isRetired else { return }
        store(into: &effects)
        effects.append(.note(.retired))
        effects.append(.halt)
        phase = .halted
    }
}
