import SyncNetProtocol

/// Reads the parts of a message. Any bytes either give the part or throw.
struct ByteReader {
    private let bytes: UnsafeRawBufferPointer
    private var position = 0

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    var remaining: Int { bytes.count &- position }

    /// Nothing may follow the last part.
    func expectEnd() throws(WireError) {
        guard remaining == 0 else { throw .invalid("end: more bytes follow it") }
    }

    @inline(__always)
    mutating func byte() throws(WireError) -> UInt8 {
        guard remaining >= 1 else { throw .truncated }
        defer { position &+= 1 }
        return bytes[position]
    }

    @inline(__always)
    mutating func fixed64() throws(WireError) -> UInt64 {
        guard remaining >= 8 else { throw .truncated }
        defer { position &+= 8 }
        let word = bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self)
        return UInt64(littleEndian: word)
    }

    /// One number has one encoding: longer ones, and those beyond 64 bits, are refused.
    @inline(__always)
    mutating func varint() throws(WireError) -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            let next = try byte()
            value |= UInt64(next & 0x7F) &<< shift
            if next < 0x80 {
                guard next != 0 || shift == 0, shift < 63 || next == 1 else {
                    throw .invalid("varint")
                }
                return value
            }
            guard shift < 63 else { throw .invalid("varint") }
            shift &+= 7
        }
    }

    /// A number that is counted up from zero. No honest one comes near 2^63, and below it
    /// nobody's "one more" overflows, nor SQLite's integers.
    @inline(__always)
    mutating func counter() throws(WireError) -> UInt64 {
        let value = try varint()
        guard value <= UInt64(Int64.max) else { throw .invalid("counter") }
        return value
    }

    mutating func small() throws(WireError) -> UInt32 {
        guard let value = UInt32(exactly: try varint()) else { throw .invalid("small number") }
        return value
    }

    mutating func flag() throws(WireError) -> Bool {
        switch try byte() {
        case 0: false
        case 1: true
        default: throw .invalid("flag")
        }
    }

    /// A byte in which only the known bits may be set.
    mutating func flags(known: UInt8) throws(WireError) -> UInt8 {
        let value = try byte()
        guard value & ~known == 0 else { throw .invalid("flags") }
        return value
    }

    /// A number of elements, believed only if so many can still follow.
    mutating func count(
        ofElementsFrom bytesMin: Int, most: Int = .max
    ) throws(WireError) -> Int {
        let value = try varint()
        guard value <= UInt64(remaining / bytesMin) else { throw .truncated }
        guard value <= UInt64(most) else { throw .tooLarge }
        return Int(value)
    }

    mutating func text() throws(WireError) -> Text {
        let length = try count(ofElementsFrom: 1)
        let slice = UnsafeRawBufferPointer(rebasing: bytes[position..<(position &+ length)])
        guard UTF8Check.isValid(slice) else { throw .invalid("UTF-8") }
        position &+= length
        return Text(utf8: [UInt8](slice))
    }

    /// The text that a machine was given or made, whatever its bytes are.
    mutating func anyText() throws(WireError) -> Text {
        let length = try count(ofElementsFrom: 1)
        defer { position &+= length }
        return Text(utf8: [UInt8](bytes[position..<(position &+ length)]))
    }

    mutating func finiteDouble() throws(WireError) -> Double {
        let value = Double(bitPattern: try fixed64())
        guard value.isFinite else { throw .invalid("finite number") }
        return value
    }
}
