package import StateMachine

extension Server {
    /// So often tokens come home without a quorum before everybody is asked for a vote directly.
    ///
    /// The ring does not get round where a server that a quorum hears can't reach all those
    /// that its neighbours reach: it passes them over.
    private static let shortCircuitsMost: UInt64 = 3

    /// For how many of them a second lap counts that brought too few votes.
    private static let lostLapWeight: UInt64 = 2

    /// So many tokens of a server's own stay without result before some are given to all.
    ///
    /// One may end at a server that hears the leader and can't reach the token's origin, while
    /// another one could serve it and stands where the ring does not get.
    private static let fruitlessMost: UInt64 = 3

    /// What this server's log is, durably, for LCR's comparison.
    package var identifier: CandidateID {
        CandidateID(epoch: log.epoch(at: log.durable) ?? .zero, index: log.durable, node: me)
    }

    /// Whether its own disk does not answer, so that it can neither vote nor compare.
    package var diskHangs: Bool { writes.waiting(at: now) > timing.confirmation }

    /// Looks for a leader by a token of its own.
    package mutating func startElection(into effects: inout Effects<SyncNet>) {
        let hadLeader = leader != nil
        endRole(into: &effects)
        var next = Search(isWaiting: !isElector)
        if let search, !hadLeader {
            next = search
            next.isWaiting = !isElector
        }
        next.candidacy = next.candidacy ?? keptCandidacy
        role = .searching(next)
        effects.append(.cancel(.discovery))
        effects.append(.note(.searching(highestRound.next)))
        report(.electing(highestRound.next), into: &effects)
        if hadLeader { leaderChanged(into: &effects) }
        guard isElector else {
            effects.append(.arm(.discovery, within: timing.discovery...timing.discovery))
            return
        }
        sendOwnToken(round: max(highestRound, ballot.round).next, into: &effects)
        armTokenRetry(times: 1, into: &effects)
    }

    package mutating func armTokenRetry(times: UInt64, into effects: inout Effects<SyncNet>) {
        var shortest = min(timing.tokenRetry * times, timing.election / 2)
        if faultPoints.hits(.earlyTimeouts) { shortest = shortest / 4 }
        effects.append(.arm(.tokenRetry, within: shortest...(shortest * 2)))
    }

    /// Sends a token of its own for the first lap; to all who live, if so wanted.
    private mutating func sendOwnToken(
        round: Epoch, toAll: Bool = false, into effects: inout Effects<SyncNet>
    ) {
        guard search != nil else { return }
        // Others that have streams are to lead.
        guard !standsBack else { return askToBeServed(into: &effects) }
        // Once asked in a higher round, by a token that it swallowed, a server asks in that one
        // again: a token that comes home in a lower round would mean nothing to it.
        let round = max(search?.ownRound ?? .zero, round)
        search?.ownRound = round
        search?.isAskingAll = toAll
        let token = Token(
            round: round, candidate: identifier, serial: tokens.serial(disk: disk, boot: boot),
            passed: 1)
        effects.append(.note(.tokenSent(.first, round)))
        if isAlone {
            cameHome(token, into: &effects)
            return
        }
        // Those that are taken for dead may be back: a heartbeat finds out.
        for peer in others
        where peers[Int(peer.rank)].isSuspected || peers[Int(peer.rank)].isUnhearing {
            sendHeartbeat(to: peer, wantsAnswer: true, into: &effects)
        }
        pass(
            .token(token), .first, origin: me, serial: token.serial, into: &effects)
        guard toAll else { return }
        note(.tokenGivenToAll, into: &effects)
        let next = tokens.target(of: token.serial)
        for peer in others where peer != next && !peers[Int(peer.rank)].isSuspected {
            datagram(.token(token), to: peer, into: &effects)
        }
    }

    /// Whoever sends no token meets nobody who would serve it: so it asks those with whom it has
    /// streams.
    private mutating func askToBeServed(into effects: inout Effects<SyncNet>) {
        var connected: [NodeID] = []
        for peer in others where isConnected(with: peer) { connected.append(peer) }
        // Who was asked before and fed nothing is asked where there is nobody else.
        let moment = now
        let fresh = connected.filter { peers[Int($0.rank)].passedOverUntil <= moment }
        for peer in fresh.isEmpty ? connected : fresh {
            note(.streamlessAsked, into: &effects)
            introduce(to: peer, wantsAnswer: true, into: &effects)
        }
    }

    package mutating func tokenRetryFired(into effects: inout Effects<SyncNet>) {
        guard let search, isElector else { return }
        if bugs.contains(.e8TokenNotSentAgain), search.attempts > 0 { return }
        let attempts = search.attempts + 1
        self.search?.attempts = attempts
        self.search?.isWaiting = false
        if let candidacy = search.candidacy {
            // A higher round was adopted meanwhile, before its own vote was durable: nobody was
            // asked in the one that it stood in, and nobody will be.
            let isOver = ballot != Ballot(round: candidacy.round, vote: me)
            if candidacy.tries < 3 && !isOver || bugs.contains(.e12CandidacyNotCleared) {
                sendElected(into: &effects)
                armTokenRetry(times: 2, into: &effects)
                return
            }
            self.search?.candidacy = nil
            note(.candidacyFailed, into: &effects)
            if candidacy.isDirect, !isOver { noteVoteless(candidacy, into: &effects) }
            // A lap that nobody brings home ends at somebody who took it, and is not passed over;
            // one that somebody refused may not have got to all who would vote. Two of them tell
            // as much as that many tokens.
            if !candidacy.isDirect, !candidacy.wasShort, !isOver {
                self.search?.shortCircuits += Self.lostLapWeight
            }
        }
        guard !standsBack else {
            askToBeServed(into: &effects)
            return armTokenRetry(times: 4, into: &effects)
        }
        let round = max(highestRound, ballot.round).next
        let isFruitless = attempts > Self.fruitlessMost && attempts % 2 == 0
        if search.shortCircuits > Self.shortCircuitsMost, isFruitless, isHeardByQuorum {
            self.search?.ownRound = round
            beCandidate(in: round, isDirect: true, into: &effects)
        } else {
            sendOwnToken(round: round, toAll: isFruitless, into: &effects)
        }
        armTokenRetry(times: 1 << min(attempts, 6), into: &effects)
    }

    /// Who was asked directly, so often, and answered neither yes nor no counts for nothing now: it
    /// hears nothing, or is a server of the former version that recovers and can't say so. With
    /// too few others this server takes no tokens, which others bring home past it.
    private mutating func noteVoteless(
        _ candidacy: Candidacy, into effects: inout Effects<SyncNet>
    ) {
        for peer in otherMembers where !candidacy.answered.contains(peer) {
            note(.votelessPeer, into: &effects)
            peers[Int(peer.rank)].votelessUntil = now + timing.election * 2
        }
    }

    /// A token of the first lap arrived.
    package mutating func received(
        _ token: Token, from peer: NodeID, into effects: inout Effects<SyncNet>
    ) {
        let origin = token.candidate.node
        guard origin.rank < placeCount else {
            drop(.contradictory, into: &effects)
            return
        }
        // One that recovers counts for nothing: where it hears and is not heard, a token
        // that it took would never get to those that count.
        guard origin == me || takesTokens else {
            note(.tokenNotTaken, into: &effects)
            return
        }
        let taken = TokenTaken(lap: .first, origin: origin, serial: token.serial)
        datagram(.tokenTaken(taken), to: peer, into: &effects)
        if origin == me {
            if token.serial.isFrom(disk, boot) {
                cameHome(token, into: &effects)
            } else {
                note(.tokenOfFormerStartCameHome, into: &effects)
            }
            return
        }
        guard tokens.isNew(.first, origin: origin, serial: token.serial) else {
            note(.tokenCameAgain, into: &effects)
            return
        }
        weigh(token, from: peer, into: &effects)
    }

    /// Decides what becomes of another server's token (Chang & Roberts 1979).
    package mutating func weigh(
        _ token: Token, from peer: NodeID, into effects: inout Effects<SyncNet>
    ) {
        let origin = token.candidate.node
        if token.round <= ballot.round {
            note(.roundWasOver, into: &effects)
            datagram(.roundOver(ballot.round), to: origin, into: &effects)
            return
        }
        // Who has no stream to feed the origin leaves that to others, the leader as well.
        let mayFeed = isConnected(with: origin)
        if let epoch = leading?.epoch {
            guard mayFeed else {
                note(.tokenLeftToFeeder, into: &effects)
                return forward(token, counting: false, into: &effects)
            }
            effects.append(.note(.tokenKept(origin: origin)))
            note(.tokenMetLiveLeader, into: &effects)
            offer(epoch, to: origin, into: &effects)
            return
        }
        if hearsLiveLeader, let following {
            if mayFeed {
                keep(token, from: peer, leader: following.leader, into: &effects)
            } else {
                note(.tokenLeftToFeeder, into: &effects)
                probe(following.leader, into: &effects)
                datagram(
                    .leaderLives(following.epoch, leader: following.leader), to: origin,
                    into: &effects)
                forward(token, counting: false, into: &effects)
            }
            return
        }
        if recovery != nil || diskHangs {
            note(.tokenPassedUncompared, into: &effects)
            forward(token, counting: false, into: &effects)
            return
        }
        if isLarger(token.candidate) || faultPoints.rarelyHits(.uncomparedTokens) {
            forward(token, counting: true, into: &effects)
            // A larger identifier is on its way: give it time.
            if search?.isWaiting == false { armTokenRetry(times: 2, into: &effects) }
            return
        }
        if isServedThroughPeer || !stands {
            // Who is no member stands for nothing. Whoever serves this server can serve the
            // origin too, which may not reach it.
            forward(token, counting: false, into: &effects)
            return
        }
        if standsBack {
            // It does not stand itself, and votes for others.
            note(.streamlessPassedToken, into: &effects)
            forward(token, counting: true, into: &effects)
            return
        }
        swallow(token, into: &effects)
    }

    /// This server leads, and somebody does not know that. It may hear streams alone, and have lost
    /// what it was to answer.
    package mutating func offer(
        _ epoch: Epoch, to peer: NodeID, into effects: inout Effects<SyncNet>
    ) {
        datagram(.leaderLives(epoch, leader: me), to: peer, into: &effects)
        guard let progress = leading?.progress[Int(peer.rank)], !progress.isFetching else { return }
        if isClockStill || now.since(progress.sentAt) >= progress.patience(timing) {
            leading?.progress[Int(peer.rank)].restart()
            leading?.progress[Int(peer.rank)].nudges += 1
        }
        replicate(to: peer, into: &effects)
    }

    /// Whether an identifier is larger than this server's own.
    private func isLarger(_ candidate: CandidateID) -> Bool {
        let own = identifier
        guard bugs.contains(.p20LongerLogWins), candidate.index != own.index else {
            return candidate > own
        }
        return candidate.index > own.index
    }

    private mutating func swallow(_ token: Token, into effects: inout Effects<SyncNet>) {
        if bugs.contains(.e1SmallerTokensForwarded) {
            forward(token, counting: true, into: &effects)
        }
        effects.append(.note(.tokenSwallowed(origin: token.candidate.node)))
        if following != nil {
            note(.followerTookToken, into: &effects)
            lostLeader(into: &effects)
        }
        guard let search, search.ownRound < token.round else { return }
        self.search?.isWaiting = false
        effects.append(.cancel(.discovery))
        sendOwnToken(round: token.round, into: &effects)
        armTokenRetry(times: 1, into: &effects)
    }

    private mutating func forward(
        _ token: Token, counting: Bool, into effects: inout Effects<SyncNet>
    ) {
        var token = token
        if counting, token.passed < .max { token.passed += 1 }
        let origin = token.candidate.node
        effects.append(.note(.tokenForwarded(.first, origin: origin)))
        pass(.token(token), .first, origin: origin, serial: token.serial, into: &effects)
    }

    private mutating func keep(
        _ token: Token, from peer: NodeID, leader: NodeID, into effects: inout Effects<SyncNet>
    ) {
        effects.append(.note(.tokenKept(origin: token.candidate.node)))
        note(.tokenMetLiveLeader, into: &effects)
        following?.kept.removeAll { $0.token.candidate.node == token.candidate.node }
        following?.kept.append(KeptToken(token: token, from: peer))
        probe(leader, into: &effects)
    }

    /// The leader lives, though a token's origin can't hear it: serve the origin in its place.
    package mutating func serve(_ origin: NodeID, into effects: inout Effects<SyncNet>) {
        guard let following else { return }
        datagram(
            .leaderLives(following.epoch, leader: following.leader), to: origin, into: &effects)
        if origin != following.leader { feed(origin, into: &effects) }
    }

    /// This server's own token went round.
    private mutating func cameHome(_ token: Token, into effects: inout Effects<SyncNet>) {
        effects.append(.note(.tokenHome(.first, passed: Int(token.passed))))
        guard let search, search.candidacy == nil, token.round > ballot.round,
            token.round == search.ownRound, !bugs.contains(.e2OwnTokenNotRecognised)
        else { return }
        guard Int(token.passed) >= quorum || bugs.contains(.e10NoQuorumOfVoters) else {
            note(.tokenHomeWithoutQuorum, into: &effects)
            // The last to whom it was given may have brought it home at once.
            if !search.isAskingAll { self.search?.shortCircuits += 1 }
            return
        }
        guard isHeardByQuorum && !standsBack || bugs.contains(.e10NoQuorumOfVoters) else {
            // The ring gets round to those that don't hear this server. It would lead nobody.
            note(.candidateUnheard, into: &effects)
            return
        }
        beCandidate(in: token.round, isDirect: false, into: &effects)
        armTokenRetry(times: 4, into: &effects)
        if bugs.contains(.e3NoSecondLap) { lead(token.round, into: &effects) }
    }

    private mutating func beCandidate(
        in round: Epoch, isDirect: Bool, into effects: inout Effects<SyncNet>
    ) {
        var candidacy = Candidacy(round: round, candidate: identifier)
        candidacy.isDirect = isDirect
        search?.candidacy = candidacy
        if bugs.contains(.e12CandidacyNotCleared) { keptCandidacy = candidacy }
        effects.append(.note(.voteIssued(round, for: me)))
        promise(Ballot(round: round, vote: me), into: &effects)
    }

    /// A peer says that the round of this server's token is over.
    package mutating func roundOver(_ round: Epoch, into effects: inout Effects<SyncNet>) {
        let isNews = round > ballot.round
        adopt(round, into: &effects)
        guard isNews, search?.isWaiting == false else { return }
        search?.candidacy = nil
        armTokenRetry(times: 1, into: &effects)
    }

    /// A peer says that a leader lives, and serves this server in its place.
    package mutating func leaderLives(
        _ epoch: Epoch, leader: NodeID, from peer: NodeID, into effects: inout Effects<SyncNet>
    ) {
        guard leader != me, leader.rank < placeCount, epoch >= ballot.round, search != nil
        else { return }
        if peer == leader {
            heardLeader(leader, epoch, into: &effects)
        } else if !isConnected(with: peer) {
            // It can't serve, and yet there is a leader: asking all for their votes, past the ring,
            // would end its epoch for nothing.
            note(.toldOfLeaderInVain, into: &effects)
            search?.shortCircuits = 0
        } else {
            adopt(epoch, into: &effects)
            note(.servedThroughPeer, into: &effects)
            follow(leader, epoch, via: peer, into: &effects)
        }
    }
}
