public import StateMachine

/// A journal for any vocabulary: the list of what was written, in memory.
///
/// A commit is all or nothing. One that is interrupted by a crash is kept or lost, as drawn.
/// Every ``DiskTrouble`` shows in it. By default it keeps checksums, as it were: reading
/// what is damaged or misplaced fails. See ``init(syncs:damage:answer:)`` for the other way.
public struct ListJournal<Words: Vocabulary>: SimulatedJournal {
    /// Makes something else of a damaged write; the number is drawn.
    public typealias Damage = @Sendable (Words.Write, UInt64) -> Words.Write

    /// All writes that a reader of the disk sees, first to last, whatever trouble the disk
    /// is in. ``read()`` goes by the trouble.
    public private(set) var writes: [Words.Write] = []
    /// How many of them survive a loss of power.
    public private(set) var syncedCount = 0
    private let syncs: Bool
    private let damage: Damage?
    private let respond: @Sendable ([Words.Write], Words.Query) -> Words.Answer
    private var troubles = TroubleSet()
    /// The places at which something is that was not written there.
    private var damaged: [Int] = []
    /// The first write that a sync has failed or lied about: from there on nothing is
    /// durable, as a log can't be read beyond a hole.
    private var hole: Int?
    /// What was drawn for the trouble that the disk is in.
    private var chance: UInt64 = 0

    /// Makes an empty journal that answers queries from the list of its writes.
    ///
    /// With `syncs` false it forgets to sync, as a planted bug: a kill loses nothing then,
    /// a loss of power everything. With `damage` it keeps no checksums: what is damaged is
    /// read as `damage` makes it, what is misplaced as another write, without a word.
    public init(
        syncs: Bool = true, damage: Damage? = nil,
        answer: @escaping @Sendable ([Words.Write], Words.Query) -> Words.Answer
    ) {
        self.syncs = syncs
        self.damage = damage
        respond = answer
    }

    /// Adds the writes at the end.
    /// - Throws: `full` where there is no space left; `broken` where the sync failed. What
    ///   the sync failed for is read all the same, and a loss of power takes it.
    public mutating func commit(_ writes: [Words.Write]) throws(JournalFailure) {
        guard !troubles.isEmpty else { return append(writes) }
        if troubles.contains(.full) { throw .full }
        let first = self.writes.count
        append(writes)
        if troubles.contains(.misdirectedWrite) { misdirect(first) }
        guard troubles.contains(.failedSync) || troubles.contains(.lyingSync) else { return }
        hole = min(hole ?? first, first)
        syncedCount = min(syncedCount, first)
        if troubles.contains(.failedSync) { throw .broken }
    }

    private mutating func append(_ writes: [Words.Write]) {
        self.writes += writes
        if syncs { syncedCount = hole ?? self.writes.count }
    }

    /// What the disk gives to a reader.
    /// - Throws: `broken` where reading fails, or finds what can't be right.
    public func read() throws(JournalFailure) -> [Words.Write] {
        guard !troubles.isEmpty || !damaged.isEmpty else { return writes }
        if troubles.contains(.readError) { throw .broken }
        guard let damage else {
            let isAstray = troubles.contains(.misdirectedRead) && !writes.isEmpty
            if isAstray || !damaged.isEmpty { throw .broken }
            return shortened(writes)
        }
        var found = writes
        for place in damaged { found[place] = damage(writes[place], chance) }
        if troubles.contains(.misdirectedRead), found.count > 1 {
            let place = Int(chance % UInt64(found.count))
            found[place] = writes[(place + 1) % found.count]
        }
        return shortened(found)
    }

    private func shortened(_ found: [Words.Write]) -> [Words.Write] {
        guard troubles.contains(.shortRead), !found.isEmpty else { return found }
        return Array(found.prefix(Int(chance % UInt64(found.count))))
    }

    /// Answers from what the disk gives.
    public mutating func answer(_ query: Words.Query) throws(JournalFailure) -> Words.Answer {
        respond(try read(), query)
    }

    /// Keeps what the kind of crash leaves.
    public mutating func crash(
        _ kind: CrashKind, interrupted: [Words.Write]?, of node: NodeID,
        decisions: inout Decisions
    ) {
        if let interrupted, !troubles.contains(.full),
            decisions.draw(DecisionPoint(.diskInterrupted, node), in: 0...1) == 1
        {
            try? commit(interrupted)
        }
        guard kind == .powerLoss else { return }
        writes.removeSubrange(syncedCount...)
        damaged.removeAll { $0 >= syncedCount }
        hole = nil
    }
}

/// Troubles of the disk.
extension ListJournal {
    /// From now on the disk does as the trouble says; a bit flips at once.
    public mutating func begin(
        _ trouble: DiskTrouble, of node: NodeID, decisions: inout Decisions
    ) {
        guard trouble != .stall else { return }
        chance = decisions.draw(DecisionPoint(.diskDamage, node), in: 0...UInt64.max)
        guard trouble != .bitFlip else { return flip() }
        troubles.insert(trouble)
    }

    /// The disk does as it should; what is damaged or lost stays so.
    public mutating func end(
        _ trouble: DiskTrouble, of node: NodeID, decisions: inout Decisions
    ) {
        troubles.remove(trouble)
    }

    /// Forgets all. Troubles that are in force stay.
    public mutating func wipe(of node: NodeID, decisions: inout Decisions) {
        writes = []
        syncedCount = 0
        damaged = []
        hole = nil
    }

    private mutating func flip() {
        guard !writes.isEmpty else { return }
        hurt(Int(chance % UInt64(writes.count)))
    }

    /// The first of the writes from there on goes over another one; its own place has what
    /// was there before, which means nothing.
    private mutating func misdirect(_ first: Int) {
        guard first > 0, first < writes.count else { return }
        let place = Int(chance % UInt64(first))
        writes[place] = writes[first]
        hurt(place)
        hurt(first)
    }

    private mutating func hurt(_ place: Int) {
        if !damaged.contains(place) { damaged.append(place) }
    }
}

/// A set of troubles.
struct TroubleSet: Equatable {
    private var bits: UInt16 = 0

    var isEmpty: Bool { bits == 0 }

    func contains(_ trouble: DiskTrouble) -> Bool { bits >> trouble.rawValue & 1 == 1 }

    mutating func insert(_ trouble: DiskTrouble) { bits |= 1 << trouble.rawValue }

    mutating func remove(_ trouble: DiskTrouble) { bits &= ~(1 << trouble.rawValue) }
}
