public import StateMachine

/// What machines ask for, through `drive`.
extension SimulatedWorld: World {
    @inlinable
    func slot(_ node: NodeID) -> Int? {
        if current < fabric.nodes.count, fabric.nodes[current].id == node { return current }
        return fabric.slot(of: node)
    }

    /// Encodes and sends a datagram.
    @inlinable
    public mutating func datagram(_ message: Words.Message, from: NodeID, to: NodeID) {
        guard let sender = slot(from), let receiver = fabric.slot(of: to) else { return }
        guard fabric.decisions.isPlain else { return named(message, sender, receiver) }
        send(message, sender, receiver)
    }

    @inlinable
    mutating func send(_ message: Words.Message, _ sender: Int, _ receiver: Int) {
        guard fabric.datagramLeaves(from: sender, to: receiver) else { return }
        let packet = fabric.packets.take(from: sender)
        fabric.packets.packets[packet].event = fabric.events
        var route = Route(
            from: fabric.nodes[sender].id, to: fabric.nodes[receiver].id, isFromOpener: false,
            wall: fabric.wall(sender))
        route.fromFormer = fabric.nodes[sender].speaksFormer
        codec.encodeDatagram(message, route, into: &fabric.packets.packets[packet].bytes)
        fabric.sendPacket(packet, to: receiver)
    }

    @usableFromInline
    mutating func named(_ message: Words.Message, _ sender: Int, _ receiver: Int) {
        let outer = fabric.decisions.subject
        let label = codec.label(of: message)
        fabric.decisions.speak(of: label, fabric.nodes[sender].id, fabric.nodes[receiver].id)
        send(message, sender, receiver)
        fabric.decisions.subject = outer
    }

    /// Sends a datagram to each node that the codec says is reached.
    @inlinable
    public mutating func publish(_ message: Words.Message, from: NodeID) {
        for listener in fabric.nodes.indices {
            let to = fabric.nodes[listener].id
            guard to != from, codec.reaches(message, from: from, to) else { continue }
            datagram(message, from: from, to: to)
        }
    }

    /// Begins to open a stream.
    @inlinable
    public mutating func open(from: NodeID, to: NodeID) {
        guard let slot = slot(from) else { return }
        fabric.open(from: slot, to: to)
    }

    /// Encodes a message and puts it on a stream.
    @inlinable
    public mutating func send(_ message: Words.Message, from: NodeID, on stream: StreamID) {
        guard let slot = slot(from), let end = fabric.openEnd(stream, of: slot) else { return }
        var route = Route(
            from: from, to: fabric.peer(of: end), isFromOpener: end & 1 == 0,
            wall: fabric.wall(slot))
        route.fromFormer = fabric.nodes[slot].speaksFormer
        let before = fabric.ends[end].out.count
        codec.encodeFrame(message, route, into: &fabric.ends[end].out)
        let label: StaticString = fabric.decisions.isPlain ? "" : codec.label(of: message)
        fabric.sent(fabric.ends[end].out.count - before, on: end, of: label)
    }

    /// Ends a stream.
    @inlinable
    public mutating func close(_ stream: StreamID, from: NodeID) {
        guard let slot = slot(from) else { return }
        fabric.close(stream, of: slot)
    }

    /// What a node's clocks show.
    @inlinable
    public mutating func read(by node: NodeID) -> ClockReading {
        guard let slot = slot(node) else {
            return ClockReading(monotonic: now, wall: WallTime(microseconds: 0))
        }
        return fabric.reading(slot)
    }

    /// Draws a timer's moment.
    @inlinable
    public mutating func arm(
        _ timer: Words.Timer, of node: NodeID, within: ClosedRange<Interval>
    ) {
        guard let slot = slot(node) else { return }
        let armed = timers[slot].arm(timer)
        let outer = fabric.decisions.subject
        if !fabric.decisions.isPlain { fabric.decisions.subject = codec.subject(of: timer) }
        timers[slot].slots[armed.slot].target = fabric.arm(
            slot, slot: armed.slot, serial: armed.serial, within: within)
        fabric.decisions.subject = outer
    }

    /// Forgets a timer.
    @inlinable
    public mutating func cancel(_ timer: Words.Timer, of node: NodeID) {
        guard let slot = slot(node) else { return }
        timers[slot].cancel(timer)
    }

    /// Queues a write.
    @inlinable
    public mutating func write(_ write: Words.Write, by node: NodeID, ticket: Ticket) {
        guard let slot = slot(node) else { return }
        disks[slot].ask(write, ticket)
    }

    /// Queues a query.
    @inlinable
    public mutating func fetch(_ query: Words.Query, by node: NodeID, ticket: Ticket) {
        guard let slot = slot(node) else { return }
        disks[slot].waiting.append(.query(query, ticket))
    }

    /// Keeps what a node says, for the system to hear after this event.
    @inlinable
    public mutating func output(_ output: Words.Output, by node: NodeID) {
        outputs.append((output, node))
    }

    /// Marks stand among the effects that checkers see.
    @inlinable
    public mutating func note(_ mark: Words.Mark, by node: NodeID) {}

    /// Ends a node's process after its effects.
    @inlinable
    public mutating func halt(_ node: NodeID) {
        guard let slot = slot(node) else { return }
        fabric.nodes[slot].isHalting = true
    }

    /// What the event asked for leaves.
    @inlinable
    public mutating func settle(_ node: NodeID) {
        if !fabric.unsettledEnds.isEmpty { fabric.settleEnds() }
        guard let slot = slot(node) else { return }
        disks[slot].settledCount = disks[slot].waiting.count
        if disks[slot].settledCount > 0, !disks[slot].isBusy { beginDiskOperation(slot) }
    }

    @inlinable
    mutating func beginDiskOperation(_ slot: Int) {
        disks[slot].take()
        fabric.diskWorks(
            slot, isCommit: !disks[slot].writes.isEmpty, serial: disks[slot].serial)
    }
}

extension Fabric {
    @usableFromInline
    mutating func diskWorks(_ slot: Int, isCommit: Bool, serial: UInt64) {
        if isCommit { counts.commits &+= 1 }
        let point = DecisionPoint(isCommit ? .diskCommit : .diskQuery, nodes[slot].id)
        let latency = decisions.draw(
            point, from: isCommit ? options.disk.commit : options.disk.query)
        push(.disk, after: latency, node: slot, index: 0, stamp: serial)
        if isCommit, nodes[slot].ambush >= 0 { strike(slot, within: latency) }
    }

    /// A fault has waited for this commit.
    private mutating func strike(_ slot: Int, within latency: Interval) {
        let outer = decisions.subject
        decisions.subject = faults[nodes[slot].ambush].subject
        let moment = decisions.draw(
            DecisionPoint(.crashMoment, nodes[slot].id), in: Interval.zero...latency)
        decisions.subject = outer
        push(.ambush, after: moment, node: slot, index: nodes[slot].ambush, stamp: 0)
        nodes[slot].ambush = -1
    }
}
