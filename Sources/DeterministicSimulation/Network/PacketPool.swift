/// Datagrams on their way. Buffers are used again, so that a packet costs no allocation.
@usableFromInline
struct PacketPool {
    @usableFromInline
    struct Packet {
        @usableFromInline var bytes: [UInt8] = []
        @usableFromInline var from = 0
        /// The number of the event in which it was sent.
        @usableFromInline var event: UInt64 = 0
        /// How many copies are on their way.
        var copies = 0
    }

    @usableFromInline var packets: [Packet] = []
    private var free: [Int] = []

    /// A slot for a packet whose bytes the caller fills in.
    @usableFromInline
    mutating func take(from: Int) -> Int {
        let slot: Int
        if let used = free.popLast() {
            slot = used
            packets[slot].bytes.removeAll(keepingCapacity: true)
        } else {
            slot = packets.count
            packets.append(Packet())
        }
        packets[slot].from = from
        packets[slot].copies = 0
        return slot
    }

    mutating func addCopy(_ slot: Int) { packets[slot].copies += 1 }

    /// One copy has arrived, or none was sent.
    @usableFromInline
    mutating func release(_ slot: Int) {
        packets[slot].copies -= 1
        if packets[slot].copies <= 0 { free.append(slot) }
    }
}
