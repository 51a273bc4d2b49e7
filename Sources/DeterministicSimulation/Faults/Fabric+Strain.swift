import StateMachine

/// What the faults in force make of one node.
extension Fabric {
    mutating func review(_ node: NodeID) {
        guard let slot = slot(of: node) else { return }
        var strain = Strain()
        var lag: UInt64 = 0
        for active in faults where !active.isOver && active.fault.node == node {
            if case .slowNode(_, let by) = active.fault { lag = max(lag, by.nanoseconds) }
            strain.add(active.fault)
        }
        nodes[slot].strain = strain
        slow(slot, lag)
    }

    private mutating func slow(_ slot: Int, _ lag: UInt64) {
        guard nodes[slot].lag != lag else { return }
        nodes[slot].lag = lag
        // What waits goes by the new lag.
        if !nodes[slot].isPaused { releaseBacklog(slot) }
    }

    mutating func releaseBacklog(_ slot: Int) {
        nodes[slot].lagSerial += 1
        for due in nodes[slot].backlog { queue.pushAgain(due, at: now) }
        nodes[slot].backlog.removeAll()
    }

    /// What waited for a node comes from several sources, each in its order: its sockets, its disk,
    /// its timers. Which of them a process looks at first when it goes on is up to it.
    mutating func mixBacklog(_ slot: Int) {
        let backlog = nodes[slot].backlog
        guard let first = backlog.first.map({ WakeSource($0.kind) }),
            backlog.contains(where: { WakeSource($0.kind) != first })
        else { return }
        let point = DecisionPoint(.wakeOrder, nodes[slot].id)
        let order = WakeOrder(rawValue: decisions.draw(point, in: 0...WakeOrder.last)) ?? .asItCame
        guard order != .asItCame else { return }
        points.count(.wokeInAnotherOrder)
        func isFirst(_ due: Due) -> Bool {
            switch order {
            case .asItCame: true
            case .timersFirst: WakeSource(due.kind) == .timers
            case .timersLast: WakeSource(due.kind) != .timers
            case .datagramsFirst: WakeSource(due.kind) == .datagrams
            case .streamsFirst: WakeSource(due.kind) == .streams
            }
        }
        nodes[slot].backlog = backlog.filter(isFirst) + backlog.filter { !isFirst($0) }
    }

    /// Something comes for a node that stands still or is slow.
    mutating func keepWaiting(_ due: Due) {
        let slot = due.node
        nodes[slot].backlog.append(due)
        guard !nodes[slot].isPaused else { return points.count(.eventWaited) }
        queue.push(
            .late, at: now + nodes[slot].lag, node: slot, stamp: nodes[slot].lagSerial)
    }

    /// What a slow node comes to now.
    @usableFromInline
    mutating func takeLate(_ due: Due) -> Due? {
        let slot = due.node
        guard nodes[slot].lagSerial == due.stamp, !nodes[slot].isPaused,
            !nodes[slot].backlog.isEmpty
        else { return nil }
        return nodes[slot].backlog.removeFirst()
    }

    /// Sets a node's clocks to the rates that faults give them. True: armed timers have to
    /// be planned again.
    @usableFromInline
    mutating func tuneClock(_ slot: Int) -> Bool {
        let (own, strain) = (nodes[slot].ownRate, nodes[slot].strain)
        let isFrozen = faults.contains {
            !$0.isOver && $0.fault == .clockFreeze(nodes[slot].id)
        }
        let rate = isFrozen ? 0 : strain.rate ?? own
        let wallRate = strain.wallRate ?? strain.rate ?? own
        let clock = nodes[slot].clock
        guard clock.rate != rate || clock.wallRate != wallRate else { return false }
        nodes[slot].clock.change(
            rate: rate, wallRate: wallRate, at: Instant(nanoseconds: now))
        return clock.rate != rate
    }

    /// Plans the moment of a timer of which the rate of its clock has changed.
    @usableFromInline
    mutating func planAgain(_ node: Int, slot: Int, serial: UInt64, target: UInt64, was: UInt32) {
        plan(node, slot: slot, serial: serial, target: target)
        if nodes[node].clock.rate > 0 { points.count(was == 0 ? .timerWaited : .timerMoved) }
    }
}

extension Strain {
    fileprivate mutating func add(_ fault: Fault) {
        func least(_ one: UInt32, _ other: UInt32) -> UInt32 {
            one == 0 ? other : min(one, other)
        }
        switch fault {
        case .partialReads(_, let bytes): readBytes = least(readBytes, bytes)
        case .partialWrites(_, let bytes): writeBytes = least(writeBytes, bytes)
        case .slowReader(_, let bytes): readRate = least(readRate, bytes)
        case .clockRate(_, let perMillion): rate = perMillion
        case .wallRate(_, let perMillion): wallRate = perMillion
        default: break
        }
    }
}
