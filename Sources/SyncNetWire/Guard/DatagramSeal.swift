public import StateMachine

/// What a sealed datagram says before its message: whose it is, of which start, and the how
/// manieth. What vouches for it, and for the message behind it, is the world's business.
public struct DatagramSeal: Equatable, Sendable {
    /// The first byte: a plain message begins with its version, a client's with a brace.
    public static let magic: UInt8 = 0x53
    /// How many bytes ``encoded`` has.
    public static let bytes = 33

    /// Who sends it.
    public var from: NodeID
    /// For whom it is.
    public var to: NodeID
    /// The sender's start.
    public var boot: UInt64
    /// Its place among all sealed datagrams of this start, from 1.
    public var number: UInt64
    /// The receiver's start, as far as the sender has heard; 0 where it has not.
    public var heard: UInt64

    /// Makes a seal.
    public init(from: NodeID, to: NodeID, boot: UInt64, number: UInt64, heard: UInt64) {
        self.from = from
        self.to = to
        self.boot = boot
        self.number = number
        self.heard = heard
    }

    /// Reads what ``encoded`` wrote; nil where the bytes begin with something else.
    public init?(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count >= Self.bytes, bytes[0] == Self.magic else { return nil }
        func word(_ offset: Int) -> UInt64 {
            UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
        }
        func half(_ offset: Int) -> UInt32 {
            UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
        }
        from = NodeID(half(1))
        to = NodeID(half(5))
        boot = word(9)
        number = word(17)
        heard = word(25)
    }

    /// The bytes that stand before the message.
    public var encoded: [UInt8] {
        var bytes = [Self.magic]
        bytes.reserveCapacity(Self.bytes)
        for half in [from.rank, to.rank] {
            bytes += (0..<4).map { UInt8(truncatingIfNeeded: half &>> ($0 * 8)) }
        }
        for word in [boot, number, heard] {
            bytes += (0..<8).map { UInt8(truncatingIfNeeded: word &>> ($0 * 8)) }
        }
        return bytes
    }
}
