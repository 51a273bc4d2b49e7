import NIOCore
import SyncNetWire

/// The frames of a stream whose beginning was proven: each ends with its mark.
struct SealedFrames {
    private static let lengthBytes = 4
    private let frameBytesMax: Int
    private var key: StreamKey
    private var buffer = ByteBuffer()

    init(_ key: StreamKey, frameBytesMax: Int) {
        self.key = key
        self.frameBytesMax = frameBytesMax
    }

    /// What arrived.
    mutating func feed(_ bytes: inout ByteBuffer) {
        buffer.discardReadBytes()
        buffer.writeBuffer(&bytes)
    }

    /// Hands on the next whole frame, length and all, without its mark; false where more bytes
    /// are needed.
    mutating func next(_ take: (UnsafeRawBufferPointer) -> Void) throws(StreamForgery) -> Bool {
        guard
            let length = buffer.getInteger(
                at: buffer.readerIndex, endianness: .little, as: UInt32.self)
        else { return false }
        guard length <= frameBytesMax else { throw StreamForgery() }
        let frameBytes = Self.lengthBytes + Int(length)
        guard buffer.readableBytes >= frameBytes + StreamKey.markBytes,
            let frame = buffer.readSlice(length: frameBytes),
            let mark = buffer.readBytes(length: StreamKey.markBytes)
        else { return false }
        let expected = frame.withUnsafeReadableBytes { key.mark(of: $0) }
        guard ClusterSecret.areEqual(expected, mark) else { throw StreamForgery() }
        frame.withUnsafeReadableBytes(take)
        return true
    }
}

/// A frame that nobody with the stream's key sent, at least not here.
struct StreamForgery: Error {}
