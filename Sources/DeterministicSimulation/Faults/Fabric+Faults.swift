public import StateMachine

/// A fault with what it has done, to undo it.
struct ActiveFault {
    let fault: Fault
    /// What the choices are about that it leads to.
    let subject: DecisionSubject
    var isOver = false
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
        let cuts = links(cutBy: fault)
        if fault.isPartition { counts.partitions &+= 1 }
        cut(cuts, by: number)
        switch fault {
        case .flapping, .swizzle: step(number)
        case .slowLink(let a, let b, let delay): slow(a, b, by: delay)
        case .resetStreams(let a, let b): reset(a, b)
        default: forecast()
        }
        return number
    }

    /// Undoes a fault of the network. Gives it; nil where it was over.
    @usableFromInline
    mutating func end(_ number: Int) -> Fault? {
        guard number < faults.count, !faults[number].isOver else { return nil }
        faults[number].isOver = true
        faultChanges.append((faults[number].fault, false))
        mend(number)
        if case .slowLink(let a, let b, _) = faults[number].fault { slow(a, b, by: .zero) }
        forecast()
        return faults[number].fault
    }

    /// Faults that end by themselves, and are not over.
    var faultsInForce: Int {
        faults.reduce(0) { $0 + ($1.isOver ? 0 : 1) }
    }

    @usableFromInline
    var unfinishedFaults: [Int] { faults.indices.filter { !faults[$0].isOver } }

    mutating func cut(_ cuts: [(from: Int, to: Int)], by number: Int) {
        faults[number].cuts += cuts
        for cut in cuts {
            if !links[cut.from, cut.to].isCut { links[cut.from, cut.to].cutSince = now }
            links[cut.from, cut.to].cuts += 1
        }
    }

    private mutating func mend(_ number: Int) {
        let cuts = faults[number].cuts
        faults[number].cuts.removeAll()
        for cut in cuts { links[cut.from, cut.to].cuts -= 1 }
        releaseHeld()
    }

    /// What waited at cuts that are gone goes on.
    private mutating func releaseHeld() {
        let waiting = heldEnds
        heldEnds.removeAll(keepingCapacity: true)
        for end in waiting {
            if links[ends[end].node, ends[end ^ 1].node].isCut {
                heldEnds.append(end)
            } else {
                release(end)
            }
        }
    }

    private mutating func slow(_ first: NodeID, _ second: NodeID, by delay: Interval) {
        guard let a = slot(of: first), let b = slot(of: second) else { return }
        links[a, b].slowedBy = delay.nanoseconds
        links[b, a].slowedBy = delay.nanoseconds
    }

    private mutating func reset(_ first: NodeID, _ second: NodeID) {
        faults[faults.count - 1].isOver = true
        guard let a = slot(of: first), let b = slot(of: second) else { return }
        resetStreams(a, b)
    }

    /// The weather is the worst of what the faults in force make.
    private mutating func forecast() {
        weather = Weather()
        for active in faults where !active.isOver {
            switch active.fault {
            case .loss(let perMillion):
                weather.lossPerMillion = max(weather.lossPerMillion, perMillion)
            case .doubling(let perMillion):
                weather.doublingPerMillion = max(weather.doublingPerMillion, perMillion)
            case .holdingBack(let perMillion):
                weather.holdingBackPerMillion = max(weather.holdingBackPerMillion, perMillion)
            case .delay(let delay): weather.delay = max(weather.delay, delay.nanoseconds)
            default: break
            }
        }
    }

    /// The next step of a fault that has several.
    @usableFromInline
    mutating func step(_ number: Int) {
        guard !faults[number].isOver else { return }
        let outer = decisions.subject
        decisions.subject = faults[number].subject
        defer { decisions.subject = outer }
        switch faults[number].fault {
        case .flapping(let node, let others, let period):
            flap(number, node, others)
            push(.faultStep, after: period / 2, node: 0, index: number, stamp: 0)
        case .swizzle(let nodes): swizzle(number, nodes)
        default: break
        }
    }

    private mutating func flap(_ number: Int, _ node: NodeID, _ others: [NodeID]) {
        if faults[number].cuts.isEmpty {
            cut(bothWays([node], others), by: number)
        } else {
            mend(number)
        }
    }

    /// Cuts one more node off, or lets one more in; then waits a while.
    private mutating func swizzle(_ number: Int, _ targets: [NodeID]) {
        let step = faults[number].step
        faults[number].step += 1
        if step == 0 { faults[number].order = shuffled(targets.count) }
        if step < targets.count {
            cut(bothWays([targets[step]], everybody(but: [targets[step]])), by: number)
        } else if step < targets.count * 2 {
            let node = targets[faults[number].order[step - targets.count]]
            letIn(node, number)
        } else {
            return
        }
        let pause = decisions.draw(
            DecisionPoint(.faultPause), in: Interval.milliseconds(20)...Interval.seconds(1))
        push(.faultStep, after: pause, node: 0, index: number, stamp: 0)
    }

    private mutating func letIn(_ node: NodeID, _ number: Int) {
        guard let slot = slot(of: node) else { return }
        let cuts = faults[number].cuts
        // A link between two swizzled nodes was cut once for each of them.
        let half = cuts.filter { $0.from == slot || $0.to == slot }
        faults[number].cuts = cuts.filter { $0.from != slot && $0.to != slot }
        var kept: [(from: Int, to: Int)] = []
        for cut in half {
            if kept.contains(where: { $0 == cut }) {
                faults[number].cuts.append(cut)
            } else {
                kept.append(cut)
                links[cut.from, cut.to].cuts -= 1
            }
        }
        releaseHeld()
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
