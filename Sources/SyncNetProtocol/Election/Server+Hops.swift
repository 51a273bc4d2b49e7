package import StateMachine

extension Server {
    /// The next neighbour after a node.
    private func neighbour(after node: NodeID, origin: NodeID) -> NodeID? {
        if bugs.contains(.e5NeighbourNotRecomputed) {
            let next = NodeID((node.rank + 1) % UInt32(memberCount))
            return next == me ? nil : next
        }
        return Ring.next(
            after: node, me: me, stop: origin == me ? nil : origin, members: memberCount
        ) { !peers[Int($0.rank)].isSuspected && !peers[Int($0.rank)].isUnhearing }
    }

    /// Whether to take a token of another server.
    ///
    /// Where every server that lives between this one and the origin seems not to hear this
    /// one, either they are deaf, and the token has to go straight home, or this one is not
    /// heard by anybody, and has to be passed over. Nobody here can tell which: so every other
    /// token is taken, by a bit of its serial that differs from server to server.
    package func takes(origin: NodeID, serial: TokenSerial) -> Bool {
        guard origin != me, isCutFromNext(before: origin) else { return true }
        let mixed = serial.number &* 0x9E37_79B9_7F4A_7C15
        return (mixed &>> (UInt64(me.rank) % 61)) & 1 == 0
    }

    /// Whether live servers follow this one on the ring before the origin, and none of them
    /// hears it.
    private func isCutFromNext(before origin: NodeID) -> Bool {
        var isCut = false
        var rank = me.rank
        while true {
            rank = (rank + 1) % UInt32(memberCount)
            if rank == origin.rank || rank == me.rank { return isCut }
            let peer = peers[Int(rank)]
            if peer.isSuspected { continue }
            guard peer.isUnhearing else { return false }
            isCut = true
        }
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
                probe(hop.target, into: &effects)
                guard hop.target != hop.origin, !bugs.contains(.e5NeighbourNotRecomputed),
                    let next = neighbour(after: hop.target, origin: hop.origin)
                else { continue }
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
