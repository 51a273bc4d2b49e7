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

    /// The list of servers, for whoever asks.
    package func servers(
        request: UInt64?, _ status: ServerStatus? = nil
    ) -> ClientReply {
        // A formation that is not durable yet may never have been.
        var cluster: ClusterID?
        if case .member = phase { cluster = formation?.cluster }
        return .servers(request: request, addresses, status, cluster: cluster)
    }

    /// What this server is right now. It leads only where a quorum has just confirmed that.
    private func serverRole(isConfirmed: Bool) -> ServerRole {
        guard case .member = phase, recovery == nil else { return .recovering }
        if isLeading { return isConfirmed ? .leading : .searching }
        return following != nil ? .following : .searching
    }

    /// How this server sees itself and its peers, where no quorum has confirmed it.
    package var status: ServerStatus { status(isConfirmed: false) }

    /// How this server sees itself and its peers.
    private func status(isConfirmed: Bool) -> ServerStatus {
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
            id: configuration.members[Int(me.rank)].id,
            role: serverRole(isConfirmed: isConfirmed), epoch: ballot.round, commit: commit,
            applied: applied, last: log.last,
            leader: leader.map { configuration.members[Int($0.rank)].id }, peers: peerStatus)
    }

    /// The guide's monitor asks. It takes the word "leader" anywhere for yes, so that one is
    /// there only when a quorum has confirmed it since the question came.
    package mutating func answerStatusLine(
        on stream: StreamID, into effects: inout Effects<SyncNet>
    ) {
        if bugs.contains(.p16StatusUnconfirmed), isLeading, case .member = phase {
            sendStatusLine(isConfirmed: true, on: stream, into: &effects)
        } else if mayConfirmStatus {
            confirm(.statusLine(stream), into: &effects)
        } else {
            sendStatusLine(isConfirmed: false, on: stream, into: &effects)
        }
    }

    /// A client asks how this server sees itself.
    package mutating func answerStatus(
        request: UInt64?, on stream: StreamID, into effects: inout Effects<SyncNet>
    ) {
        if mayConfirmStatus {
            confirm(.status(stream, request: request), into: &effects)
        } else {
            sendStatus(isConfirmed: false, request: request, on: stream, into: &effects)
        }
    }

    /// Whether a quorum is asked. What it answered before is no news: a clock that stood still,
    /// as that of a machine that slept, takes an old answer for one of this moment.
    private var mayConfirmStatus: Bool {
        guard let count = leading?.reads.count, case .member = phase else { return false }
        return count < limits.waiting
    }

    package mutating func sendStatus(
        isConfirmed: Bool, request: UInt64?, on stream: StreamID,
        into effects: inout Effects<SyncNet>
    ) {
        let status = status(isConfirmed: isConfirmed)
        reply(servers(request: request, status), on: stream, into: &effects)
    }

    package mutating func sendStatusLine(
        isConfirmed: Bool, on stream: StreamID, into effects: inout Effects<SyncNet>
    ) {
        let word =
            switch serverRole(isConfirmed: isConfirmed) {
            case .leading: "LEADER"
            case .recovering: "RECOVERING"
            case .following: "FOLLOWER"
            case .searching: "CANDIDATE"
            }
        let line =
            "\(word) epoch=\(ballot.round.number) commit=\(commit.number) "
            + "applied=\(applied.number)"
        reply(.statusLine(Text(line)), on: stream, into: &effects)
    }
}
