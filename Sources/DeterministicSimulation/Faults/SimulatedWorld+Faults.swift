public import StateMachine

/// What a system, a scenario or a nemesis does to its world.
extension SimulatedWorld {
    /// Ends a node's process; nil draws whether its machine loses power too. What its
    /// journal keeps is up to the kind.
    @inlinable
    public mutating func crash(_ node: NodeID, _ kind: CrashKind? = nil) {
        guard let slot = fabric.slot(of: node) else { return }
        crash(slot, kind, isHalt: false)
    }

    @inlinable
    mutating func crash(_ slot: Int, _ kind: CrashKind?, isHalt: Bool) {
        guard let kind = fabric.crash(slot, kind, isHalt: isHalt) else { return }
        timers[slot].removeAll()
        let interrupted = disks[slot].crash()
        fabric.counts.interruptedCommits &+= interrupted == nil ? 0 : 1
        journals[slot].crash(
            kind, interrupted: interrupted, of: fabric.nodes[slot].id,
            decisions: &fabric.decisions)
    }

    /// Lets a node stand still (SIGSTOP): what arrives waits for it.
    @inlinable
    public mutating func pause(_ node: NodeID) {
        guard let slot = fabric.slot(of: node) else { return }
        fabric.pause(slot)
    }

    /// Lets a node go on (SIGCONT).
    @inlinable
    public mutating func resume(_ node: NodeID) {
        guard let slot = fabric.slot(of: node) else { return }
        fabric.resume(slot)
    }

    /// Begins a fault; it ends after `lasting`, or with ``end(_:)`` or ``healAll()``.
    @inlinable @discardableResult
    public mutating func begin(_ fault: Fault, lasting: Interval? = nil) -> FaultID {
        let number = fabric.begin(fault, lasting: lasting)
        switch fault {
        case .crash(let node, let kind): crash(node, kind)
        case .crashInCommit(let node, _): fabric.lieInWait(node, number)
        case .pause(let node): pause(node)
        case .wipe(let node): wipe(node)
        case .disk(let node, let trouble): begin(trouble, of: node)
        default: break
        }
        return FaultID(number: number)
    }

    /// Ends a fault: links heal, a crashed node starts, one that stands still goes on.
    @inlinable
    public mutating func end(_ fault: FaultID) {
        switch fabric.end(fault.number) {
        case .crash(let node, _), .wipe(let node): start(node)
        case .crashInCommit(let node, _):
            fabric.lieInWait(node, -1)
            start(node)
        case .pause(let node): resume(node)
        case .disk(let node, let trouble): end(trouble, of: node)
        default: break
        }
    }

    /// Ends all faults and the nemesis, and starts what is down.
    @inlinable
    public mutating func healAll() {
        fabric.stopNemesis()
        for fault in fabric.unfinishedFaults { end(FaultID(number: fault)) }
        for slot in fabric.nodes.indices where fabric.nodes[slot].boot > 0 {
            resume(fabric.nodes[slot].id)
            start(fabric.nodes[slot].id)
        }
    }

    /// Act two: the given nodes are whole and reach each other from now on; all others are
    /// cut off from them for ever, in whatever state they are. The nemesis stops.
    @inlinable
    public mutating func healAround(_ nodes: [NodeID]) {
        fabric.stopNemesis()
        for fault in fabric.unfinishedFaults {
            let isElsewhere =
                switch fabric.fault(fault) {
                case .crash(let node, _), .crashInCommit(let node, _), .pause(let node),
                    .wipe(let node), .disk(let node, _):
                    !nodes.contains(node)
                default: false
                }
            if isElsewhere { fabric.forget(fault) } else { end(FaultID(number: fault)) }
        }
        for node in nodes {
            resume(node)
            start(node)
        }
        begin(.split([nodes, fabric.everybody(but: nodes)]))
    }

    /// Lets a nemesis draw faults from a profile, from now on.
    @inlinable
    public mutating func releaseNemesis(_ profile: FaultProfile) {
        fabric.startNemesis(profile)
    }

    /// The commit that a fault has waited for is under way.
    @inlinable
    mutating func ambush(_ due: Due) {
        guard case .crashInCommit(_, let kind) = fabric.fault(Int(due.index)),
            fabric.unfinishedFaults.contains(Int(due.index))
        else { return }
        crash(due.node, kind, isHalt: false)
    }

    /// The nemesis's moment has come. `stamp` 1: it has to stop.
    @inlinable
    mutating func nemesis(_ stamp: UInt64) {
        if stamp == 1 {
            guard fabric.isNemesisOut else { return }
            return healAll()
        }
        guard let (fault, lasting) = fabric.nemesisStrikes() else { return }
        begin(fault, lasting: lasting)
    }
}

extension Fabric {
    @usableFromInline var isNemesisOut: Bool { nemesis != nil }

    @usableFromInline
    mutating func lieInWait(_ node: NodeID, _ number: Int) {
        guard let slot = slot(of: node) else { return }
        nodes[slot].ambush = number
    }

    @usableFromInline
    mutating func startNemesis(_ profile: FaultProfile) {
        nemesis = profile
        if let until = profile.until {
            push(.nemesis, after: until, node: 0, index: 0, stamp: 1)
        }
        waitForNemesis(profile, profile.from)
    }

    @usableFromInline
    mutating func stopNemesis() { nemesis = nil }

    @usableFromInline
    func fault(_ number: Int) -> Fault { faults[number].fault }

    /// Takes a fault off the list without undoing it.
    @usableFromInline
    mutating func forget(_ number: Int) { faults[number].isOver = true }

    private mutating func waitForNemesis(_ profile: FaultProfile, _ more: Interval) {
        let pause = decisions.draw(DecisionPoint(.faultPause), in: profile.pause)
        push(.nemesis, after: pause + more, node: 0, index: 0, stamp: 0)
    }

    @usableFromInline
    mutating func nemesisStrikes() -> (Fault, Interval)? {
        guard let profile = nemesis else { return nil }
        waitForNemesis(profile, .zero)
        return drawFault(profile)
    }
}
