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
        if interrupted != nil { fabric.commitInterrupted() }
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
        case .crashLoop(let node, _, _): crashAgain(node, number)
        case .pause(let node): pause(node)
        case .wipe(let node): wipe(node)
        case .disk(let node, let trouble): begin(trouble, of: node)
        case .formerVersion(let node): restart(node)
        case .clockRate(let node, _), .wallRate(let node, _), .clockFreeze(let node):
            tuneClock(node)
        default: break
        }
        return FaultID(number: number)
    }

    /// Ends a fault: links heal, a crashed node starts, one that stands still goes on.
    @inlinable
    public mutating func end(_ fault: FaultID) {
        end(fault, setsClock: true)
    }

    @inlinable
    mutating func end(_ fault: FaultID, setsClock: Bool) {
        switch fabric.end(fault.number, setsClock: setsClock) {
        case .crash(let node, _), .wipe(let node), .crashLoop(let node, _, _): start(node)
        case .crashInCommit(let node, _):
            fabric.lieInWait(node, -1)
            start(node)
        case .pause(let node): resume(node)
        case .disk(let node, let trouble):
            end(trouble, of: node)
            if fabric.isAbandoned(node) { start(node) }
        case .formerVersion(let node): restart(node)
        case .clockRate(let node, _), .wallRate(let node, _), .clockFreeze(let node):
            tuneClock(node)
        default: break
        }
    }

    /// The next step of a fault that has several.
    @inlinable
    mutating func step(_ due: Due) {
        let number = Int(due.index)
        guard case .crashLoop(let node, _, _) = fabric.fault(number) else {
            return fabric.kernel(due)
        }
        let outer = fabric.speak(ofFault: number)
        crashAgain(node, number)
        fabric.decisions.subject = outer
    }

    @inlinable
    mutating func crashAgain(_ node: NodeID, _ number: Int) {
        guard let pause = fabric.nextCrash(number) else { return }
        crash(node)
        start(node, after: pause)
    }

    /// Restarts a node that runs, with the version of the message format that faults want.
    @inlinable
    mutating func restart(_ node: NodeID) {
        guard let slot = fabric.slot(of: node) else { return }
        fabric.nodes[slot].willSpeakFormer = fabric.isInForce(.formerVersion(node))
        guard fabric.nodes[slot].isUp else { return }
        crash(slot, .kill, isHalt: false)
        start(node, after: fabric.restartPause(node))
    }

    /// Brings a node's clocks to the rates that faults want, and its timers with them.
    @inlinable
    mutating func tuneClock(_ node: NodeID) {
        guard let slot = fabric.slot(of: node) else { return }
        let was = fabric.nodes[slot].rate
        guard fabric.tuneClock(slot) else { return }
        for index in timers[slot].slots.indices where timers[slot].slots[index].serial > 0 {
            let timer = timers[slot].slots[index]
            fabric.planAgain(
                slot, slot: index, serial: timer.serial, target: timer.target, was: was)
        }
    }

    /// Draws a fault of a kind that concerns one node and leaves it up, as slowness and
    /// crooked clocks do, or soon has it up again; as strong as the profile says; nil for
    /// other kinds. Does not begin it.
    public mutating func drawFault(
        _ kind: FaultKind, of node: NodeID, from profile: FaultProfile
    ) -> Fault? {
        fabric.fault(kind, of: node, profile)
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
        let outer = fabric.speak(ofFault: Int(due.index))
        crash(due.node, kind, isHalt: false)
        fabric.decisions.subject = outer
    }

    /// The nemesis's moment has come. `stamp` 1: it has to stop.
    @inlinable
    mutating func nemesis(_ stamp: UInt64) {
        if stamp == 1 {
            guard fabric.isNemesisOut else { return }
            return healAll()
        }
        let outer = fabric.decisions.subject
        if let (fault, lasting) = fabric.nemesisStrikes() { begin(fault, lasting: lasting) }
        fabric.decisions.subject = outer
    }
}
