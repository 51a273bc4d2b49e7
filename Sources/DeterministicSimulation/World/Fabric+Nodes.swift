public import StateMachine

/// Starts, ends and pauses of nodes, as far as kernels are concerned.
extension Fabric {
    @usableFromInline
    mutating func start(_ slot: Int, after: Interval) {
        guard !nodes[slot].isUp, !nodes[slot].isStarting else { return }
        nodes[slot].isStarting = true
        push(.start, after: after, node: slot, index: 0, stamp: 0)
    }

    /// Whether the node whose start is due begins now.
    @usableFromInline
    mutating func starts(_ slot: Int) -> Bool {
        nodes[slot].isStarting = false
        nodes[slot].isPowered = true
        guard !nodes[slot].isUp else { return false }
        nodes[slot].boot += 1
        nodes[slot].speaksFormer = nodes[slot].willSpeakFormer
        return true
    }

    @usableFromInline
    mutating func started(_ slot: Int, _ failure: JournalFailure?) {
        if let failure {
            points.count(.startFailed)
            return changed(.startFailed(failure), slot)
        }
        nodes[slot].isUp = true
        for end in nodes[slot].callers { queue.push(.connecting, at: now, index: end) }
        nodes[slot].callers.removeAll()
        if nodes[slot].boot > 1 { counts.restarts &+= 1 }
        changed(.started(boot: Int(nodes[slot].boot)), slot)
    }

    /// Ends a process. Gives the kind of crash; nil where it was down.
    @usableFromInline
    mutating func crash(_ slot: Int, _ kind: CrashKind?, isHalt: Bool) -> CrashKind? {
        guard nodes[slot].isUp else { return nil }
        let point = DecisionPoint(.crashKind, nodes[slot].id)
        let kind = kind ?? (decisions.draw(point, in: 0...1) == 0 ? .kill : .powerLoss)
        nodes[slot].isUp = false
        nodes[slot].isHalting = false
        nodes[slot].isPaused = false
        nodes[slot].isPowered = kind == .kill
        forgetBacklog(slot)
        counts.crashes &+= 1
        abandonEnds(slot, kind)
        changed(isHalt ? .halted : .crashed(kind), slot)
        return kind
    }

    private mutating func forgetBacklog(_ slot: Int) {
        nodes[slot].lagSerial += 1
        for due in nodes[slot].backlog where due.kind == .datagram {
            packets.release(Int(due.index))
        }
        nodes[slot].backlog.removeAll()
    }

    /// A kernel whose process died says so on all its streams; one without power doesn't,
    /// and the other sides find out later.
    private mutating func abandonEnds(_ slot: Int, _ kind: CrashKind) {
        let abandoned = nodes[slot].ends
        nodes[slot].ends.removeAll()
        unsettledEnds.removeAll(keepingCapacity: true)
        for end in abandoned {
            ends[end].state = .closed
            guard kind == .kill else {
                ends[end].discard()
                keepAlive(end ^ 1)
                continue
            }
            if ends[end].unsettled > 0 {
                ends[end].out.removeLast(ends[end].unsettled)
                ends[end].unsettled = 0
                points.count(.writeCutShort)
            }
            let point = DecisionPoint(.streamLastBytes, nodes[slot].id, peer(of: end))
            announce(decisions.draw(point, in: 0...1) == 1 ? .finished : .reset, of: end)
        }
    }

    @usableFromInline
    mutating func pause(_ slot: Int) {
        guard nodes[slot].isUp, !nodes[slot].isPaused else { return }
        nodes[slot].isPaused = true
        counts.pauses &+= 1
        changed(.paused, slot)
    }

    @usableFromInline
    mutating func resume(_ slot: Int) {
        guard nodes[slot].isUp, nodes[slot].isPaused else { return }
        nodes[slot].isPaused = false
        mixBacklog(slot)
        releaseBacklog(slot)
        changed(.resumed, slot)
    }

    /// Breaks all streams between two nodes.
    mutating func resetStreams(_ first: Int, _ second: Int) {
        for end in nodes[first].ends where ends[end ^ 1].node == second {
            breakEnd(end)
        }
    }

    /// Ends all streams between two nodes for the first one, and lets the second believe in
    /// them.
    mutating func halve(_ first: Int, _ second: Int) {
        for end in nodes[first].ends
        where ends[end ^ 1].node == second && ends[end].state == .open {
            guard ends[end ^ 1].state == .open else { continue }
            points.count(.streamHalfOpen)
            tell(end, .closed)
            leave(end)
            ends[end].discard()
            keepAlive(end ^ 1)
        }
    }

    @usableFromInline
    var memberSlots: [Int] { nodes.indices.filter { nodes[$0].role == .member } }

    @usableFromInline
    var clientSlots: [Int] { nodes.indices.filter { nodes[$0].role == .client } }
}
