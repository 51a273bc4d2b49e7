/// Appends numbers and byte strings in the form that ``ByteReader`` reads.
struct ByteWriter {
    var bytes: [UInt8] = []

    mutating func word(_ value: UInt64) {
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }

    /// Seven bits a byte, lowest first.
    mutating func varint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest &>>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    mutating func string(_ value: [UInt8]) {
        varint(UInt64(value.count))
        bytes.append(contentsOf: value)
    }
}

/// The bytes end too early, or say something that was never written.
struct Unreadable: Error {}

/// Reads what ``ByteWriter`` wrote.
struct ByteReader {
    private let bytes: [UInt8]
    private var offset = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var isAtEnd: Bool { offset == bytes.count }

    mutating func byte() throws(Unreadable) -> UInt8 {
        guard offset < bytes.count else { throw Unreadable() }
        defer { offset += 1 }
        return bytes[offset]
    }

    mutating func word() throws(Unreadable) -> UInt64 {
        var value: UInt64 = 0
        for place in 0..<8 { value |= UInt64(try byte()) &<< UInt64(8 * place) }
        return value
    }

    mutating func varint() throws(Unreadable) -> UInt64 {
        var value: UInt64 = 0
        for place in 0..<10 {
            let byte = try byte()
            value |= UInt64(byte & 0x7F) &<< UInt64(7 * place)
            if byte < 0x80 { return value }
        }
        throw Unreadable()
    }

    mutating func string() throws(Unreadable) -> [UInt8] {
        let count = try varint()
        guard count <= UInt64(bytes.count - offset) else { throw Unreadable() }
        defer { offset += Int(count) }
        return Array(bytes[offset..<(offset + Int(count))])
    }
}
