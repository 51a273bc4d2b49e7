/// A 64-bit checksum against accidents, not against enemies: a chain of xor, odd
/// multiplication and xor-shift over little-endian words (the steps of splitmix64).
///
/// Every step can be undone, so two texts of one length that differ within a single
/// aligned word never have the same checksum; any other damage passes unseen once in
/// 2^64. It needs no table, and eight bytes cost about six cycles.
package enum Checksum {
    private static let multiplier: UInt64 = 0xBF58_476D_1CE4_E5B9
    private static let seed: UInt64 = 0x53_79_6E_63_4E_65_74_31

    /// The length counts as well, so that zeros at the end are not lost.
    package static func of(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        var sum = step(seed, UInt64(truncatingIfNeeded: bytes.count))
        var offset = 0
        while offset &+ 8 <= bytes.count {
            let word = bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            sum = step(sum, UInt64(littleEndian: word))
            offset &+= 8
        }
        var rest: UInt64 = 0
        var shift: UInt64 = 0
        while offset < bytes.count {
            rest |= UInt64(bytes[offset]) &<< shift
            shift &+= 8
            offset &+= 1
        }
        sum = step(sum, rest)
        return sum ^ (sum &>> 32)
    }

    /// The checksum of bytes that stand behind something else, of which `former` tells.
    package static func of(_ bytes: UnsafeRawBufferPointer, after former: UInt64) -> UInt64 {
        let sum = step(former, of(bytes))
        return sum ^ (sum &>> 32)
    }

    @inline(__always)
    private static func step(_ sum: UInt64, _ word: UInt64) -> UInt64 {
        let product = (sum ^ word) &* multiplier
        return product ^ (product &>> 29)
    }
}
