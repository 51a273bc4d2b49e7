package import StateMachine

extension Server {
    /// Where the servers of the cluster listen for clients.
    package var addresses: [ServerAddress] {
        configuration.members.enumerated().filter { rank, _ in
            membership.contains(NodeID(UInt32(rank)))
        }.map { rank, member in
            ServerAddress(
                id: member.id, host: member.host, port: member.port,
                isLeader: leader == NodeID(UInt32(rank)))
        }
    }

    /// What this server is right now.
    package var serverRole: ServerRole {
        guard case .member = phase, recovery == nil else { return .recovering }
        switch role {
        case .searching: return .searching
        case .following: return .following
        case .leading(let leading):
            return now.since(quorumContact(leading)) <= timing.confirmation
                ? .leading : .searching
        }
    }

    /// How this server sees itself and its peers.
    package var status: ServerStatus {
        var peerStatus: [PeerStatus] = []
        for peer in others where Int(peer.rank) < peers.count {
            let known = peers[Int(peer.rank)]
            peerStatus.append(
                PeerStatus(
                    id: configuration.members[Int(peer.rank)].id,
                    isAlive: known.wasHeard && !known.isSuspected,
                    silence: known.wasHeard ? now.since(known.lastHeard) : nil,
                    commit: known.commit))
        }
        return ServerStatus(
            id: configuration.members[Int(me.rank)].id, role: serverRole, epoch: ballot.round,
            commit: commit, applied: applied, last: log.last,
            leader: leader.map { configuration.members[Int($0.rank)].id }, peers: peerStatus)
    }

    /// The guide's monitor asks. It takes the word "leader" anywhere for yes, so that one is
    /// there only when a quorum has confirmed it just now.
    package mutating func answerStatusLine(
        on stream: StreamID, into effects: inout Effects<SyncNet>
    ) {
        guard let leading, case .member = phase else {
            sendStatusLine(isConfirmed: false, on: stream, into: &effects)
            return
        }
        let isUnasked = bugs.contains(.p16StatusUnconfirmed)
        if isUnasked || now.since(quorumContact(leading)) <= timing.confirmation / 2 {
            sendStatusLine(isConfirmed: true, on: stream, into: &effects)
        } else {
            confirm(.statusLine(stream), into: &effects)
        }
    }

    /// A client asks how this server sees itself: a leader that was not confirmed just now
    /// asks a quorum first, or an idle cluster would look as if it had none.
    package mutating func answerStatus(
        request: UInt64?, on stream: StreamID, into effects: inout Effects<SyncNet>
    ) {
        guard let leading, case .member = phase,
            now.since(quorumContact(leading)) > timing.confirmation / 2
        else { return sendStatus(request: request, on: stream, into: &effects) }
        confirm(.status(stream, request: request), into: &effects)
    }

    package mutating func sendStatus(
        request: UInt64?, on stream: StreamID, into effects: inout Effects<SyncNet>
    ) {
        reply(.servers(request: request, addresses, status), on: stream, into: &effects)
    }

    package mutating func sendStatusLine(
        isConfirmed: Bool, on stream: StreamID, into effects: inout Effects<SyncNet>
    ) {
        let word =
            switch (serverRole, isConfirmed) {
            case (_, true): "LEADER"
            case (.recovering, _): "RECOVERING"
            case (.following, _): "FOLLOWER"
            case (.searching, _), (.leading, _): "CANDIDATE"
            }
        let line =
            "\(word) epoch=\(ballot.round.number) commit=\(commit.number) "
            + "applied=\(applied.number)"
        reply(.statusLine(Text(line)), on: stream, into: &effects)
    }
}
