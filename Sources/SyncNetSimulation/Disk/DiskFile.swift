/// A file: what programs see, what is durable, and the changes that lie between.
final class DiskFile {
    static let sectorBytes = 512

    /// A change since the last sync.
    struct Change {
        var offset: Int
        var count: Int
        /// Where its bytes are in `arena`; -1 for zeros, which a truncation leaves.
        var source: Int
        /// How large the file was afterwards.
        var sizeAfter: Int
    }

    private var current = DiskImage()
    private var durable = DiskImage()
    private var arena = DiskImage()
    private(set) var changes: [Change] = []
    /// So many of the changes were said to be durable by a sync that lied.
    private var promisedCount = 0
    /// Whether programs see something that was dropped.
    private var hasDropped = false
    /// Whether something was among it that had been said to be durable.
    private var hasBrokenPromise = false
    /// Who has it open; for locks.
    var openFiles: [OpenFile] = []
    /// The wal-index of a database, while anybody has mapped it.
    var sharedMemory: SharedMemory?

    var size: Int { current.size }
    var isSynced: Bool { changes.isEmpty }

    func read(_ target: UnsafeMutableRawPointer, count: Int, at offset: Int) -> Int {
        current.read(target, count: count, at: offset)
    }

    func write(_ source: UnsafeRawPointer, count: Int, at offset: Int) {
        current.write(source, count: count, at: offset)
        let place = arena.append(source, count: count)
        changes.append(
            Change(offset: offset, count: count, source: place, sizeAfter: current.size))
    }

    func truncate(to size: Int) {
        let cut = max(0, current.size - size)
        current.resize(to: size)
        changes.append(Change(offset: size, count: cut, source: -1, sizeAfter: size))
    }

    /// Makes all durable.
    func sync() {
        for change in changes {
            if change.source >= 0 {
                durable.write(
                    arena.bytes(from: change.source), count: change.count, at: change.offset)
            } else {
                durable.resize(to: change.sizeAfter)
            }
        }
        forgetChanges()
        // Whoever writes all of it anew has mended what was dropped.
        if hasDropped, current.isEqual(to: durable) {
            hasDropped = false
            hasBrokenPromise = false
        }
    }

    /// Takes all for durable, and is wrong.
    func promise() { promisedCount = changes.count }

    /// Takes all for written, and drops it. What programs see stays as it is, from then on
    /// without a trace on the disk.
    func drop() {
        hasDropped = hasDropped || !changes.isEmpty
        hasBrokenPromise = hasBrokenPromise || promisedCount > 0
        forgetChanges()
    }

    /// The disk writes on its own what it said was durable long ago.
    func keepPromises() { if promisedCount > 0 { sync() } }

    private func forgetChanges() {
        changes.removeAll(keepingCapacity: true)
        arena.resize(to: 0)
        promisedCount = 0
    }

    /// Where something durable stands that is not nothing, sector by sector, each up to its
    /// last byte that counts; for those who flip a bit.
    var durableSectors: [Range<Int>] {
        stride(from: 0, to: durable.size, by: Self.sectorBytes).compactMap { start in
            let sector = start..<min(start + Self.sectorBytes, durable.size)
            return durable.lastByte(in: sector).map { start..<$0 + 1 }
        }
    }

    /// Changes a bit of what is durable, and of what programs see unless they see something
    /// newer there.
    func flip(bit: Int) {
        durable.flip(bit: bit)
        guard bit / 8 < current.size else { return }
        let isCovered = changes.contains {
            bit / 8 >= $0.offset && bit / 8 < $0.offset + $0.count
        }
        if !isCovered { current.flip(bit: bit) }
    }

    /// The same file on another disk, open to nobody.
    func copy() -> DiskFile {
        let other = DiskFile()
        other.current.copy(from: current)
        other.durable.copy(from: durable)
        other.arena.copy(from: arena)
        other.changes = changes
        other.promisedCount = promisedCount
        other.hasDropped = hasDropped
        other.hasBrokenPromise = hasBrokenPromise
        return other
    }

    /// In how many ways a power cut may leave it, where chosen sector by sector, and the two
    /// ways that are chosen at once; `UInt64.max` for more than can be counted.
    var outcomes: UInt64 {
        guard !changes.isEmpty else { return 1 }
        let touched = touchedSectors()
        var result = UInt64(changes.count + 1)
        var first = 0
        while first < touched.count {
            var end = first
            while end < touched.count, touched[end].sector == touched[first].sector { end += 1 }
            let (product, isTooMuch) = result.multipliedReportingOverflow(
                by: UInt64(end - first + 1))
            guard !isTooMuch else { return .max }
            result = product
            first = end
        }
        return result < .max - 2 ? result + 2 : .max
    }

    // MARK: Power cuts

    /// The process ends, and the kernel goes on with all that it was given.
    func kill() {
        openFiles = []
        sharedMemory = nil
    }

    /// Loses all that was not synced, but for what `choose` keeps. True: among it was
    /// something that had been said to be durable.
    func crash(_ choose: (StaticString, UInt64) -> UInt64) -> Bool {
        kill()
        guard !changes.isEmpty || hasDropped else { return false }
        hasDropped = false
        var breaksPromise = promisedCount > 0
        let hasBrokenPromise = hasBrokenPromise
        self.hasBrokenPromise = false
        switch choose("crash keeps of a file: nothing, all, some sectors", 3) {
        case 0: break
        case 1:
            sync()
            breaksPromise = false
        default: tear(choose)
        }
        forgetChanges()
        current.copy(from: durable)
        return breaksPromise || hasBrokenPromise
    }

    /// Keeps, of every sector, one of the versions that it had since the last sync.
    private func tear(_ choose: (StaticString, UInt64) -> UInt64) {
        let sizes = [durable.size] + changes.map(\.sizeAfter)
        let size = sizes[Int(choose("crash keeps a size", UInt64(sizes.count)))]
        let touched = touchedSectors()
        var first = 0
        while first < touched.count {
            var end = first
            while end < touched.count, touched[end].sector == touched[first].sector { end += 1 }
            let kept = Int(choose("crash keeps a version of a sector", UInt64(end - first + 1)))
            for place in first..<(first + kept) { redo(touched[place]) }
            first = end
        }
        durable.resize(to: size)
    }

    private struct Touch {
        var sector: Int
        var change: Int
    }

    private func touchedSectors() -> [Touch] {
        var result: [Touch] = []
        for (number, change) in changes.enumerated() where change.count > 0 {
            let last = (change.offset + change.count - 1) / Self.sectorBytes
            for sector in (change.offset / Self.sectorBytes)...last {
                result.append(Touch(sector: sector, change: number))
            }
        }
        result.sort { ($0.sector, $0.change) < ($1.sector, $1.change) }
        return result
    }

    /// Makes durable what a change did to one sector.
    private func redo(_ touch: Touch) {
        let change = changes[touch.change]
        let start = max(change.offset, touch.sector * Self.sectorBytes)
        let end = min(change.offset + change.count, (touch.sector + 1) * Self.sectorBytes)
        if change.source >= 0 {
            let source = arena.bytes(from: change.source + start - change.offset)
            durable.write(source, count: end - start, at: start)
        } else {
            let zeros = [UInt8](repeating: 0, count: end - start)
            zeros.withUnsafeBytes { buffer in
                guard let base = buffer.baseAddress else { return }
                durable.write(base, count: end - start, at: start)
            }
        }
    }
}
