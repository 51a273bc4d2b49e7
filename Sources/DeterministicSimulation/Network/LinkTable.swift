/// One direction between two nodes.
struct Link {
    /// How many faults keep datagrams from it.
    fileprivate(set) var datagramCuts: UInt16 = 0
    /// How many faults keep what goes on streams from it.
    fileprivate(set) var streamCuts: UInt16 = 0
    /// Index of its quality; zero for that of all.
    var quality: UInt16 = 0
    /// The weather does not reach it.
    var isSheltered = false
    /// What faults let it carry per second; zero for any amount.
    var limit: UInt32 = 0
    /// The last change of faults has made it wider.
    var wasNarrower = false
    /// How many bytes faults let wait for it; zero for any number.
    var buffer: UInt32 = 0
    /// When it was cut for streams.
    fileprivate(set) var cutSince: UInt64 = 0
    /// What slow links add.
    var slowedBy: UInt64 = 0
    /// Until when earlier bytes occupy it, where its capacity is limited.
    var busyUntil: UInt64 = 0

    func isCut(for traffic: Traffic) -> Bool {
        traffic == .datagrams ? datagramCuts > 0 : streamCuts > 0
    }
}

/// The links between all pairs of nodes, by slots.
struct LinkTable {
    private var links: [Link] = []
    private var stride = 0
    /// How many cuts there are on all links together.
    private var cuts = 0

    mutating func grow(to count: Int) {
        guard count > stride else { return }
        let wider = max(8, stride * 2)
        var grown = [Link](repeating: Link(), count: wider * wider)
        for from in 0..<stride {
            for to in 0..<stride { grown[from * wider + to] = links[from * stride + to] }
        }
        links = grown
        stride = wider
    }

    /// Whether a link is cut. Where none is, no link is looked at: those of a thousand nodes fit
    /// into no cache.
    func isCut(_ from: Int, _ to: Int, for traffic: Traffic) -> Bool {
        cuts > 0 && self[from, to].isCut(for: traffic)
    }

    /// One more fault cuts a link; nil: for all traffic.
    mutating func cut(_ from: Int, _ to: Int, for traffic: Traffic?, at now: UInt64) {
        cuts += 1
        if traffic != .streams { self[from, to].datagramCuts += 1 }
        guard traffic != .datagrams else { return }
        if self[from, to].streamCuts == 0 { self[from, to].cutSince = now }
        self[from, to].streamCuts += 1
    }

    /// One fault fewer cuts it for that traffic.
    mutating func mend(_ from: Int, _ to: Int, for traffic: Traffic?) {
        cuts -= 1
        if traffic != .streams { self[from, to].datagramCuts -= 1 }
        if traffic != .datagrams { self[from, to].streamCuts -= 1 }
    }

    subscript(from: Int, to: Int) -> Link {
        get { links[from * stride + to] }
        _modify { yield &links[from * stride + to] }
    }
}

extension Fabric {
    mutating func setQuality(_ quality: LinkQuality, _ from: Int, _ to: Int) {
        if let known = qualities.firstIndex(of: quality) {
            links[from, to].quality = UInt16(known)
        } else {
            links[from, to].quality = UInt16(qualities.count)
            qualities.append(quality)
        }
    }
}
