public import SyncNetProtocol

/// Puts the messages of a stream together again, however its bytes were cut.
///
/// A stream has no way to find the next message after a broken one: after an error, the
/// same error is thrown for ever and what arrives is dropped.
public struct PeerFrames: Sendable {
    /// More than the fullest append with the default limits.
    public static let bytesMaxDefault = 4 << 20

    private let bytesMax: Int
    private var buffer = ChunkBuffer()
    private var failure: WireError?

    /// Makes the receiving side of a stream whose messages have at most so many bytes.
    public init(maxBytes: Int = PeerFrames.bytesMaxDefault) { bytesMax = maxBytes }

    /// How many bytes wait for the rest of their message, or to be asked for.
    public var pending: Int { buffer.count }

    /// Takes what arrived.
    public mutating func feed(_ bytes: UnsafeRawBufferPointer) {
        guard failure == nil else { return }
        buffer.append(bytes)
    }

    /// The next whole message, nil where more bytes are needed.
    public mutating func next() throws(WireError) -> Message? {
        if let failure { throw failure }
        do {
            guard let length = try frameLength() else { return nil }
            let message = try buffer.withBytes { bytes throws(WireError) in
                try PeerCodec.decode(
                    UnsafeRawBufferPointer(
                        rebasing: bytes[PeerCodec.lengthBytes..<PeerCodec.lengthBytes + length]))
            }
            buffer.removeFirst(PeerCodec.lengthBytes + length)
            return message
        } catch {
            failure = error
            buffer.removeAll()
            throw error
        }
    }

    /// The length of the next message, if all of it is here.
    private func frameLength() throws(WireError) -> Int? {
        guard buffer.count >= PeerCodec.lengthBytes else { return nil }
        let length = buffer.withBytes { bytes in
            Int(UInt32(littleEndian: bytes.loadUnaligned(as: UInt32.self)))
        }
        guard length <= bytesMax else { throw .tooLarge }
        guard length >= PeerCodec.messageBytesMin else { throw .truncated }
        return buffer.count - PeerCodec.lengthBytes >= length ? length : nil
    }
}
