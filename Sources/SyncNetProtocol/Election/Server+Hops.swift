package import StateMachine

extension Server {
    /// The next neighbour after a node.
    private func neighbour(after node: NodeID, origin: NodeID) -> NodeID? {
        if bugs.contains(.e5NeighbourNotRecomputed) {
            let next = NodeID((node.rank + 1) % UInt32(memberCount))
            return next == me ? nil : next
        }
        if bugs.contains(.l5RingByText) {
            return neighbourByText(after: node, stop: origin == me ? nil : origin)
        }
        return Ring.next(
            after: node, me: me, stop: origin == me ? nil : origin, members: memberCount
        ) { !peers[Int($0.rank)].isSuspected && !peers[Int($0.rank)].isUnhearing }
    }

    /// Planted bug L5: sorts the members by the text of their ids, and takes a rank for a place
    /// among them.
    private func neighbourByText(after node: NodeID, stop: NodeID?) -> NodeID? {
        let sorted = configuration.members.indices.sorted {
            configuration.members[$0].id < configuration.members[$1].id
        }
        for step in 1...memberCount {
            let next = NodeID(UInt32(sorted[(Int(node.rank) + step) % memberCount]))
            if next == me { continue }
            if !peers[Int(next.rank)].isSuspected || next == stop { return next }
        }
        return nil
    }

    /// Whether a quorum, this server included, seems to hear it. Peers are believed to until
    /// they left a probe unanswered.
    ///
    /// One that is not heard by a quorum takes no tokens: it could bring them only past
    /// servers that live, home without a quorum or swallowed for nothing, and would end every
    /// election of those that hear each other. Its neighbour passes it over.
    package var isHeardByQuorum: Bool {
        let hearing = others.count { peer in
            let known = peers[Int(peer.rank)]
            return !known.isSuspected && !known.isUnhearing && mayCount(peer)
        }
        return hearing + 1 >= quorum
    }

    /// Whether a peer's disk counts, as far as this server can know. One that was emptied hears
    /// all, and takes no token either. Where it has applied more than this server, it may have
    /// been admitted by that.
    private func mayCount(_ peer: NodeID) -> Bool {
        let known = peers[Int(peer.rank)]
        guard let disk = known.disk, disk != disks[peer] else { return true }
        return known.commit > applied
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
                probe(hop.target, into: &effects)
                guard hop.target != hop.origin, !bugs.contains(.e5NeighbourNotRecomputed),
                    let next = neighbour(after: hop.target, origin: hop.origin)
                else {
                    note(.tokenFoundNoTaker, into: &effects)
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
}
