import GRDBSQLite

/// The wal-index of a database: memory that all its connections share, and its eight locks.
///
/// It outlives a crash for those that still point into it, and nobody else.
final class SharedMemory {
    private var regions: [UnsafeMutableRawPointer] = []
    private var sharedHolders = [Int](repeating: 0, count: Int(SQLITE_SHM_NLOCK))
    private var exclusiveHolders = [Bool](repeating: false, count: Int(SQLITE_SHM_NLOCK))
    var connections = 0

    deinit { for region in regions { region.deallocate() } }

    func region(_ number: Int, size: Int, extending: Bool) -> UnsafeMutableRawPointer? {
        while extending, regions.count <= number {
            let region = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 16)
            region.initializeMemory(as: UInt8.self, repeating: 0, count: size)
            regions.append(region)
        }
        return number < regions.count ? regions[number] : nil
    }

    /// What one connection holds.
    struct Held {
        var shared: UInt16 = 0
        var exclusive: UInt16 = 0
    }

    func lock(_ slots: Range<Int>, exclusively: Bool, _ held: inout Held) -> Bool {
        for slot in slots {
            let own: UInt16 = 1 << UInt16(slot)
            if exclusiveHolders[slot], held.exclusive & own == 0 { return false }
            let others = sharedHolders[slot] - (held.shared & own == 0 ? 0 : 1)
            if exclusively, others > 0 { return false }
        }
        for slot in slots {
            let own: UInt16 = 1 << UInt16(slot)
            if exclusively {
                exclusiveHolders[slot] = true
                held.exclusive |= own
            } else if held.shared & own == 0 {
                sharedHolders[slot] += 1
                held.shared |= own
            }
        }
        return true
    }

    func unlock(_ slots: Range<Int>, _ held: inout Held) {
        for slot in slots {
            let own: UInt16 = 1 << UInt16(slot)
            if held.exclusive & own != 0 { exclusiveHolders[slot] = false }
            if held.shared & own != 0 { sharedHolders[slot] -= 1 }
            held.exclusive &= ~own
            held.shared &= ~own
        }
    }
}
