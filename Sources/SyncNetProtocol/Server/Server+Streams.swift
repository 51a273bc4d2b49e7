package import StateMachine

extension Server {
    private static let reconnectDoublingsMax: UInt32 = 4

    /// Opens the stream on which this server sends to a peer, where there is none.
    package mutating func openStream(to peer: NodeID, into effects: inout Effects<SyncNet>) {
        let slot = Int(peer.rank)
        guard case .closed = peers[slot].outgoing, case .member = phase else { return }
        peers[slot].outgoing = .opening
        effects.append(.open(peer))
    }

    /// Looks with whom there are streams, both there and back.
    ///
    /// Heartbeats are datagrams, and fail apart from streams: by a rule of a firewall, an expired
    /// certificate, a process without descriptors. A leader without streams would be answered, and
    /// commit nothing for ever.
    package mutating func lookAtStreams() {
        var missing = quorum - (membership.contains(me) ? 1 : 0)
        for peer in others {
            let slot = Int(peer.rank)
            if isOfUse(peers[slot]) { peers[slot].streamedAt = now }
            // The system takes its time to open one, whatever the death time.
            let patience = max(timing.death, timing.connect) * 2
            let isLate = now.since(peers[slot].streamedAt) > patience
            if !isLate, membership.contains(peer) { missing -= 1 }
        }
        isStreamless = missing > 0 && !bugs.contains(.p47StreamlessLeads)
    }

    /// The same, after what may have made the streams with one peer of use: with a thousand of
    /// them, looking at all whenever one is opened was a fifth of the first minute's work.
    package mutating func lookAtStreams(with peer: NodeID) {
        let slot = Int(peer.rank)
        guard isOfUse(peers[slot]) else { return }
        peers[slot].streamedAt = now
        if isStreamless { lookAtStreams() }
    }

    /// Whether this server could feed a peer, and hear how far it is.
    package func isConnected(with peer: NodeID) -> Bool {
        let known = peers[Int(peer.rank)]
        return known.stream != nil && known.incoming != nil
    }

    /// A process that stands still leaves its streams open, and a disk that does not count yet
    /// commits nothing.
    private func isOfUse(_ peer: Peer) -> Bool {
        peer.stream != nil && peer.incoming != nil && !peer.isSuspected && !peer.isRecovering
    }

    package mutating func opened(
        _ stream: StreamID, to peer: NodeID, into effects: inout Effects<SyncNet>
    ) {
        let slot = Int(peer.rank)
        peers[slot].outgoing = .open(stream)
        peers[slot].openFailures = 0
        lookAtStreams(with: peer)
        if isLeading {
            leading?.progress[slot].restart()
            replicate(to: peer, into: &effects)
        }
        if fed[peer] != nil {
            fed[peer]?.progress.restart()
            feedMore(peer, into: &effects)
        }
        if let following, following.via == peer {
            self.following?.owedEcho = following.owedEcho ?? .zero
            answerAppends(into: &effects)
            waitingMayGo(into: &effects)
        }
    }

    package mutating func openFailed(
        _ peer: NodeID, _ why: OpenFailure, into effects: inout Effects<SyncNet>
    ) {
        let slot = Int(peer.rank)
        peers[slot].outgoing = .closed
        peers[slot].openFailures += 1
        openLater(peer, into: &effects)
        // From now on requests go round it: those that wait before those that come.
        if following?.via == peer { waitingMayGo(into: &effects) }
        if why == .refused { probe(peer, into: &effects) }
    }

    /// Opens again after a pause that doubles. One taken for dead is tried with the heartbeats.
    private func openLater(_ peer: NodeID, into effects: inout Effects<SyncNet>) {
        guard !peers[Int(peer.rank)].isSuspected else { return }
        let doublings = min(peers[Int(peer.rank)].openFailures, Self.reconnectDoublingsMax)
        let pause = timing.reconnect * (1 << UInt64(doublings))
        effects.append(.arm(.reconnect(peer), within: pause...(pause * 2)))
    }

    package mutating func accepted(
        _ stream: StreamID, from node: NodeID, into effects: inout Effects<SyncNet>
    ) {
        if node.rank >= Limits.membersMax {
            acceptedClient(stream, from: node, into: &effects)
            return
        }
        guard node.rank < placeCount, node != me else {
            effects.append(.close(stream))
            return
        }
        // A peer that opens anew has given up its former stream: what still comes on that
        // one is of the past.
        if let former = peers[Int(node.rank)].incoming {
            note(.streamReplaced, into: &effects)
            effects.append(.close(former))
        }
        peers[Int(node.rank)].incoming = stream
        lookAtStreams(with: node)
        if following?.via == node { answersMayBeLost(into: &effects) }
        // Who reaches this server can likely be reached, and a clock that stands still would
        // never say that it is time to try.
        openStream(to: node, into: &effects)
    }

    package mutating func closed(_ stream: StreamID, into effects: inout Effects<SyncNet>) {
        for peer in others {
            let slot = Int(peer.rank)
            if peers[slot].stream == stream {
                peers[slot].outgoing = .closed
                brokeStream(to: peer, into: &effects)
                return
            }
            if peers[slot].incoming == stream {
                peers[slot].incoming = nil
                guard case .member = phase else { return }
                // The answers to what this server relayed came on it.
                if following?.via == peer { relaysBroke(into: &effects) }
                probe(peer, into: &effects)
                return
            }
        }
        closedClient(stream, into: &effects)
    }

    private mutating func brokeStream(to peer: NodeID, into effects: inout Effects<SyncNet>) {
        leading?.progress[Int(peer.rank)].restart()
        fed[peer]?.progress.restart()
        if following?.via == peer { relaysBroke(into: &effects) }
        openLater(peer, into: &effects)
        probe(peer, into: &effects)
    }

    /// A datagram arrived.
    package mutating func received(
        _ message: Message, from peer: NodeID, into effects: inout Effects<SyncNet>
    ) {
        guard peer.rank < placeCount, peer != me else {
            receivedFromStranger(message, from: peer, into: &effects)
            return
        }
        guard message.body.round.number <= Limits.roundMax else {
            return drop(.round, into: &effects)
        }
        if case .introduction(let introduction) = message.body {
            received(introduction, from: peer, into: &effects)
            return
        }
        guard case .member = phase else { return }
        switch message.body {
        case .heartbeat(let heartbeat): received(heartbeat, from: peer, into: &effects)
        case .heartbeatAnswer(let answer): received(answer, from: peer, into: &effects)
        default:
            guard !peers[Int(peer.rank)].isForeign else {
                drop(.otherCluster, into: &effects)
                return
            }
            receivedElection(message.body, from: peer, into: &effects)
        }
    }

    private mutating func receivedElection(
        _ body: Body, from peer: NodeID, into effects: inout Effects<SyncNet>
    ) {
        switch body {
        case .token(let token): received(token, from: peer, into: &effects)
        case .elected(let elected): received(elected, from: peer, into: &effects)
        case .tokenTaken(let taken):
            answered(peer, into: &effects)
            peers[Int(peer.rank)].passedOverUntil = .zero
            tokens.taken(taken, by: peer)
        case .roundOver(let round): roundOver(round, into: &effects)
        case .leaderLives(let epoch, let leader):
            leaderLives(epoch, leader: leader, from: peer, into: &effects)
        default: drop(.misplaced, into: &effects)
        }
    }

    /// A message arrived on a stream.
    package mutating func received(
        _ message: Message, on stream: StreamID, into effects: inout Effects<SyncNet>
    ) {
        if case .request(let request) = message.body {
            received(request, stamp: message.stamp, on: stream, into: &effects)
            return
        }
        guard let peer = others.first(where: { peers[Int($0.rank)].incoming == stream }),
            case .member = phase
        else {
            drop(.misplaced, into: &effects)
            return
        }
        guard message.body.round.number <= Limits.roundMax else {
            return drop(.round, into: &effects)
        }
        switch message.body {
        case .append(let append): received(append, from: peer, into: &effects)
        case .appendAnswer(let answer): received(answer, from: peer, into: &effects)
        case .relay(let id, let request):
            takeRelay(request, id: id, from: .peer(peer), into: &effects)
        case .relayAnswer(let id, let answer): relayAnswered(id, answer, into: &effects)
        default: drop(.misplaced, into: &effects)
        }
    }
}
