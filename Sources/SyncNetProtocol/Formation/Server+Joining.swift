package import StateMachine

extension Server {
    private static let introductionPause = Interval.milliseconds(100)

    /// Looks for the cluster, or for the others to form it with.
    package mutating func startJoining(into effects: inout Effects<SyncNet>) {
        phase = .joining(Joining(since: now))
        report(.looking, into: &effects)
        introduce(wantAnswers: true, into: &effects)
        armJoining(into: &effects)
        considerForming(into: &effects)
    }

    private func armJoining(into effects: inout Effects<SyncNet>) {
        guard case .joining(let joining) = phase else { return }
        let pause = Self.introductionPause * min(1 << min(joining.attempts, 4), 10)
        effects.append(.arm(.discovery, within: pause...(pause * 2)))
    }

    package mutating func joiningTimeFired(into effects: inout Effects<SyncNet>) {
        guard case .joining(var joining) = phase else { return }
        joining.attempts += 1
        phase = .joining(joining)
        introduce(wantAnswers: true, into: &effects)
        armJoining(into: &effects)
        considerForming(into: &effects)
    }

    /// Introduces itself to all others.
    package mutating func introduce(
        wantAnswers: Bool, into effects: inout Effects<SyncNet>
    ) {
        for peer in others {
            introduce(to: peer, wantsAnswer: wantAnswers, into: &effects)
        }
    }

    package mutating func introduce(
        to peer: NodeID, wantsAnswer: Bool, into effects: inout Effects<SyncNet>
    ) {
        let nonce = wantsAnswer ? self.nonce : nil
        datagram(
            .introduction(introduction(wantsAnswer: wantsAnswer, nonce)), to: peer,
            into: &effects)
    }

    /// What this start puts into its questions: answers to those of an earlier start, of a former
    /// disk, or of a former look, tell of a time before this one.
    package var nonce: UInt64 {
        var seed = disk.number ^ boot.number &* 0x9E37_79B9_7F4A_7C15
        if case .joining(let joining) = phase { seed ^= joining.looks &* 0xD1B5_4A32_D192_ED03 }
        let mixed = (seed ^ seed >> 30) &* 0xBF58_476D_1CE4_E5B9
        return mixed ^ mixed >> 27
    }

    private func introduction(wantsAnswer: Bool, _ nonce: UInt64?) -> Introduction {
        let isNew = formation == nil && ballot.round == .zero && log.last == .zero
        return Introduction(
            boot: boot, disk: disk, members: configuration.members.map(\.id), isNew: isNew,
            formation: knownFormation, round: max(ballot.round, highestRound), last: log.last,
            wantsAnswer: wantsAnswer, nonce: nonce)
    }

    /// How the cluster was formed, with the disks that count today.
    private var knownFormation: Formation? {
        guard var known = formation else { return nil }
        if case .joining = phase { return nil }
        let disks = appliedMembership.disks
        known.disks = zip(disks.nodes, disks.values).map { MemberDisk(node: $0, disk: $1) }
        return known
    }

    package mutating func received(
        _ introduction: Introduction, from peer: NodeID, into effects: inout Effects<SyncNet>
    ) {
        guard peer.rank < placeCount, peer != me else {
            drop(.misplaced, into: &effects)
            return
        }
        guard agrees(introduction.members) else {
            refuseForeign(peer, into: &effects)
            return
        }
        if introduction.wantsAnswer {
            datagram(
                .introduction(self.introduction(wantsAnswer: false, introduction.nonce)),
                to: peer, into: &effects)
        }
        switch phase {
        case .joining: learnForJoining(introduction, from: peer, into: &effects)
        case .member:
            learnForRecovery(introduction, from: peer, into: &effects)
            if introduction.wantsAnswer { serveWhoAsks(peer, into: &effects) }
        case .starting, .halted: break
        }
    }

    /// Who asks again and again hears no leader, or nothing from it; as long as it recovers, or has
    /// no streams with a quorum, it sends no token that would have it served. So it is served as if
    /// its token had come.
    private mutating func serveWhoAsks(_ peer: NodeID, into effects: inout Effects<SyncNet>) {
        let slot = Int(peer.rank)
        let last = peers[slot].introducedAt
        peers[slot].introducedAt = now
        guard let last, now.since(last) <= max(timing.discovery * 3, timing.death * 2)
        else { return }
        guard isConnected(with: peer) else { return }
        if let epoch = leading?.epoch {
            offer(epoch, to: peer, into: &effects)
        } else if hearsLiveLeader {
            note(.servedWhoAsks, into: &effects)
            serve(peer, into: &effects)
        }
    }

    /// A server that looks for its cluster learns how another one is. That it is new has to be
    /// an answer to this start's question: a late introduction of its former disk would form a
    /// second cluster. One of version 1 has no nonce and is believed, as it always was.
    private mutating func learnForJoining(
        _ introduction: Introduction, from peer: NodeID, into effects: inout Effects<SyncNet>
    ) {
        guard takes(introduction, from: peer, into: &effects),
            case .joining(var joining) = phase
        else { return }
        // Held twice, the table would be copied for every introduction. Nothing that looks at the
        // phase may run until it is back.
        phase = .starting
        joining.heard[peer] = introduction
        phase = .joining(joining)
        considerForming(as: introduction.formation, into: &effects)
    }

    private mutating func takes(
        _ introduction: Introduction, from peer: NodeID, into effects: inout Effects<SyncNet>
    ) -> Bool {
        guard case .joining(let joining) = phase else { return false }
        let isAnswer = introduction.nonce == nil || introduction.nonce == nonce
        guard isAnswer || introduction.formation != nil else {
            // Its answer is one trip away, its next timer perhaps a second.
            if introduction.wantsAnswer, joining.heard[peer] == nil {
                note(.newcomerAskedBack, into: &effects)
                introduce(to: peer, wantsAnswer: true, into: &effects)
            }
            return false
        }
        // A new disk numbers its boots from 1 again.
        guard let known = joining.heard[peer] else { return true }
        return introduction.disk != known.disk || introduction.boot >= known.boot
    }

    package mutating func refuseForeign(_ peer: NodeID, into effects: inout Effects<SyncNet>) {
        drop(.otherCluster, into: &effects)
        guard !peers[Int(peer.rank)].isForeign else { return }
        peers[Int(peer.rank)].isForeign = true
        report(.otherCluster(peer), into: &effects)
    }

    /// Forms the cluster, adopts it as somebody has just told that it is, or finds that it was a
    /// member with another disk.
    private mutating func considerForming(
        as known: Formation? = nil, into effects: inout Effects<SyncNet>
    ) {
        guard case .joining(let joining) = phase, !joining.isForming else { return }
        if let known {
            adopt(known, into: &effects)
        } else if let disks = disksToFormWith(joining), hasLookedTwice(into: &effects) {
            let members = configuration.members.prefix(configuration.founders).map(\.id)
            form(
                Formation(
                    cluster: ClusterID(members: members, disks: disks), members: members,
                    disks: disks), into: &effects)
        }
    }

    /// Whether all that are new now were so, with the same disks, in the look before.
    ///
    /// They were asked one by one, and each may have been new at another time: one has joined the
    /// cluster since, another was removed from it and wiped. Whoever is new in two looks was so at
    /// the moment between them, and at that moment all were (the double collect of Afek et al.,
    /// "Atomic Snapshots of Shared Memory", 1993, section 3): there is no cluster.
    private mutating func hasLookedTwice(into effects: inout Effects<SyncNet>) -> Bool {
        guard case .joining(var joining) = phase, !joining.heard.nodes.isEmpty,
            !bugs.contains(.p2AnyQuorumForms)
        else { return true }
        var disks = NodeMap<DiskID>()
        for (node, heard) in zip(joining.heard.nodes, joining.heard.values) {
            disks[node] = heard.disk
        }
        guard disks != joining.former else { return true }
        if joining.looks > 0 { note(.newcomersDiffered, into: &effects) }
        joining.former = disks
        joining.heard = NodeMap()
        joining.looks += 1
        joining.attempts = 0
        phase = .joining(joining)
        introduce(wantAnswers: true, into: &effects)
        armJoining(into: &effects)
        return false
    }

    private mutating func adopt(_ known: Formation, into effects: inout Effects<SyncNet>) {
        note(.foundFormedCluster, into: &effects)
        let isListed = known.disks.contains(MemberDisk(node: me, disk: disk))
        if !isListed, !bugs.contains(.p1WipedDiskCounts) {
            recovery = DiskRecovery()
            write(.recovering(true), into: &effects)
        }
        form(known, into: &effects)
    }

    /// The disks to form a new cluster with; nil while it is not sure that it is new.
    ///
    /// Only one server may decide, or two that heard different disks would form two clusters:
    /// the first member, when all are there; otherwise the first of those that are there, when
    /// its operator says so.
    private func disksToFormWith(_ joining: Joining) -> [MemberDisk]? {
        let hasHeardAll = joining.heard.count + 1 == placeCount
        guard
            me.rank == 0 && hasHeardAll || configuration.formsNewCluster
                || bugs.contains(.p2AnyQuorumForms)
        else { return nil }
        var disks = [MemberDisk(node: me, disk: disk)]
        for (node, heard) in zip(joining.heard.nodes, joining.heard.values) where heard.isNew {
            disks.append(MemberDisk(node: node, disk: heard.disk))
        }
        // A server that is no founder may remember a cluster that a founder has forgotten.
        guard disks.count == joining.heard.count + 1 else { return nil }
        let areAllNew = disks.count == placeCount
        disks.removeAll { $0.node.rank >= configuration.founders }
        disks.sort { $0.node < $1.node }
        guard me.rank < configuration.founders else { return nil }
        if areAllNew { return me.rank == 0 ? disks : nil }
        if bugs.contains(.p2AnyQuorumForms), disks.count >= configuration.quorum { return disks }
        guard configuration.formsNewCluster, disks.count >= configuration.quorum,
            disks[0].node == me, now.since(joining.since) >= timing.discovery
        else { return nil }
        return disks
    }

    private mutating func form(_ formation: Formation, into effects: inout Effects<SyncNet>) {
        guard case .joining(var joining) = phase else { return }
        joining.isForming = true
        phase = .joining(joining)
        take(formation)
        write(.form(formation), into: &effects)
    }
}
