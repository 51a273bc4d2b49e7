/// How a record is divided: its first bytes, then frames, each behind its length and followed
/// by a checksum of its content, in which its number is hidden: none is missing, none stands
/// twice.
package enum RecordFrame {
    /// Which form of a record it is. Another one is not read.
    package static let version: UInt8 = 4
    /// What every record begins with.
    package static let magic = Array("SyncNet record\n".utf8)
    /// No frame is longer; a start with a large state is the longest.
    package static let bytesMax = 1 << 30
    static let checksumBytes = 4

    /// What a frame holds.
    enum Kind: UInt8 {
        case header = 0
        case digested = 1
        case full = 2
        case end = 3
    }

    /// Appends a frame around a content.
    static func append(_ content: [UInt8], _ number: UInt64, to bytes: inout [UInt8]) {
        bytes.varint(UInt64(content.count))
        bytes.append(contentsOf: content)
        bytes.fixed32(content.withUnsafeBytes { checksum(of: $0) } ^ short(number))
    }

    private static func checksum(of content: UnsafeRawBufferPointer) -> UInt32 {
        UInt32(truncatingIfNeeded: Checksum.of(content))
    }

    /// As much of a number as a frame holds.
    static func short(_ number: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: number) }

    /// What stands at the beginning of bytes.
    enum Look {
        /// A whole frame, if this is its number: its content's place, and how many bytes it
        /// takes.
        case frame(content: Range<Int>, bytes: Int, number: UInt32)
        /// More bytes are needed to tell.
        case incomplete
        /// No frame.
        case bad
    }

    static func look(at bytes: UnsafeRawBufferPointer) -> Look {
        var length: UInt64 = 0
        var offset = 0
        while true {
            guard offset < bytes.count else { return .incomplete }
            let byte = bytes[offset]
            length |= UInt64(byte & 0x7F) &<< UInt64(7 * offset)
            offset += 1
            if byte < 0x80 { break }
            guard offset < 5 else { return .bad }
        }
        guard length > 0, length <= UInt64(bytesMax) else { return .bad }
        let end = offset + Int(length)
        guard bytes.count >= end + checksumBytes else { return .incomplete }
        let content = UnsafeRawBufferPointer(rebasing: bytes[offset..<end])
        let stored = bytes.loadUnaligned(fromByteOffset: end, as: UInt32.self)
        return .frame(
            content: offset..<end, bytes: end + checksumBytes,
            number: UInt32(littleEndian: stored) ^ checksum(of: content))
    }
}
