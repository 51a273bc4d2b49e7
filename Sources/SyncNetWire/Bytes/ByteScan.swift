/// Looks at eight bytes at a time.
enum ByteScan {
    static let ones: UInt64 = 0x0101_0101_0101_0101
    static let highBits: UInt64 = 0x8080_8080_8080_8080

    /// The high bits of the bytes that are equal to `byte`. Only the lowest of them can be
    /// relied on: a borrow may set others above it.
    @inline(__always)
    static func matches(_ byte: UInt8, in word: UInt64) -> UInt64 {
        let rest = word ^ (ones &* UInt64(byte))
        return (rest &- ones) & ~rest & highBits
    }

    /// How many of the bytes from `offset` on, by eights, mean nothing special in a JSON
    /// string: ASCII that is neither a quote, nor a backslash, nor a control character.
    @inline(__always)
    static func plainPrefix(of bytes: UnsafeRawBufferPointer, from offset: Int) -> Int {
        var end = offset
        while end &+ 8 <= bytes.count {
            let word = bytes.loadUnaligned(fromByteOffset: end, as: UInt64.self)
            let controls = (word &- ones &* 0x20) & ~word
            let special =
                (word | controls) & highBits | matches(UInt8(ascii: "\""), in: word)
                | matches(UInt8(ascii: "\\"), in: word)
            guard special == 0 else { break }
            end &+= 8
        }
        return end &- offset
    }
}
