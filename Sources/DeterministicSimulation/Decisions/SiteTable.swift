/// A name without its occurrence: what choices of one kind are about.
struct Site: Equatable {
    var kind: UInt16
    var label: UInt16
    var node: UInt32
    var other: UInt32
    var number: UInt64
}

/// How often each site was asked. A hash table with open addressing: recordings ask it for
/// every choice.
struct SiteTable {
    struct Row {
        let site: Site
        var count: UInt32 = 0
        /// The decisions of this site that a playback has not come to yet.
        var rest: Range<Int> = 0..<0
    }

    private(set) var rows: [Row] = []
    /// Index of a row; -1 for none. Twice as many as rows, and more.
    private var slots: [Int32] = Array(repeating: -1, count: 256)

    /// The row of a site, which is added if it is new.
    mutating func row(of site: Site) -> Int {
        if rows.count * 2 >= slots.count { grow() }
        let slot = slot(of: site)
        if slots[slot] >= 0 { return Int(slots[slot]) }
        slots[slot] = Int32(rows.count)
        rows.append(Row(site: site))
        return rows.count - 1
    }

    /// The row of a site; nil where it has none.
    func find(_ site: Site) -> Int? {
        let row = slots[slot(of: site)]
        return row < 0 ? nil : Int(row)
    }

    /// Counts, and gives how often the site was asked with this time.
    mutating func count(_ row: Int) -> UInt32 {
        rows[row].count += 1
        return rows[row].count
    }

    mutating func setRest(_ rest: Range<Int>, of row: Int) { rows[row].rest = rest }

    private func slot(of site: Site) -> Int {
        let mask = slots.count - 1
        var slot = Self.hash(site) & mask
        while slots[slot] >= 0, rows[Int(slots[slot])].site != site { slot = (slot + 1) & mask }
        return slot
    }

    private mutating func grow() {
        slots = Array(repeating: -1, count: slots.count * 4)
        for row in rows.indices { slots[slot(of: rows[row].site)] = Int32(row) }
    }

    private static func hash(_ site: Site) -> Int {
        let nodes = UInt64(site.node) << 32 | UInt64(site.other)
        let names = UInt64(site.kind) << 16 | UInt64(site.label)
        let mixed = TraceHash.fold(TraceHash.fold(nodes, names), site.number)
        return Int(truncatingIfNeeded: mixed >> 1)
    }
}
