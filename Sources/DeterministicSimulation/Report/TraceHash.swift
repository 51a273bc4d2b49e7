/// A running hash of all that happens: equal hashes mean equal runs.
///
/// Mixes by folding 128-bit products, as wyhash (Wang Yi) does: a few nanoseconds per event.
@usableFromInline
struct TraceHash {
    private(set) var value: UInt64 = 0x9E37_79B9_7F4A_7C15

    @inline(__always)
    static func fold(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let product = (left ^ 0xA076_1D64_78BD_642F).multipliedFullWidth(
            by: right ^ 0xE703_7ED1_A0B4_28DB)
        return product.high ^ product.low
    }

    mutating func add(_ first: UInt64, _ second: UInt64, _ third: UInt64) {
        value = Self.fold(Self.fold(value, first), Self.fold(second, third))
    }

    @usableFromInline
    static func digest(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        var result = UInt64(bytes.count)
        var offset = 0
        while offset + 8 <= bytes.count {
            let word = bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            result = fold(result, UInt64(littleEndian: word))
            offset += 8
        }
        var rest: UInt64 = 0
        while offset < bytes.count {
            rest = rest << 8 | UInt64(bytes[offset])
            offset += 1
        }
        return fold(result, rest)
    }
}
