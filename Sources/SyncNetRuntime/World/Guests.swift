import NIOCore
import StateMachine

/// Strangers who asked by datagram: a small table, so that the answer finds its way back.
struct Guests {
    /// Guests are no members and no clients: their ranks lie above all others.
    static let firstRank: UInt32 = 1_000_000

    private let capacity: Int
    private var addresses: [SocketAddress?]
    private var next = 0

    init(capacity: Int) {
        self.capacity = capacity
        addresses = Array(repeating: nil, count: capacity)
    }

    /// The node that stands for the address; a new one takes the place of the oldest.
    mutating func node(of address: SocketAddress) -> NodeID {
        if let slot = addresses.firstIndex(of: address) { return Self.node(slot) }
        let slot = next
        addresses[slot] = address
        next = (next + 1) % capacity
        return Self.node(slot)
    }

    func address(of node: NodeID) -> SocketAddress? {
        guard node.rank >= Self.firstRank else { return nil }
        let slot = Int(node.rank - Self.firstRank)
        return slot < addresses.count ? addresses[slot] : nil
    }

    private static func node(_ slot: Int) -> NodeID { NodeID(firstRank + UInt32(slot)) }
}
