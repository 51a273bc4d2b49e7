/// Tells UTF-8 from other bytes, by table 3-7 of the Unicode standard.
enum UTF8Check {
    private static let highBits: UInt64 = 0x8080_8080_8080_8080

    /// Whether all bytes together are UTF-8. Text in ASCII goes by eight bytes at a time.
    static func isValid(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var offset = 0
        while offset < bytes.count {
            if offset &+ 8 <= bytes.count,
                bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self) & highBits == 0
            {
                offset &+= 8
            } else {
                let length = scalarLength(in: bytes, at: offset)
                guard length > 0 else { return false }
                offset &+= length
            }
        }
        return true
    }

    /// How many bytes the scalar has that begins at `offset`; 0 where none does.
    private static func scalarLength(in bytes: UnsafeRawBufferPointer, at offset: Int) -> Int {
        let first = bytes[offset]
        let length: Int
        var second: ClosedRange<UInt8> = 0x80...0xBF
        switch first {
        case 0x00...0x7F: return 1
        case 0xC2...0xDF: length = 2
        case 0xE0: (length, second) = (3, 0xA0...0xBF)
        case 0xED: (length, second) = (3, 0x80...0x9F)
        case 0xE1...0xEF: length = 3
        case 0xF0: (length, second) = (4, 0x90...0xBF)
        case 0xF4: (length, second) = (4, 0x80...0x8F)
        case 0xF1...0xF3: length = 4
        default: return 0
        }
        guard bytes.count - offset >= length, second.contains(bytes[offset &+ 1]) else { return 0 }
        for later in 2..<max(length, 2) where bytes[offset &+ later] & 0xC0 != 0x80 { return 0 }
        return length
    }
}
