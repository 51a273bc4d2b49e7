public import StateMachine

/// A fault with what it has done, to undo it.
struct ActiveFault {
    let fault: Fault
    /// What the choices are about that it leads to.
    let subject: DecisionSubject
    var isOver = false
    /// It does not end by itself any more, nor change.
    var isForever = false
    /// The links that it cuts just now.
    var cuts: [(from: Int, to: Int)] = []
    /// How far a fault of several steps is.
    var step = 0
    /// The order in which swizzled nodes are let in again.
    var order: [Int] = []
}

/// Faults of the network.
extension Fabric {
    /// Puts a fault on the list, and in force as far as the network is concerned.
    @usableFromInline
    mutating func begin(_ fault: Fault, lasting: Interval?) -> Int {
        let number = faults.count
        faults.append(ActiveFault(fault: fault, subject: decisions.subject))
        faultChanges.append((fault, true))
        if let lasting {
            push(.faultEnd, after: lasting, node: 0, index: number, stamp: 0)
        }
        points.count(kind(of: fault))
        if fault.isPartition { counts.partitions &+= 1 }
        cut(links(cutBy: fault), by: number)
        faults[number].isOver = fault.isMomentary
        switch fault {
        case .flapping, .swizzle: step(number)
        case .slowLink(let a, let b, let delay, let isBothWays):
            slow(a, b, by: delay, isBothWays)
        case .resetStreams(let a, let b): breakStreams(a, b, isHalf: false)
        case .halfOpen(let a, let b): breakStreams(a, b, isHalf: true)
        case .wallStep(let node, let step): stepWall(of: node, by: step)
        default: review(fault)
        }
        return number
    }

    /// Undoes a fault of the network. Gives it; nil where it was over.
    ///
    /// With `setsClock` false, a wall clock that had stepped stays where it is.
    @usableFromInline
    mutating func end(_ number: Int, setsClock: Bool = true) -> Fault? {
        guard number < faults.count, !faults[number].isOver else { return nil }
        let fault = faults[number].fault
        faults[number].isOver = true
        faultChanges.append((fault, false))
        mend(number)
        switch fault {
        case .slowLink(let a, let b, _, let isBothWays): slow(a, b, by: .zero, isBothWays)
        case .wallStep(let node, let step): if setsClock { stepWall(of: node, by: -step) }
        default: review(fault)
        }
        return fault
    }

    /// Whether a fault whose time is over does end.
    @usableFromInline
    func endsInTime(_ number: Int) -> Bool { !faults[number].isForever }

    private mutating func review(_ fault: Fault) {
        if fault.isWeather { forecast() }
        if case .bandwidth = fault { limitLinks() }
        if let node = fault.node { review(node) }
    }

    /// Faults that end by themselves, and are not over.
    var faultsInForce: Int {
        faults.reduce(0) { $0 + ($1.isOver ? 0 : 1) }
    }

    @usableFromInline
    var unfinishedFaults: [Int] { faults.indices.filter { !faults[$0].isOver } }

    mutating func cut(_ cuts: [(from: Int, to: Int)], by number: Int) {
        faults[number].cuts += cuts
        let traffic = faults[number].fault.traffic
        for cut in cuts { links.cut(cut.from, cut.to, for: traffic, at: now) }
        guard traffic != .datagrams else { return }
        for cut in cuts { silence(cut.from, cut.to) }
    }

    mutating func mend(_ number: Int) {
        let cuts = faults[number].cuts
        faults[number].cuts.removeAll()
        let traffic = faults[number].fault.traffic
        for cut in cuts { links.mend(cut.from, cut.to, for: traffic) }
        releaseHeld()
    }

    /// What waited at cuts that are gone goes on.
    mutating func releaseHeld() {
        let waiting = heldEnds
        heldEnds.removeAll(keepingCapacity: true)
        for end in waiting {
            if links.isCut(ends[end].node, ends[end ^ 1].node, for: .streams) {
                heldEnds.append(end)
            } else {
                release(end)
            }
        }
    }

    private mutating func slow(
        _ first: NodeID, _ second: NodeID, by delay: Interval, _ isBothWays: Bool
    ) {
        guard let a = slot(of: first), let b = slot(of: second) else { return }
        links[a, b].slowedBy = delay.nanoseconds
        if isBothWays { links[b, a].slowedBy = delay.nanoseconds }
    }

    private mutating func breakStreams(_ first: NodeID, _ second: NodeID, isHalf: Bool) {
        guard let a = slot(of: first), let b = slot(of: second) else { return }
        if isHalf { halve(a, b) } else { resetStreams(a, b) }
    }

    private mutating func stepWall(of node: NodeID, by microseconds: Int64) {
        guard let slot = slot(of: node) else { return }
        nodes[slot].clock.step(byMicroseconds: microseconds)
        if microseconds < 0 { points.count(.wallWentBack) }
    }

    @usableFromInline
    func everybody(but left: [NodeID]) -> [NodeID] {
        nodes.map(\.id).filter { !left.contains($0) }
    }

    /// The numbers below `count`, in an order that is drawn.
    mutating func shuffled(_ count: Int) -> [Int] {
        var order = Array(0..<count)
        for index in stride(from: count - 1, to: 0, by: -1) {
            order.swapAt(index, decisions.pick(DecisionPoint(.faultTarget), of: index + 1))
        }
        return order
    }
}
