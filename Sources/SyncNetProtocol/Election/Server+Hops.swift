package import StateMachine

extension Server {
    /// The next neighbour after a node.
    private func neighbour(after node: NodeID, origin: NodeID) -> NodeID? {
        if bugs.contains(.e5NeighbourNotRecomputed) {
            let next = NodeID((node.rank + 1) % UInt32(placeCount))
            return next == me ? nil : next
        }
        if bugs.contains(.l5RingByText) {
            return neighbourByText(after: node, stop: origin == me ? nil : origin)
        }
        // One that lives and takes no tokens costs every token its tries, which together take
        // longer than it is to the next token.
        return next(after: node, origin: origin) { $0.passedOverUntil <= now }
            ?? next(after: node, origin: origin) { _ in true }
    }

    private func next(
        after node: NodeID, origin: NodeID, where isWanted: (Peer) -> Bool
    ) -> NodeID? {
        Ring.next(
            after: node, me: me, stop: origin == me ? nil : origin, members: placeCount
        ) {
            let peer = peers[Int($0.rank)]
            return membership.contains($0) && !peer.isSuspected && !peer.isUnhearing
                && isWanted(peer)
        }
    }

    /// How long a token may take round the ring.
    private var circuit: Interval {
        timing.hop * UInt64(timing.hopTries) * UInt64(membership.count)
    }

    /// Planted bug L5: sorts the members by the text of their ids, and takes a rank for a place
    /// among them.
    private func neighbourByText(after node: NodeID, stop: NodeID?) -> NodeID? {
        let sorted = configuration.members.indices.sorted {
            configuration.members[$0].id < configuration.members[$1].id
        }
        for step in 1...placeCount {
            let next = NodeID(UInt32(sorted[(Int(node.rank) + step) % placeCount]))
            if next == me { continue }
            if !peers[Int(next.rank)].isSuspected || next == stop { return next }
        }
        return nil
    }

    /// Whether a quorum of those that count, this server included, seems to hear it. Peers are
    /// believed to until they left a probe unanswered, or said that they don't count.
    ///
    /// One that is not heard by a quorum takes no tokens: it could bring them only past
    /// servers that live, home without a quorum or swallowed for nothing, and would end every
    /// election of those that hear each other. Its neighbour passes it over.
    ///
    /// One that is no member stands for nothing: who sends it a token knows that it is one, from a
    /// part of the log that it lacks.
    ///
    /// One at which a token ended whose origin it can't reach, though others can, takes none for
    /// a while either: they would all end here.
    package var takesTokens: Bool {
        guard recovery == nil, isHeardByQuorum || !stands else { return false }
        // Who knows a leader tells of it.
        return tokens.deadEndUntil <= now || leading != nil || hearsLiveLeader
    }

    /// Whether a quorum of members seems to hear it. Every token asks, so it looks no further than
    /// to the last one that it takes.
    package var isHeardByQuorum: Bool {
        var missing = quorum - (membership.contains(me) ? 1 : 0)
        for slot in peers.indices {
            if missing <= 0 { break }
            if mayVote(slot), isOtherMember(slot) { missing -= 1 }
        }
        return missing <= 0
    }

    /// Whether a peer, as far as is known, hears this server and has a vote.
    private func mayVote(_ slot: Int) -> Bool {
        !peers[slot].isSuspected && !peers[slot].isUnhearing && !peers[slot].isRecovering
            && peers[slot].votelessUntil <= now
    }

    /// Passes a token to the next neighbour, and on until one takes it.
    package mutating func pass(
        _ body: Body, _ lap: Lap, origin: NodeID, serial: TokenSerial,
        into effects: inout Effects<SyncNet>
    ) {
        guard let next = neighbour(after: me, origin: origin) else { return }
        let isIdle = !tokens.hops.contains { $0.lap == lap }
        tokens.start(
            Hop(body: body, lap: lap, origin: origin, serial: serial, target: next, tries: 1))
        datagram(body, to: next, into: &effects)
        if faultPoints.hits(.doubledTokens) { datagram(body, to: next, into: &effects) }
        if isIdle { effects.append(.arm(.hop(lap), within: timing.hop...timing.hop)) }
    }

    /// No neighbour acknowledged in time: send again, or pass it over.
    package mutating func hopTimeFired(_ lap: Lap, into effects: inout Effects<SyncNet>) {
        var kept: [Hop] = []
        for var hop in tokens.hops {
            guard hop.lap == lap else {
                kept.append(hop)
                continue
            }
            if hop.tries >= timing.hopTries {
                effects.append(.note(.neighbourPassedOver(hop.target)))
                note(.tokenMetDeadNeighbour, into: &effects)
                let until = now + circuit
                peers[Int(hop.target.rank)].passedOverUntil = until
                probe(hop.target, into: &effects)
                guard hop.target != hop.origin, !bugs.contains(.e5NeighbourNotRecomputed),
                    let next = neighbour(after: hop.target, origin: hop.origin)
                else {
                    note(.tokenFoundNoTaker, into: &effects)
                    if lap == .first { foundNoTaker(of: hop, into: &effects) }
                    continue
                }
                hop.target = next
                hop.tries = 0
            }
            hop.tries += 1
            datagram(hop.body, to: hop.target, into: &effects)
            kept.append(hop)
        }
        tokens.hops = kept
        if kept.contains(where: { $0.lap == lap }) {
            effects.append(.arm(.hop(lap), within: timing.hop...timing.hop))
        }
    }

    /// A token of the first lap ends here. A server that died with its token on the way is not
    /// suspected yet.
    private mutating func foundNoTaker(of hop: Hop, into effects: inout Effects<SyncNet>) {
        if hop.origin == me { search?.shortCircuits += 1 }
        let origin = peers[Int(hop.origin.rank)]
        guard hop.origin != me, origin.isSuspected || origin.isUnhearing,
            !bugs.contains(.e5NeighbourNotRecomputed)
        else { return }
        note(.tokenMetDeadEnd, into: &effects)
        // As long as it takes, at most, until the origin tries again.
        tokens.deadEndUntil = now + timing.election
    }
}
