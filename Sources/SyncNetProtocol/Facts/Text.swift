/// Text that compares by its UTF-8 bytes: names, rooms, sessions and messages.
///
/// Swift's `String ==` takes é for e followed by U+0301; SQLite and Python do not.
public struct Text: Comparable, Sendable, ExpressibleByStringLiteral {
    /// The bytes. Valid UTF-8 wherever they came through a codec.
    public var utf8: [UInt8]

    /// Makes a text of bytes that are known to be UTF-8.
    public init(utf8: [UInt8]) { self.utf8 = utf8 }

    /// Makes a text of a string.
    public init(_ string: String) { utf8 = Array(string.utf8) }

    /// Makes a text of a literal.
    public init(stringLiteral value: StaticString) {
        utf8 = value.withUTF8Buffer { Array($0) }
    }

    /// The same as a string.
    public var string: String { String(decoding: utf8, as: UTF8.self) }

    /// Whether there is nothing in it.
    public var isEmpty: Bool { utf8.isEmpty }

    /// Whether they have the same bytes. Eight at a time: an array compares one by one.
    public static func == (lhs: Self, rhs: Self) -> Bool {
        guard lhs.utf8.count == rhs.utf8.count else { return false }
        return lhs.utf8.withUnsafeBytes { left in
            rhs.utf8.withUnsafeBytes { right in
                left.baseAddress == right.baseAddress || areEqual(left, right)
            }
        }
    }

    private static func areEqual(
        _ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer
    ) -> Bool {
        var offset = 0
        while offset + 8 <= left.count {
            let word = left.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            guard word == right.loadUnaligned(fromByteOffset: offset, as: UInt64.self) else {
                return false
            }
            offset += 8
        }
        while offset < left.count {
            guard left[offset] == right[offset] else { return false }
            offset += 1
        }
        return true
    }

    /// Byte order.
    public static func < (lhs: Self, rhs: Self) -> Bool {
        lhs.utf8.lexicographicallyPrecedes(rhs.utf8)
    }
}
