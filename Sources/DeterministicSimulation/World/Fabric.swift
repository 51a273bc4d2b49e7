public import StateMachine

/// The part of the world that is the same for every system: time, network, nodes, faults.
///
/// Not generic, so that it is compiled once; the generic world around it is thin.
@usableFromInline
struct Fabric: ~Copyable {
    @usableFromInline var decisions: Decisions
    let options: SimulationOptions
    /// True time in nanoseconds.
    @usableFromInline var now: UInt64 = 0
    var queue = EventQueue()
    @usableFromInline var nodes: [Node] = []
    /// Slot of each rank; -1 for none.
    private var slots: [Int32] = []
    var links = LinkTable()
    var qualities: [LinkQuality]
    var weather = Weather()
    /// What the weather adds to every delay.
    var oddDelay: Delay?
    @usableFromInline var packets = PacketPool()
    @usableFromInline var ends: [StreamEnd] = []
    /// Ends on which the machine that runs has sent.
    @usableFromInline var unsettledEnds: [Int] = []
    /// Ends with bytes or an ending that wait at a cut.
    var heldEnds: [Int] = []
    var faults: [ActiveFault] = []
    var nemesis: FaultProfile?
    /// How often the nemesis has waited for its moment: the number of the strike to come.
    var strikes: UInt64 = 0
    @usableFromInline var counts = WorldCounts()
    @usableFromInline var points = PointCounts()
    @usableFromInline var hash = TraceHash()
    @usableFromInline var events: UInt64 = 0
    @usableFromInline var isStopped = false
    /// How many things have happened at this moment.
    private var atOnce: UInt64 = 0
    /// What was done to nodes since the checkers were last told.
    @usableFromInline var changes: [(change: NodeChange, node: NodeID)] = []
    /// Which faults began or ended since then.
    @usableFromInline var faultChanges: [(fault: Fault, isBeginning: Bool)] = []
    /// What the system itself found.
    @usableFromInline var reported: Violation?

    @usableFromInline
    init(_ options: SimulationOptions, _ decisions: consuming Decisions) {
        self.options = options
        self.decisions = decisions
        qualities = [options.link]
    }

    @usableFromInline
    mutating func add(_ id: NodeID, _ role: Role) -> Int {
        precondition(slot(of: id) == nil, "node \(id.rank) is there already")
        precondition(id.rank < 1 << 20, "ranks are below \(1 << 20), not \(id.rank)")
        while slots.count <= Int(id.rank) { slots.append(-1) }
        let offset = decisions.draw(
            DecisionPoint(.clockOffset, id), in: options.clockOffset)
        let rate = decisions.rate(DecisionPoint(.clockRate, id), in: options.clockRate)
        let clock = NodeClock(offset: offset, wallStart: options.wallStart, rate: rate)
        slots[Int(id.rank)] = Int32(nodes.count)
        nodes.append(Node(id: id, role: role, clock: clock))
        links.grow(to: nodes.count)
        return nodes.count - 1
    }

    @usableFromInline
    func slot(of id: NodeID) -> Int? {
        guard Int(id.rank) < slots.count, slots[Int(id.rank)] >= 0 else { return nil }
        return Int(slots[Int(id.rank)])
    }

    @usableFromInline
    func reading(_ slot: Int) -> ClockReading {
        nodes[slot].clock.reading(at: Instant(nanoseconds: now))
    }

    @usableFromInline
    func wall(_ slot: Int) -> WallTime {
        nodes[slot].clock.wall(at: Instant(nanoseconds: now))
    }

    @usableFromInline
    mutating func push(
        _ kind: DueKind, after: Interval, node: Int, index: Int, stamp: UInt64
    ) {
        let (at, isTooLate) = now.addingReportingOverflow(after.nanoseconds)
        queue.push(kind, at: isTooLate ? .max : at, node: node, index: index, stamp: stamp)
    }

    /// The next thing to happen, up to and including `limit`; what a node that stands still
    /// or is slow would see is kept for it.
    @usableFromInline
    mutating func next(until limit: UInt64) -> Due? {
        while !isStopped, let soonest = queue.soonest, soonest <= limit, let due = queue.pop() {
            if due.at == now { noteStandstill() } else { atOnce = 0 }
            now = due.at
            decisions.now = Instant(nanoseconds: now)
            guard due.kind.isSeenByMachine, nodes[due.node].isHindered else { return due }
            keepWaiting(due)
        }
        return nil
    }

    /// Time that does not go on is a fault of the system, of a timer that takes no time or of a
    /// network without any delay, and no run would ever end.
    private mutating func noteStandstill() {
        atOnce &+= 1
        guard atOnce >= options.eventsAtOnceMost, reported == nil else { return }
        reported = Violation(
            property: "time goes on",
            detail: "\(atOnce) things happened at one moment, and there is no end of it")
        isStopped = true
    }

    /// Draws the moment of a timer: what its node's monotonic clock shows then.
    @usableFromInline
    mutating func arm(
        _ node: Int, slot: Int, serial: UInt64, within range: ClosedRange<Interval>
    ) -> UInt64 {
        let counted = decisions.draw(DecisionPoint(.timerMoment, nodes[node].id), in: range)
        let (target, isTooLate) = monotonic(node).addingReportingOverflow(counted.nanoseconds)
        guard !isTooLate else { return .max }
        plan(node, slot: slot, serial: serial, target: target)
        return target
    }

    mutating func plan(_ node: Int, slot: Int, serial: UInt64, target: UInt64) {
        let wait = nodes[node].clock.trueInterval(
            until: Instant(nanoseconds: target), from: Instant(nanoseconds: now))
        guard let wait else { return }
        push(.timer, after: wait, node: node, index: slot, stamp: serial)
    }

    /// What a node's monotonic clock shows, in nanoseconds.
    @usableFromInline
    func monotonic(_ slot: Int) -> UInt64 {
        nodes[slot].clock.monotonic(at: Instant(nanoseconds: now)).nanoseconds
    }

    /// Counts and hashes an event that a machine is about to handle.
    @usableFromInline
    mutating func record(_ kind: UInt8, _ node: Int, _ subject: UInt64, _ digest: UInt64) {
        events &+= 1
        hash.add(now, UInt64(nodes[node].id.rank) << 8 | UInt64(kind), subject ^ digest)
    }

    @usableFromInline
    mutating func digest(ofPacket slot: Int) -> UInt64 {
        packets.packets[slot].bytes.withUnsafeBytes { TraceHash.digest($0) }
    }

    mutating func changed(_ change: NodeChange, _ slot: Int) {
        changes.append((change, nodes[slot].id))
    }
}
