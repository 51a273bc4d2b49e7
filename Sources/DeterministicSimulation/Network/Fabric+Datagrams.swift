import StateMachine

extension Fabric {
    /// Whether a datagram gets on its way. Decided before it is encoded, as bytes that never
    /// arrive need not be made.
    @usableFromInline
    mutating func datagramLeaves(from: Int, to: Int) -> Bool {
        counts.datagrams &+= 1
        let link = links[from, to]
        let loss = max(qualities[Int(link.quality)].lossPerMillion, weather.lossPerMillion)
        let isLost =
            link.isCut || decisions.chance(point(.packetLost, from, to), perMillion: loss)
        if isLost { counts.lost &+= 1 }
        return !isLost
    }

    /// Sends the packet in the slot, and perhaps a second copy.
    @usableFromInline
    mutating func sendPacket(_ slot: Int, to: Int) {
        let from = packets.packets[slot].from
        let quality = qualities[Int(links[from, to].quality)]
        let doubling = max(quality.doublingPerMillion, weather.doublingPerMillion)
        let copies =
            decisions.chance(point(.packetDoubled, from, to), perMillion: doubling) ? 2 : 1
        if copies == 2 { counts.doubled &+= 1 }
        for _ in 0..<copies {
            packets.addCopy(slot)
            let at = arrival(from, to, packets.packets[slot].bytes.count, .packetDelay)
            let heldBack = heldBack(quality, from, to)
            queue.push(.datagram, at: at + heldBack, node: to, index: slot)
        }
    }

    private mutating func heldBack(_ quality: LinkQuality, _ from: Int, _ to: Int) -> UInt64 {
        let perMillion = max(quality.holdingBackPerMillion, weather.holdingBackPerMillion)
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
        if weather.delay > 0 {
            let most = Interval(nanoseconds: weather.delay)
            at += decisions.draw(point(.weatherDelay, from, to), in: .zero...most).nanoseconds
        }
        let capacity = qualities[quality].bytesPerSecond
        guard capacity > 0 else { return at }
        let start = max(now, link.busyUntil)
        let busy = start + UInt64(count) * 1_000_000_000 / capacity
        links[from, to].busyUntil = busy
        return at + (busy - now)
    }

    /// Whether a datagram that is due is read: its receiver runs, and its link is open.
    @usableFromInline
    mutating func datagramArrives(_ due: Due) -> Bool {
        let from = packets.packets[Int(due.index)].from
        guard nodes[due.node].isUp, !links[from, due.node].isCut else {
            counts.lost &+= 1
            return false
        }
        return true
    }

    func point(_ kind: DecisionKind, _ from: Int, _ to: Int) -> DecisionPoint {
        DecisionPoint(kind, nodes[from].id, nodes[to].id)
    }
}
