import StateMachine
import SyncNetProtocol
import SyncNetWire

/// The first bytes of a stream between servers: who opens it, with which members, and in which
/// version it will speak.
struct PeerHello: Equatable {
    static let bytes = 17
    static let magic: [UInt8] = Array("SYNC".utf8)
    /// How a stream begins whose servers share a secret.
    static let sealedMagic: [UInt8] = Array("SYNS".utf8)

    /// The version of all frames on the stream.
    var version: PeerVersion
    /// Stands for the ids of the two servers: both have to mean the same ones by their ranks,
    /// though one of them may know of more servers.
    var digest: UInt64
    /// Who opens the stream.
    var opener: NodeID

    init(digest: UInt64, opener: NodeID, version: PeerVersion = .current) {
        self.version = version
        self.digest = digest
        self.opener = opener
    }

    /// Reads what ``encoded`` wrote; nil where it is something else.
    init?(_ bytes: [UInt8], as magic: [UInt8] = Self.magic) {
        guard bytes.count == Self.bytes, Array(bytes[0..<4]) == magic,
            let version = PeerVersion(rawValue: bytes[4])
        else { return nil }
        self.version = version
        digest = bytes[5..<13].reversed().reduce(0) { $0 << 8 | UInt64($1) }
        opener = NodeID(bytes[13..<17].reversed().reduce(0) { $0 << 8 | UInt32($1) })
    }

    var encoded: [UInt8] { encoded(as: Self.magic) }

    func encoded(as magic: [UInt8]) -> [UInt8] {
        magic + [version.rawValue]
            + (0..<8).map { UInt8(truncatingIfNeeded: digest >> ($0 * 8)) }
            + (0..<4).map { UInt8(truncatingIfNeeded: opener.rank >> ($0 * 8)) }
    }

    /// Stands for the two servers at the ends of a stream.
    static func digest(of opener: NodeID, _ acceptor: NodeID, in servers: [Member]) -> UInt64 {
        // FNV-1a of the ids, each ended by a byte that is in no UTF-8 text.
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for end in [opener, acceptor] {
            for byte in servers[Int(end.rank)].id.utf8 + [0xFF] {
                hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3
            }
        }
        return hash
    }
}
