package import StateMachine

/// What a server is right now, as operators measure it.
package struct Figures: Equatable, Sendable {
    /// Another server, as this one sees it.
    package struct Peer: Equatable, Sendable {
        /// Its id.
        package var id: Text
        /// Whether it is taken for alive.
        package var isAlive: Bool
        /// How long ago it was heard; nil where it never was.
        package var silence: Interval?
        /// How many committed entries it is not known to have: a leader knows what is durable
        /// there, others what it told to have committed.
        package var lag: UInt64
    }

    /// What it does. A leader counts as one as long as it has not stepped down.
    package var role: ServerRole
    /// Whether it knows a leader that a quorum, or this server, heard within the death time.
    package var isReady: Bool
    /// The highest round that it knows.
    package var epoch: Epoch
    /// The entries that it knows to be committed, has applied and has in its log.
    package var commit: LogIndex
    package var applied: LogIndex
    package var last: LogIndex
    /// Clients that are connected, and the rooms that they follow, each for itself.
    package var clients: Int
    package var subscriptions: Int
    /// Sessions that are remembered.
    package var sessions: Int
    /// The others, by rank.
    package var peers: [Peer]
}

/// A machine that can be measured.
package protocol MeasurableMachine {
    /// What it is at this time of its own monotonic clock.
    func figures(at time: Instant) -> Figures
}

extension Server: MeasurableMachine {
    package func figures(at time: Instant) -> Figures {
        Figures(
            role: measuredRole, isReady: isReady(at: time), epoch: ballot.round, commit: commit,
            applied: applied, last: log.last, clients: clients.count,
            subscriptions: clients.subscriptions, sessions: sessions.count,
            peers: others.filter { Int($0.rank) < peers.count }.map { measure($0, at: time) })
    }

    private var measuredRole: ServerRole {
        guard case .member = phase, recovery == nil else { return .recovering }
        return switch role {
        case .searching: .searching
        case .following: .following
        case .leading: .leading
        }
    }

    private func isReady(at time: Instant) -> Bool {
        guard case .member = phase, recovery == nil else { return false }
        switch role {
        case .searching: return false
        case .leading(let leading):
            return time.since(max(quorumContact(leading), leading.since)) <= timing.death
        case .following:
            guard let leader, leader != me, Int(leader.rank) < peers.count else { return false }
            return time.since(peers[Int(leader.rank)].lastHeard) <= timing.death
        }
    }

    private func measure(_ peer: NodeID, at time: Instant) -> Figures.Peer {
        let known = peers[Int(peer.rank)]
        let reached = leading?.progress[Int(peer.rank)].match ?? known.commit
        return Figures.Peer(
            id: configuration.members[Int(peer.rank)].id,
            isAlive: known.wasHeard && !known.isSuspected,
            silence: known.wasHeard ? time.since(known.lastHeard) : nil,
            lag: commit.number - min(reached.number, commit.number))
    }
}
