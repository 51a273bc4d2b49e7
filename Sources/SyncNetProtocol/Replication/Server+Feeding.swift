package import StateMachine

/// A peer that can't hear the leader and is fed by a server that can.
package struct Feed: Equatable, Sendable {
    /// How far it is.
    package var progress: Progress
    /// Until when it is fed without asking again.
    package var until: Instant
}

extension Server {
    /// Feeds a peer what is committed, in the leader's place.
    package mutating func feed(_ peer: NodeID, into effects: inout Effects<SyncNet>) {
        if fed[peer] == nil {
            fed[peer] = Feed(progress: Progress(next: commit.next), until: now + timing.death)
        }
        let until = now + timing.death
        fed[peer]?.until = until
        fed[peer]?.progress.needsProbe = true
        openStream(to: peer, into: &effects)
        feedMore(peer, into: &effects)
    }

    /// Sends a fed peer what is committed and it lacks.
    package mutating func feedMore(_ peer: NodeID, into effects: inout Effects<SyncNet>) {
        guard let following, let stream = peers[Int(peer.rank)].stream,
            var progress = fed[peer]?.progress
        else { return }
        let room = progress.isProbing ? 1 : limits.appendsInFlight
        while progress.next <= commit, progress.inFlight.count < room, !progress.isFetching {
            let count = faultPoints.hits(.tinyBatches) ? 1 : limits.appendEntries
            guard
                let entries = log.cached(
                    from: progress.next, through: commit, count: count,
                    bytes: limits.appendBytes)
            else {
                fetchEntries(for: peer, from: progress.next, &progress, into: &effects)
                break
            }
            send(
                entries, epoch: following.epoch, &progress, on: stream, isLeader: false,
                commit: commit, into: &effects)
        }
        if progress.wantsEmptyAppend(commit) {
            send(
                [], epoch: following.epoch, &progress, on: stream, isLeader: false,
                commit: commit, into: &effects)
        }
        fed[peer]?.progress = progress
    }

    /// With the heartbeats: those fed learn that the leader still lives, as long as it does.
    package mutating func keepFeeding(into effects: inout Effects<SyncNet>) {
        guard hearsLiveLeader else {
            if !fed.isEmpty { note(.feederLostLeader, into: &effects) }
            fed.removeAll()
            return
        }
        for peer in fed.nodes {
            guard let feed = fed[peer], feed.until > now else {
                fed[peer] = nil
                continue
            }
            if now.since(feed.progress.sentAt) >= timing.heartbeat {
                if !feed.progress.isFetching { fed[peer]?.progress.restart() }
                fed[peer]?.progress.needsProbe = true
            }
            feedMore(peer, into: &effects)
        }
    }

    /// New entries are committed: those fed by this server get them.
    package mutating func feedAll(into effects: inout Effects<SyncNet>) {
        for peer in fed.nodes { feedMore(peer, into: &effects) }
    }
}
