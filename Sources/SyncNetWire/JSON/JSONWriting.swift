import SyncNetProtocol

/// The parts of a JSON text, appended to bytes.
extension [UInt8] {
    @inline(__always)
    mutating func literal(_ text: StaticString) {
        text.withUTF8Buffer { append(contentsOf: $0) }
    }

    mutating func flag(_ flag: Bool) { literal(flag ? "true" : "false") }

    mutating func list<Item>(
        _ open: StaticString, _ close: StaticString, _ elements: [Item],
        _ write: (inout [UInt8], Item) -> Void
    ) {
        literal(open)
        var isFirst = true
        for element in elements {
            if !isFirst { literal(",") }
            isFirst = false
            write(&self, element)
        }
        literal(close)
    }

    mutating func natural(_ value: UInt64) {
        // The largest number has 20 digits, and they come last to first.
        withUnsafeTemporaryAllocation(byteCount: 20, alignment: 1) { digits in
            var first = digits.count
            var rest = value
            repeat {
                first &-= 1
                digits[first] = UInt8(truncatingIfNeeded: rest % 10) + 0x30
                rest /= 10
            } while rest > 0
            append(contentsOf: UnsafeRawBufferPointer(rebasing: digits[first...]))
        }
    }

    mutating func integer(_ value: Int64) {
        if value < 0 { literal("-") }
        natural(value.magnitude)
    }

    /// The shortest digits that give the same number back; null for what JSON can't say.
    mutating func number(_ value: Double) {
        guard value.isFinite else { return literal("null") }
        guard !wholeMicroseconds(value) else { return }
        append(contentsOf: value.description.utf8)
    }

    /// Times are whole microseconds mostly, and those need no search for the shortest
    /// digits: below 2^32 seconds no two of them share a `Double`.
    private mutating func wholeMicroseconds(_ value: Double) -> Bool {
        let scaled = value * 1_000_000
        guard scaled >= 100, value < 4_294_967_296 else { return false }
        let count = UInt64(scaled + 0.5)
        guard Double(count) / 1_000_000 == value else { return false }
        natural(count / 1_000_000)
        literal(".")
        var rest = count % 1_000_000
        var unit: UInt64 = 100_000
        repeat {
            append(UInt8(truncatingIfNeeded: rest / unit) + 0x30)
            rest %= unit
            unit /= 10
        } while rest > 0
        return true
    }

    /// A text in quotes. Beyond what JSON asks for, the line ends of Unicode are escaped:
    /// a reader that splits with Python's `splitlines` would take them for ours.
    mutating func string(_ text: Text) {
        literal("\"")
        text.utf8.withUnsafeBytes { bytes in
            var start = 0
            var offset = 0
            while offset < bytes.count {
                let length = JSONEscape.length(in: bytes, at: offset)
                guard length > 0 else {
                    offset &+= 1
                    continue
                }
                append(contentsOf: UnsafeRawBufferPointer(rebasing: bytes[start..<offset]))
                escape(bytes, offset, length)
                offset += length
                start = offset
            }
            append(contentsOf: UnsafeRawBufferPointer(rebasing: bytes[start...]))
        }
        literal("\"")
    }

    private mutating func escape(
        _ bytes: UnsafeRawBufferPointer, _ offset: Int, _ length: Int
    ) {
        switch (length, bytes[offset]) {
        case (1, UInt8(ascii: "\"")): literal("\\\"")
        case (1, UInt8(ascii: "\\")): literal("\\\\")
        case (1, 0x0A): literal("\\n")
        case (1, 0x0D): literal("\\r")
        case (1, 0x09): literal("\\t")
        case (1, let control):
            literal("\\u00")
            append(0x30 + control >> 4)
            append(control & 0xF < 10 ? 0x30 + control & 0xF : 0x57 + control & 0xF)
        case (2, _): literal("\\u0085")
        default: literal(bytes[offset + 2] == 0xA8 ? "\\u2028" : "\\u2029")
        }
    }
}

extension JSONEscape {
    /// How many bytes of a text have to be escaped together; 0 where these need not.
    @inline(__always)
    static func length(in bytes: UnsafeRawBufferPointer, at offset: Int) -> Int {
        switch bytes[offset] {
        case 0..<0x20, UInt8(ascii: "\""), UInt8(ascii: "\\"): return 1
        case 0xC2: return offset + 1 < bytes.count && bytes[offset + 1] == 0x85 ? 2 : 0
        case 0xE2:
            guard offset + 2 < bytes.count, bytes[offset + 1] == 0x80 else { return 0 }
            return bytes[offset + 2] == 0xA8 || bytes[offset + 2] == 0xA9 ? 3 : 0
        default: return 0
        }
    }
}
