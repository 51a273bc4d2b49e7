import StateMachine
import SyncNetProtocol

/// Lamport's condition at each node: what it sends has a larger stamp than all that it sent
/// and received before, also across restarts. Together that is "happened-before implies a
/// smaller stamp" for the whole system.
struct LamportJudge {
    private struct Clock {
        /// The largest stamp that was sent or received.
        var floor: UInt64 = 0
        /// The largest stamp that was sent: what a restart must not fall behind. What a
        /// crashed node had received and never spoke of left no trace.
        var sent: UInt64 = 0
        /// The largest stamp that arrived and may still wait for the clock's ceiling: until
        /// that is durable the message counts as on its way.
        var waiting: UInt64 = 0
    }

    /// What becomes of a message that arrives.
    enum Reception {
        case taken
        /// It waits until the clock's ceiling is higher.
        case parked
        /// Its stamp can't be believed.
        case refused
    }

    /// A server takes a message only where the durable ceiling leaves so many stamps to use.
    private static let headroom = Limits().stampHeadroom
    /// No honest client is further ahead. What comes of such a leap is not demanded: how many
    /// there were before, and how its server counts the time, decide about it.
    private static let honestLeap: UInt64 = 1 << 24

    private var servers: [Clock]
    private var clients: [Clock] = []

    init(servers: Int) { self.servers = Array(repeating: Clock(), count: servers) }

    /// A server goes on from what it had said; a client that starts is somebody new.
    mutating func started(_ node: NodeID) {
        let isServer = Int(node.rank) < servers.count
        with(node) { clock in
            clock.sent = isServer ? clock.sent : 0
            clock.floor = clock.sent
            clock.waiting = 0
        }
    }

    /// A server begins anew with an empty disk: its clock does, too.
    mutating func emptied(_ node: NodeID) { with(node) { $0 = Clock() } }

    @inline(__always)
    mutating func received(_ client: NodeID, _ stamp: Stamp) {
        with(client) { $0.floor = max($0.floor, stamp.number) }
    }

    @inline(__always)
    mutating func received(
        _ server: NodeID, _ stamp: Stamp, ceiling: Stamp, isClients: Bool
    ) -> Reception {
        var reception = Reception.refused
        with(server) { clock in
            guard stamp.number <= Limits.stampMax,
                !isClients || stamp.number <= clock.floor + Self.honestLeap
            else { return }
            let most = max(stamp.number, clock.floor) + 2 * Self.headroom
            if clock.waiting == 0, most <= ceiling.number {
                clock.floor = max(clock.floor, stamp.number)
                reception = .taken
            } else {
                clock.waiting = max(clock.waiting, stamp.number)
                reception = .parked
            }
        }
        return reception
    }

    /// A higher ceiling is durable, and the event that said so is over. Whether what waited
    /// for it is taken.
    mutating func mayRise(_ server: NodeID, to ceiling: Stamp) -> Bool {
        var isTaken = false
        with(server) { clock in
            let most = max(clock.waiting, clock.floor) + Self.headroom
            guard clock.waiting > 0, most <= ceiling.number else { return }
            clock.floor = max(clock.floor, clock.waiting)
            clock.waiting = 0
            isTaken = true
        }
        return isTaken
    }

    @inline(__always)
    mutating func sent(_ node: NodeID, _ stamp: Stamp) -> Breach? {
        var former: UInt64 = 0
        with(node) { clock in
            former = clock.floor
            clock.floor = max(clock.floor, stamp.number)
            clock.sent = clock.floor
        }
        if stamp.number > former { return nil }
        let detail =
            "\(node.name) sent stamp \(stamp.number) after it had sent or received \(former)"
        return Breach(.lamport, detail)
    }

    mutating func floor(of node: NodeID) -> UInt64 {
        var floor: UInt64 = 0
        with(node) { floor = $0.floor }
        return floor
    }

    @inline(__always)
    private mutating func with(_ node: NodeID, _ change: (inout Clock) -> Void) {
        if Int(node.rank) < servers.count { return change(&servers[Int(node.rank)]) }
        let slot = Int(node.rank) - Limits.membersMax
        guard slot >= 0 else { return }
        while slot >= clients.count { clients.append(Clock()) }
        change(&clients[slot])
    }
}
