package import StateMachine

/// A token on its way to a neighbour that has not taken it yet.
package struct Hop: Equatable, Sendable {
    package var body: Body
    package var lap: Lap
    package var origin: NodeID
    package var serial: TokenSerial
    package var target: NodeID
    package var tries: UInt32
}

/// Bookkeeping of tokens: which were seen, which are on their way to a neighbour.
package struct Tokens: Equatable, Sendable {
    /// The newest token of each origin that was seen, per lap.
    private var seen: [NodeMap<TokenSerial>] = [NodeMap(), NodeMap()]
    /// Tokens that no neighbour has taken yet.
    package var hops: [Hop] = []
    /// The number of the next token of this server's own.
    private var issued: UInt64 = 0

    package init() {}

    /// Notes a token. Returns false where it, or a newer one of its origin, was seen before.
    package mutating func isNew(_ lap: Lap, origin: NodeID, serial: TokenSerial) -> Bool {
        let slot = Int(lap.rawValue)
        if let newest = seen[slot][origin], serial <= newest { return false }
        seen[slot][origin] = serial
        return true
    }

    /// Forgets what was seen of an origin, whose numbers begin anew.
    package mutating func forget(_ origin: NodeID) {
        for slot in seen.indices { seen[slot][origin] = nil }
    }

    /// Whether a token is the newest one seen of its origin.
    package func isNewest(_ lap: Lap, origin: NodeID, serial: TokenSerial) -> Bool {
        seen[Int(lap.rawValue)][origin] == serial
    }

    /// The serial of this server's next token.
    package mutating func serial(boot: Boot) -> TokenSerial {
        issued += 1
        return TokenSerial(boot: boot, number: issued)
    }

    /// Notes that a neighbour took a token.
    package mutating func taken(_ taken: TokenTaken, by node: NodeID) {
        hops.removeAll {
            $0.lap == taken.lap && $0.origin == taken.origin && $0.serial == taken.serial
                && $0.target == node
        }
    }

    /// Notes that a token is on its way; an older one of its origin and lap gives way.
    package mutating func start(_ hop: Hop) {
        hops.removeAll { $0.lap == hop.lap && $0.origin == hop.origin }
        hops.append(hop)
    }
}
