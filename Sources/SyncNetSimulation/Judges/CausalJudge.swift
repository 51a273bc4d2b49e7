import DeterministicSimulation
import StateMachine
import SyncNetProtocol

/// Judges happened-before by vector clocks, which every message moves that a node takes,
/// whatever it says and wherever it comes from.
///
/// Law: when a client says something, everything that could be known to it by any path, what
/// others read and told included, stands before its words: the entries that servers had
/// applied, whose stamps rise along the log, and the stamps that it had sent itself.
struct CausalJudge {
    /// What a node had done when an event of its own was over.
    private struct Moment {
        var event: UInt64 = 0
        /// The highest index that it had applied, or was shown.
        var reach: UInt64 = 0
        /// The highest stamp that it had sent before that event.
        var stamp: UInt64 = 0
    }

    /// What somebody's words must stand behind.
    struct Past: Equatable {
        var reach: UInt64 = 0
        var stamp: UInt64 = 0
    }

    /// A message that a server has got and not taken, since its clock may not follow it yet.
    private struct Parked {
        var server: Int
        var event: UInt64
    }

    private static let window = 1 << 13
    private let servers: Int
    private var clocks: CausalClocks
    private var moments: [Moment]
    /// What each node has done so far.
    private var present: [Moment]
    /// Each node's latest event in which it sent something.
    private var spoke: [UInt64]
    private var parked: [Parked] = []
    private var pasts: [UInt64: Past] = [:]

    init(servers: Int, clients: Int) {
        self.servers = servers
        // Only words of clients have a past to stand behind: where nobody speaks, none is kept.
        let nodes = clients > 0 ? servers + clients : 0
        clocks = CausalClocks(nodes: nodes, window: Self.window)
        moments = Array(repeating: Moment(), count: Self.window)
        present = Array(repeating: Moment(), count: nodes)
        spoke = Array(repeating: 0, count: nodes)
    }

    /// Where a node stands among the clocks; nil for one that was not announced.
    @inline(__always)
    private func slot(_ node: NodeID) -> Int? {
        let rank = Int(node.rank)
        guard !present.isEmpty else { return nil }
        if rank < servers { return rank }
        let slot = rank - Limits.membersMax + servers
        return slot >= servers && slot < present.count ? slot : nil
    }

    /// A node takes a message.
    @inline(__always)
    mutating func took(_ node: NodeID, sentIn event: UInt64) {
        guard event > 0, let slot = slot(node) else { return }
        clocks.learn(slot, fromEvent: event)
    }

    /// A server keeps a message for later.
    mutating func parks(_ server: NodeID, sentIn event: UInt64) {
        guard event > 0, slot(server) != nil else { return }
        parked.append(Parked(server: Int(server.rank), event: event))
    }

    /// A server takes what it kept.
    mutating func releases(_ server: NodeID) {
        guard !parked.isEmpty else { return }
        for message in parked where message.server == Int(server.rank) {
            clocks.learn(message.server, fromEvent: message.event)
        }
        parked.removeAll { $0.server == Int(server.rank) }
    }

    /// A server goes on from what it had said; what it had only heard is gone with its memory.
    /// A wiped server, and a client, is somebody new.
    mutating func started(_ node: NodeID, isNew: Bool) {
        guard let slot = slot(node) else { return }
        parked.removeAll { $0.server == slot }
        if isNew {
            spoke[slot] = 0
            present[slot] = Moment()
        }
        clocks.reset(slot, toEvent: spoke[slot])
    }

    /// A node's event is over.
    @inline(__always)
    mutating func happened(
        _ event: UInt64, at node: NodeID, reach: UInt64, sent stamp: UInt64
    ) {
        guard let slot = slot(node) else { return }
        clocks.happen(event, at: slot)
        present[slot].event = event
        present[slot].reach = max(present[slot].reach, reach)
        moments[Int(event) & (Self.window - 1)] = present[slot]
        guard stamp > 0 else { return }
        present[slot].stamp = max(present[slot].stamp, stamp)
        spoke[slot] = event
    }

    /// A client says something: what it could know is to stand before it.
    mutating func said(_ client: NodeID, _ saying: UInt64) {
        guard let slot = slot(client) else { return }
        var past = Past()
        for node in present.indices {
            let event = clocks.latest(of: node, knownTo: slot)
            let moment = moments[Int(event) & (Self.window - 1)]
            guard event > 0, moment.event == event else { continue }
            past.reach = max(past.reach, moment.reach)
            // A pushed message carries the stamp of its entry, not that of the server's clock
            // (client protocol), so only the client's own stamps bind it beyond the log's.
            if node == slot { past.stamp = max(past.stamp, moment.stamp) }
        }
        pasts[saying] = past
    }

    /// Somebody's words are applied.
    mutating func applied(_ saying: UInt64, at index: UInt64, stamp: UInt64) -> Breach? {
        guard let past = pasts.removeValue(forKey: saying) else { return nil }
        if index <= past.reach {
            let detail =
                "what stands at \(index) was said by somebody who could know of what stands "
                + "at \(past.reach)"
            return Breach(.causalOrder, detail)
        }
        if stamp > past.stamp { return nil }
        let detail =
            "what stands at \(index) has stamp \(stamp), and was said by somebody who could "
            + "know of stamp \(past.stamp)"
        return Breach(.lamport, detail)
    }
}
