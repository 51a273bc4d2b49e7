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
    /// So many disks of an origin are remembered. Tokens of all others are long gone.
    private static let disksMost = 4

    /// The newest token that was seen of each origin, per lap: of its last disks one each, the
    /// latest last. One of a former disk may come after those of the next.
    private var seen: [NodeMap<[TokenSerial]>] = [NodeMap(), NodeMap()]
    /// Tokens that no neighbour has taken yet.
    package var hops: [Hop] = []
    /// Until when this server takes no tokens, since one ended here that others can bring home.
    package var deadEndUntil = Instant.zero
    /// The number of the next token of this server's own.
    private var issued: UInt64 = 0

    package init() {}

    /// Notes a token. Returns false where it, or a newer one of its origin's disk, was seen
    /// before.
    package mutating func isNew(_ lap: Lap, origin: NodeID, serial: TokenSerial) -> Bool {
        let slot = Int(lap.rawValue)
        var newest = seen[slot][origin] ?? []
        if let place = newest.firstIndex(where: { $0.mark == serial.mark }) {
            guard serial > newest[place] else { return false }
            newest.remove(at: place)
        } else if newest.count == Self.disksMost {
            newest.removeFirst()
        }
        newest.append(serial)
        seen[slot][origin] = newest
        return true
    }

    /// The serial of this server's next token.
    package mutating func serial(disk: DiskID, boot: Boot) -> TokenSerial {
        issued += 1
        return TokenSerial(disk: disk, boot: boot, count: issued)
    }

    /// To whom a token is on its way.
    package func target(of serial: TokenSerial) -> NodeID? {
        hops.first { $0.serial == serial }?.target
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
