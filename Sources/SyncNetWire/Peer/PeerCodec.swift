public import SyncNetProtocol

/// What servers say to each other, as bytes.
///
/// One message is: version, kind, Lamport stamp, body, 64-bit checksum of all before it.
/// Integers are varints where they are mostly small and little-endian where they are
/// not. One message has one encoding in each version, and any bytes either decode or throw.
public enum PeerCodec {
    static let checksumBytes = 8
    /// Version, kind, a stamp of one byte and the checksum.
    static let messageBytesMin = 3 + checksumBytes
    static let lengthBytes = 4

    /// Appends a message as one datagram has it.
    /// - Precondition: it is one that servers send to each other.
    public static func encode(
        _ message: Message, as version: PeerVersion = .current, into bytes: inout [UInt8]
    ) {
        append(message, version, to: &bytes, isFramed: false)
    }

    /// Appends a message as a stream has it: behind its length in four bytes.
    /// - Precondition: it is one that servers send to each other.
    public static func appendFrame(
        _ message: Message, as version: PeerVersion = .current, to bytes: inout [UInt8]
    ) {
        append(message, version, to: &bytes, isFramed: true)
    }

    private static func append(
        _ message: Message, _ version: PeerVersion, to bytes: inout [UInt8], isFramed: Bool
    ) {
        bytes.write(atMost: lengthBytes + SizeBound.of(message.body)) { writer in
            let start = isFramed ? lengthBytes : 0
            if isFramed { writer.fixed32(0) }
            writer.byte(version.rawValue)
            writer.byte(MessageKind(message.body).rawValue)
            writer.varint(message.stamp.number)
            writer.body(message.body, version)
            writer.fixed64(Checksum.of(writer.written(from: start)))
            if isFramed { writer.patch32(UInt32(writer.count - lengthBytes), at: 0) }
        }
    }

    /// The version in which a message is written; nil for one that nobody here knows.
    public static func version(of bytes: UnsafeRawBufferPointer) -> PeerVersion? {
        bytes.first.flatMap { PeerVersion(rawValue: $0) }
    }

    /// The message that one datagram, or one frame without its length, holds.
    ///
    /// With `newest`, later versions are as unknown as they are to former software.
    public static func decode(
        _ bytes: UnsafeRawBufferPointer, upTo newest: PeerVersion = .current
    ) throws(WireError) -> Message {
        guard let found = bytes.first else { throw .truncated }
        guard let version = PeerVersion(rawValue: found), version <= newest else {
            throw .unknownVersion(found)
        }
        guard bytes.count >= messageBytesMin else { throw .truncated }
        let end = bytes.count - checksumBytes
        let content = UnsafeRawBufferPointer(rebasing: bytes[..<end])
        let stored = bytes.loadUnaligned(fromByteOffset: end, as: UInt64.self)
        guard Checksum.of(content) == UInt64(littleEndian: stored) else { throw .badChecksum }
        guard let kind = MessageKind(rawValue: bytes[1]) else { throw .unknownKind(bytes[1]) }
        var reader = ByteReader(UnsafeRawBufferPointer(rebasing: content[2...]))
        let stamp = try reader.stamp()
        let body = try reader.body(of: kind, version)
        try reader.expectEnd()
        return Message(stamp: stamp, body: body)
    }
}
