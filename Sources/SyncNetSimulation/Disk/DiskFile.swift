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
    private var durableSize = 0
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
    }

    private func forgetChanges() {
        changes.removeAll(keepingCapacity: true)
        arena.resize(to: 0)
    }

    /// Changes a bit of what is durable and of what programs see.
    func flip(bit: Int) {
        durable.flip(bit: bit)
        current.flip(bit: bit)
    }

    // MARK: Power cuts

    /// Loses all that was not synced, but for what `choose` keeps.
    func crash(_ choose: (StaticString, UInt64) -> UInt64) {
        openFiles = []
        sharedMemory = nil
        guard !changes.isEmpty else { return }
        switch choose("crash keeps of a file: nothing, all, some sectors", 3) {
        case 0: break
        case 1: return sync()
        default: tear(choose)
        }
        forgetChanges()
        current.copy(from: durable)
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
