public import StateMachine

/// What goes wrong with disks.
extension SimulatedWorld {
    /// Whether a node's disk may have lost what it had promised to keep: it lied, was damaged
    /// or was emptied, and nobody has said since that all is there again.
    public func isSpoilt(_ node: NodeID) -> Bool {
        fabric.slot(of: node).map { fabric.nodes[$0].isSpoilt } ?? false
    }

    /// How many members have such a disk.
    public var spoiltCount: Int { fabric.memberSlots.count { fabric.nodes[$0].isSpoilt } }

    /// The system has found that a node keeps again all that it should, be it that nothing
    /// was lost or that the others have fed it. Without effect while a fault that spoils the
    /// disk is in force.
    public mutating func declareWhole(_ node: NodeID) {
        guard let slot = fabric.slot(of: node) else { return }
        fabric.declareWhole(slot)
    }

    @inlinable
    mutating func wipe(_ node: NodeID) {
        guard let slot = fabric.slot(of: node) else { return }
        crash(slot, nil, isHalt: false)
        fabric.nodes[slot].isSpoilt = true
        journals[slot].wipe(of: node, decisions: &fabric.decisions)
    }

    @inlinable
    mutating func begin(_ trouble: DiskTrouble, of node: NodeID) {
        guard let slot = fabric.slot(of: node) else { return }
        if trouble.spoils { fabric.nodes[slot].isSpoilt = true }
        if trouble == .stall { fabric.nodes[slot].hasStalled = true }
        journals[slot].begin(trouble, of: node, decisions: &fabric.decisions)
    }

    @inlinable
    mutating func end(_ trouble: DiskTrouble, of node: NodeID) {
        guard let slot = fabric.slot(of: node), !fabric.isInForce(.disk(node, trouble)) else {
            return
        }
        journals[slot].end(trouble, of: node, decisions: &fabric.decisions)
        if trouble == .stall { fabric.diskGoesOn(slot) }
    }
}

extension Fabric {
    mutating func declareWhole(_ slot: Int) {
        let id = nodes[slot].id
        let isBeingSpoilt = faults.contains { active in
            guard !active.isOver, case .disk = active.fault else { return false }
            return active.fault.spoiltNode == id
        }
        if !isBeingSpoilt { nodes[slot].isSpoilt = false }
    }

    /// Whether a node's disk does nothing; what it should do now then waits.
    @usableFromInline
    mutating func isStalled(_ due: Due) -> Bool {
        guard nodes[due.node].hasStalled else { return false }
        nodes[due.node].stalled.append(due)
        points.count(due.kind == .start ? .startWaited : .diskWaited)
        return true
    }

    @usableFromInline
    mutating func diskGoesOn(_ slot: Int) {
        nodes[slot].hasStalled = false
        for due in nodes[slot].stalled { queue.pushAgain(due, at: now) }
        nodes[slot].stalled.removeAll()
    }
}
