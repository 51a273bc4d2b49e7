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
    }

    private var servers: [Clock]
    private var clients: [Clock] = []

    init(servers: Int) { self.servers = Array(repeating: Clock(), count: servers) }

    mutating func started(_ node: NodeID) {
        with(node) { $0.floor = $0.sent }
    }

    @inline(__always)
    mutating func received(_ node: NodeID, _ stamp: Stamp) {
        with(node) { $0.floor = max($0.floor, stamp.number) }
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
