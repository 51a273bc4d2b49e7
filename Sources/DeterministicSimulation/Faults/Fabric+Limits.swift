import StateMachine

/// How much links carry under the faults in force.
extension Fabric {
    /// Links carry no more than the narrowest of the faults in force lets through.
    mutating func limitLinks() {
        for from in nodes.indices {
            for to in nodes.indices { links[from, to].limit(by: limit(from, to)) }
        }
        for node in nodes.indices {
            for end in nodes[node].ends where links[ends[end ^ 1].node, node].wasNarrower {
                hurry(end ^ 1)
            }
        }
    }

    private func limit(_ from: Int, _ to: Int) -> (bytesPerSecond: UInt32, buffer: UInt32) {
        var least: (bytesPerSecond: UInt32, buffer: UInt32) = (0, 0)
        for active in faults where !active.isOver {
            guard case .bandwidth(let node, let limit, let buffer) = active.fault,
                concerns(node, from, to)
            else { continue }
            least.bytesPerSecond = Self.narrower(least.bytesPerSecond, limit)
            least.buffer = Self.narrower(least.buffer, buffer)
        }
        return least
    }

    private func concerns(_ node: NodeID?, _ from: Int, _ to: Int) -> Bool {
        guard let node else { return !links[from, to].isSheltered }
        return nodes[from].id == node || nodes[to].id == node
    }

    /// The smaller one of two limits, of which zero is none.
    private static func narrower(_ one: UInt32, _ other: UInt32) -> UInt32 {
        guard one > 0, other > 0 else { return max(one, other) }
        return min(one, other)
    }

    /// What a stream has under way on a link that has become wider comes sooner.
    private mutating func hurry(_ end: Int) {
        let (from, to) = (ends[end].node, ends[end ^ 1].node)
        let waiting = ends[end].onItsWay - ends[end].unsettled - ends[end].held
        guard ends[end].lastArrival > now else { return }
        let at = arrival(from, to, waiting, .streamDelay)
        guard at < ends[end].lastArrival else { return }
        ends[end].lastArrival = at
        if waiting > 0 {
            queue.push(
                .streamBytes, at: at, node: to, index: end, stamp: UInt64(waiting) << 1 | 1)
        }
        if ends[end].ending != .none, ends[end].heldEnding == .none {
            queue.push(.streamEnd, at: at, node: to, index: end)
        }
    }
}

extension Link {
    /// Takes new limits, and notes whether it has become wider.
    fileprivate mutating func limit(by new: (bytesPerSecond: UInt32, buffer: UInt32)) {
        wasNarrower = limit > 0 && (new.bytesPerSecond == 0 || new.bytesPerSecond > limit)
        if wasNarrower { busyUntil = 0 }
        limit = new.bytesPerSecond
        buffer = new.buffer
    }
}
