/// What stands for a character in a JSON string.
enum JSONEscape {
    /// The UTF-16 unit that four hexadecimal digits name, nil where they don't stand there.
    static func unit(in bytes: UnsafeRawBufferPointer, at offset: Int) -> UInt32? {
        guard bytes.count - offset >= 4 else { return nil }
        var unit: UInt32 = 0
        for byte in bytes[offset..<(offset + 4)] {
            switch byte {
            case 0x30...0x39: unit = unit << 4 | UInt32(byte - 0x30)
            case 0x41...0x46: unit = unit << 4 | UInt32(byte - 0x41 + 10)
            case 0x61...0x66: unit = unit << 4 | UInt32(byte - 0x61 + 10)
            default: return nil
            }
        }
        return unit
    }

    /// The text of a string that a scanner has accepted.
    static func resolve(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count)
        var offset = 0
        while offset < bytes.count {
            if bytes[offset] == UInt8(ascii: "\\") {
                offset += resolve(in: bytes, at: offset + 1, into: &text)
            } else {
                text.append(bytes[offset])
                offset += 1
            }
        }
        return text
    }

    /// Appends what one escape stands for, and tells its length with the backslash.
    private static func resolve(
        in bytes: UnsafeRawBufferPointer, at offset: Int, into text: inout [UInt8]
    ) -> Int {
        switch bytes[offset] {
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"):
            let high = unit(in: bytes, at: offset + 1) ?? 0xFFFD
            guard high & 0xFC00 == 0xD800 else {
                append(high, to: &text)
                return 6
            }
            let low = unit(in: bytes, at: offset + 7) ?? 0xDC00
            append(0x10000 + (high & 0x3FF) << 10 + (low & 0x3FF), to: &text)
            return 12
        case let itself: text.append(itself)
        }
        return 2
    }

    private static func append(_ scalar: UInt32, to text: inout [UInt8]) {
        guard let scalar = Unicode.Scalar(scalar), let encoded = UTF8.encode(scalar) else {
            preconditionFailure("a scanner let half of a surrogate pair pass")
        }
        text.append(contentsOf: encoded)
    }
}
