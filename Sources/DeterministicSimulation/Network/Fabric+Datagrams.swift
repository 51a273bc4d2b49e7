import StateMachine

extension Fabric {
    /// Whether a datagram gets on its way. Decided before it is encoded, as bytes that never
    /// arrive need not be made.
    @usableFromInline
    mutating func datagramLeaves(from: Int, to: Int) -> Bool {
        counts.datagrams &+= 1
        let link = links[from, to]
        let loss = max(
            qualities[Int(link.quality)].lossPerMillion,
            link.isSheltered ? 0 : weather.lossPerMillion)
        let isLost =
            link.isCut(for: .datagrams)
            || decisions.chance(point(.packetLost, from, to), perMillion: loss)
        if isLost { counts.lost &+= 1 }
        return !isLost
    }

    /// Sends the packet in the slot, and perhaps a second copy.
    @usableFromInline
    mutating func sendPacket(_ slot: Int, to: Int) {
        let from = packets.packets[slot].from
        let isSheltered = links[from, to].isSheltered
        let quality = qualities[Int(links[from, to].quality)]
        let doubling = max(
            quality.doublingPerMillion, isSheltered ? 0 : weather.doublingPerMillion)
        let copies =
            decisions.chance(point(.packetDoubled, from, to), perMillion: doubling) ? 2 : 1
        if copies == 2 { counts.doubled &+= 1 }
        for _ in 0..<copies {
            guard !isCrowdedOut(quality, from, to) else { continue }
            let sent = weather.isDamaging && !isSheltered ? damaged(slot, from, to) : slot
            packets.addCopy(sent)
            let at = arrival(from, to, packets.packets[sent].bytes.count, .packetDelay)
            let heldBack = heldBack(quality, isSheltered, from, to)
            queue.push(.datagram, at: at + heldBack, node: to, index: sent)
        }
        if packets.packets[slot].copies == 0 { packets.release(slot) }
    }

    private mutating func heldBack(
        _ quality: LinkQuality, _ isSheltered: Bool, _ from: Int, _ to: Int
    ) -> UInt64 {
        let perMillion = max(
            quality.holdingBackPerMillion, isSheltered ? 0 : weather.holdingBackPerMillion)
        guard decisions.chance(point(.packetHeldBack, from, to), perMillion: perMillion) else {
            return 0
        }
        return decisions.draw(point(.packetHeldFor, from, to), in: quality.heldBack).nanoseconds
    }

    /// When bytes that leave now arrive.
    mutating func arrival(
        _ from: Int, _ to: Int, _ count: Int, _ kind: DecisionKind
    ) -> UInt64 {
        let link = links[from, to]
        let quality = Int(link.quality)
        let delay = decisions.draw(point(kind, from, to), from: qualities[quality].delay)
        var at = now + delay.nanoseconds + link.slowedBy
        if weather.isSlow, !link.isSheltered { at += slowness(from, to) }
        let capacity = capacity(qualities[quality], link)
        guard capacity > 0 else { return at }
        let start = max(now, link.busyUntil)
        let busy = start + UInt64(count) * 1_000_000_000 / capacity
        links[from, to].busyUntil = busy
        return at + (busy - now)
    }

    private mutating func slowness(_ from: Int, _ to: Int) -> UInt64 {
        let most = Interval(nanoseconds: weather.delay)
        let even = decisions.draw(point(.weatherDelay, from, to), in: .zero...most)
        guard let oddDelay else { return even.nanoseconds }
        return even.nanoseconds
            + decisions.draw(point(.weatherOddDelay, from, to), from: oddDelay).nanoseconds
    }

    private func capacity(_ quality: LinkQuality, _ link: Link) -> UInt64 {
        guard link.limit > 0 else { return quality.bytesPerSecond }
        let limit = UInt64(link.limit)
        return quality.bytesPerSecond > 0 ? min(quality.bytesPerSecond, limit) : limit
    }

    /// Whether a datagram finds no place among the bytes that wait for a link. Streams do:
    /// their senders learn to wait.
    private mutating func isCrowdedOut(
        _ quality: LinkQuality, _ from: Int, _ to: Int
    ) -> Bool {
        let link = links[from, to]
        let buffer = link.buffer > 0 ? UInt64(link.buffer) : quality.bufferBytes
        guard buffer > 0, link.busyUntil > now else { return false }
        let capacity = capacity(quality, link)
        guard capacity > 0, link.busyUntil - now > buffer * 1_000_000_000 / capacity else {
            return false
        }
        counts.lost &+= 1
        points.count(.datagramCrowdedOut)
        return true
    }

    /// Whether a datagram that is due is read: its receiver runs, and its link is open.
    @usableFromInline
    mutating func datagramArrives(_ due: Due) -> Bool {
        let from = packets.packets[Int(due.index)].from
        guard nodes[due.node].isUp, !links.isCut(from, due.node, for: .datagrams) else {
            counts.lost &+= 1
            return false
        }
        return true
    }

    func point(_ kind: DecisionKind, _ from: Int, _ to: Int) -> DecisionPoint {
        DecisionPoint(kind, nodes[from].id, nodes[to].id)
    }
}
