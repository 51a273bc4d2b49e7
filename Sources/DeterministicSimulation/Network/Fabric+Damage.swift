import StateMachine

/// Datagrams that arrive otherwise than they left.
extension Fabric {
    /// The slot of the packet as it arrives: its own, or a damaged copy's.
    mutating func damaged(_ slot: Int, _ from: Int, _ to: Int) -> Int {
        let point = point(.packetCorrupted, from, to)
        let isTooLong = packets.packets[slot].bytes.count > Int(weather.mtu)
        let isHit = decisions.chance(point, perMillion: weather.corruptionPerMillion)
        guard isTooLong || isHit, !packets.packets[slot].bytes.isEmpty else { return slot }
        let bytes = packets.packets[slot].bytes
        let copy = packets.take(from: from)
        packets.packets[copy].bytes += bytes.prefix(Int(weather.mtu))
        if isTooLong { points.count(.datagramTruncated) }
        if isHit { corrupt(copy, from, to) }
        return copy
    }

    /// Changes one to four bytes, at places next to each other: a burst, as on a wire.
    private mutating func corrupt(_ slot: Int, _ from: Int, _ to: Int) {
        points.count(.datagramCorrupted)
        let count = packets.packets[slot].bytes.count
        guard count > 0 else { return }
        let point = point(.packetDamage, from, to)
        let first = decisions.pick(point, of: count)
        let length = 1 + decisions.pick(point, of: 4)
        for place in first..<min(first + length, count) {
            let change = UInt8(
                decisions.draw(self.point(.packetDamagedByte, from, to), in: 1...255))
            packets.packets[slot].bytes[place] ^= change
        }
    }
}
