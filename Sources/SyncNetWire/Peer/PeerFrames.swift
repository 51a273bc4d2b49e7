public import SyncNetProtocol

/// Puts the messages of a stream together again, however its bytes were cut.
///
/// A stream has no way to find the next message after a broken one: after an error, the
/// same error is thrown for ever and what arrives is dropped. A message in an unknown version
/// is none: it is passed over and counted, since a peer of tomorrow may have one of its own.
public struct PeerFrames: Sendable {
    /// More than the fullest append with the default limits.
    public static let bytesMaxDefault = 4 << 20

    private let bytesMax: Int
    private let newest: PeerVersion
    /// How many messages were passed over, since their version is unknown.
    public private(set) var unknownVersions = 0
    private var buffer = ChunkBuffer()
    private var failure: WireError?

    /// Makes the receiving side of a stream whose messages have at most so many bytes.
    ///
    /// With `newest`, later versions are as unknown as they are to former software.
    public init(maxBytes: Int = PeerFrames.bytesMaxDefault, upTo newest: PeerVersion = .current) {
        bytesMax = maxBytes
        self.newest = newest
    }

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
            while let length = try frameLength() {
                if let message = try takeFrame(length) { return message }
                unknownVersions += 1
            }
            return nil
        } catch {
            failure = error
            buffer.removeAll()
            throw error
        }
    }

    /// Takes a whole frame off. Nil for one in an unknown version.
    private mutating func takeFrame(_ length: Int) throws(WireError) -> Message? {
        let (start, end) = (PeerCodec.lengthBytes, PeerCodec.lengthBytes + length)
        let newest = newest
        let message = try buffer.withBytes { bytes throws(WireError) -> Message? in
            let content = UnsafeRawBufferPointer(rebasing: bytes[start..<end])
            guard let version = PeerCodec.version(of: content), version <= newest else {
                return nil
            }
            return try PeerCodec.decode(content, upTo: newest)
        }
        buffer.removeFirst(end)
        return message
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
