/// A 64-bit checksum of a row. Each step is a bijection of the state, so that a change that
/// stays within one word can't go unnoticed.
struct Checksum {
    /// What kind of row is summed; the same numbers in another table have another sum.
    enum Kind: UInt64 {
        case entry = 1, facts, formation, room, member, post, session, admitted, evidence
        case restricted, account, segment, run
    }

    private var state: UInt64

    init(_ kind: Kind) {
        state = 0x9E37_79B9_7F4A_7C15
        add(kind.rawValue)
    }

    mutating func add(_ word: UInt64) {
        state = (state ^ word) &* 0xFF51_AFD7_ED55_8CCD
        state ^= state &>> 32
    }

    mutating func add(_ bytes: UnsafeRawBufferPointer) {
        add(UInt64(bytes.count))
        var offset = 0
        while bytes.count - offset >= 8 {
            add(UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)))
            offset += 8
        }
        guard offset < bytes.count else { return }
        var tail: UInt64 = 0
        for (place, byte) in bytes[offset...].enumerated() {
            tail |= UInt64(byte) &<< UInt64(8 * place)
        }
        add(tail)
    }

    mutating func add(_ bytes: [UInt8]) { bytes.withUnsafeBytes { add($0) } }

    var value: UInt64 {
        var result = state &* 0xC4CE_B9FE_1A85_EC53
        result ^= result &>> 29
        return result
    }
}
