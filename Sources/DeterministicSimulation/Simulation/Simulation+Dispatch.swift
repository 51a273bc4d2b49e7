public import StateMachine

/// What becomes due turns into events of machines.
extension Simulation {
    @inlinable
    mutating func handle(_ due: Due) {
        switch due.kind {
        case .timer:
            guard world.fabric.nodes[due.node].isUp,
                let timer = world.timers[due.node].fire(
                    Int(due.index), due.stamp, world.fabric.monotonic(due.node))
            else { return }
            deliver(.timer(timer), to: due.node, due.kind, UInt64(due.index) << 32 | due.stamp, 0)
        case .datagram: receiveDatagram(due)
        case .streamBytes: receiveBytes(due)
        case .disk: diskDone(due)
        case .input: takeInput(due)
        case .start: start(due)
        case .alarm: system.alarm(due.stamp, in: &world)
        case .streamEnd:
            guard world.fabric.endingArrives(due) else { return }
            let end = Int(due.index) ^ 1
            forgetDecoder(end)
            deliver(.closed(Self.stream(end)), to: due.node, due.kind, UInt64(end), 0)
        case .accepted, .opened, .refused, .unreachable, .congested, .drained, .closed:
            tell(due)
        case .nemesis: world.nemesis(due.stamp)
        case .ambush: world.ambush(due)
        case .faultEnd:
            guard world.fabric.endsInTime(Int(due.index)) else { return }
            world.end(FaultID(number: Int(due.index)))
        case .late: if let late = world.fabric.takeLate(due) { handle(late) }
        case .faultStep: world.step(due)
        case .connecting, .connectAnswer, .connectTimeout, .giveUp, .streamWrite:
            world.fabric.kernel(due)
        }
        if !world.fabric.faultChanges.isEmpty { tellFaults() }
        if !world.fabric.changes.isEmpty { tellChanges() }
    }

    @inlinable
    static func stream(_ end: Int) -> StreamID { StreamID(UInt64(end) + 1) }

    @inlinable
    mutating func receiveDatagram(_ due: Due) {
        let slot = Int(due.index)
        guard world.fabric.datagramArrives(due) else {
            return world.fabric.packets.release(slot)
        }
        let sender = world.fabric.packets.packets[slot].from
        let from = world.fabric.nodes[sender].id
        let route = world.fabric.route(
            sender, due.node, isFromOpener: false, wall: world.fabric.wall(due.node))
        let digest = world.fabric.digest(ofPacket: slot)
        let message = world.fabric.packets.packets[slot].bytes.withUnsafeBytes {
            world.codec.decodeDatagram($0, route)
        }
        let sentIn = world.fabric.packets.packets[slot].event
        world.fabric.packets.release(slot)
        guard let message else {
            world.fabric.isMalformed()
            return
        }
        checker.arrives(sentIn: sentIn)
        deliver(
            .datagram(message, from: from), to: due.node, due.kind, UInt64(from.rank), digest)
    }

    @inlinable
    mutating func receiveBytes(_ due: Due) {
        let count = world.fabric.bytesArrive(due)
        guard count > 0 else { return }
        let end = Int(due.index)
        let digest = feed(end, count)
        let boot = world.fabric.nodes[due.node].boot
        var number: UInt64 = 0
        while !isOver, world.fabric.canRead(end ^ 1, due.node, boot: boot) {
            switch world.decoders[end ^ 1]?.next() {
            case .message(let message):
                number += 1
                checker.arrives(sentIn: world.fabric.ends[end].events.popFirst())
                deliver(
                    .message(message, on: Self.stream(end ^ 1)), to: due.node, due.kind,
                    UInt64(end) << 16 | number, digest)
            case .malformed:
                world.fabric.isMalformed()
                return world.fabric.breakMalformed(end ^ 1)
            case .incomplete, nil: return
            }
        }
    }

    /// Hands the first `count` bytes on their way to the receiver's decoder.
    @inlinable
    mutating func feed(_ end: Int, _ count: Int) -> UInt64 {
        while world.decoders.count < world.fabric.ends.count { world.decoders.append(nil) }
        let head = world.fabric.ends[end].head
        let digest = world.fabric.ends[end].out.withUnsafeBytes { bytes in
            let portion = UnsafeRawBufferPointer(rebasing: bytes[head..<head + count])
            // Asking whether the decoder is there would copy it.
            if world.decoders[end ^ 1]?.feed(portion) == nil {
                var decoder = world.codec.makeDecoder(route(from: end))
                decoder.feed(portion)
                world.decoders[end ^ 1] = decoder
            }
            return TraceHash.digest(portion)
        }
        world.fabric.consumed(count, of: end)
        return digest
    }

    @inlinable
    mutating func route(from end: Int) -> Route {
        world.fabric.route(
            world.fabric.ends[end].node, world.fabric.ends[end ^ 1].node,
            isFromOpener: end & 1 == 0, wall: WallTime(microseconds: 0))
    }

    @inlinable
    mutating func forgetDecoder(_ end: Int) {
        if end < world.decoders.count { world.decoders[end] = nil }
    }

    @inlinable
    mutating func takeInput(_ due: Due) {
        let index = Int(due.index)
        guard let input = world.inputs[index] else { return }
        world.inputs[index] = nil
        world.freeInputs.append(index)
        guard world.fabric.nodes[due.node].isUp else { return }
        deliver(.input(input), to: due.node, due.kind, 0, 0)
    }

    /// What happened to a stream, to the machine that has it.
    @inlinable
    mutating func tell(_ due: Due) {
        let node = due.node
        guard world.fabric.nodes[node].isUp,
            UInt64(world.fabric.nodes[node].boot) == due.stamp >> 1
        else { return }
        let end = Int(due.index)
        let peer = due.stamp & 1 == 1 ? NodeID(due.index) : world.fabric.peer(of: end)
        let stream = Self.stream(end)
        let event: Event<Words>
        switch due.kind {
        case .accepted: event = .accepted(stream, from: peer)
        case .opened: event = .opened(stream, to: peer)
        case .refused: event = .openFailed(peer, .refused)
        case .unreachable: event = .openFailed(peer, .unreachable)
        case .congested: event = .congested(stream)
        case .drained: event = .drained(stream)
        default:
            forgetDecoder(end)
            event = .closed(stream)
        }
        deliver(event, to: node, due.kind, UInt64(end), 0)
    }
}
