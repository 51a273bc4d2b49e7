public import StateMachine

/// Ends of faults, all at once.
extension SimulatedWorld {
    /// Ends all faults and the nemesis, and starts what is down.
    @inlinable
    public mutating func healAll() {
        fabric.stopNemesis()
        for fault in fabric.unfinishedFaults { end(FaultID(number: fault)) }
        fabric.shelter([])
        for slot in fabric.nodes.indices where fabric.nodes[slot].boot > 0 {
            resume(fabric.nodes[slot].id)
            start(fabric.nodes[slot].id)
        }
    }

    /// Act two: the given nodes are whole and reach each other from now on. The nemesis
    /// stops, and what is in force elsewhere stays so for ever.
    ///
    /// Without `keepingOthers`, all others are cut off from the given nodes, in whatever
    /// state they are, and the weather clears up.
    ///
    /// With it, nothing else changes: links between the given nodes and others stay cut or
    /// open as they are, in each direction, and bad weather stays over all links but those
    /// among the given nodes. Their clocks keep what they show, and run at the true rate.
    @inlinable
    public mutating func healAround(_ nodes: [NodeID], keepingOthers: Bool = false) {
        fabric.stopNemesis()
        for fault in fabric.unfinishedFaults {
            if fabric.staysForEver(fault, around: nodes, keepingOthers) {
                fabric.keep(fault)
            } else {
                end(FaultID(number: fault), setsClock: !keepingOthers)
            }
        }
        if keepingOthers { fabric.shelter(nodes) }
        for node in nodes {
            if keepingOthers { makeClockTrue(node) }
            resume(node)
            start(node)
        }
        if !keepingOthers { begin(.split([nodes, fabric.everybody(but: nodes)])) }
    }

    /// Ends what is wrong with the network as a whole; cuts and single nodes stay as they are.
    public mutating func clearWeather() {
        for fault in fabric.unfinishedFaults where fabric.fault(fault).isWeather {
            end(FaultID(number: fault))
        }
    }

    /// Ends what keeps nodes from each other.
    public mutating func clearPartitions() {
        for fault in fabric.unfinishedFaults where fabric.fault(fault).isPartition {
            end(FaultID(number: fault))
        }
    }

    /// Ends what limits how many bytes a second nodes carry or read.
    public mutating func clearNarrows() {
        for fault in fabric.unfinishedFaults where fabric.isNarrow(fault) {
            end(FaultID(number: fault))
        }
    }

    /// How much longer than usual it takes from one node to another and back, by slow links
    /// between them and by their own slowness.
    public func delay(between one: NodeID, and other: NodeID) -> Interval {
        guard let a = fabric.slot(of: one), let b = fabric.slot(of: other) else { return .zero }
        let links = fabric.links[a, b].slowedBy + fabric.links[b, a].slowedBy
        return Interval(nanoseconds: links + fabric.nodes[a].lag + fabric.nodes[b].lag)
    }

    @inlinable
    mutating func makeClockTrue(_ node: NodeID) {
        guard let slot = fabric.slot(of: node) else { return }
        fabric.nodes[slot].ownRate = NodeClock.trueRate
        tuneClock(node)
    }
}

extension Fabric {
    /// Whether a fault limits how many bytes a second a node carries or reads. Who is slow waits
    /// before it sees the next piece: in pieces it reads only so much in a time.
    @usableFromInline
    func isNarrow(_ number: Int) -> Bool {
        let fault = faults[number].fault
        guard case .partialReads(let node, _) = fault, let slot = slot(of: node) else {
            return fault.isNarrow
        }
        return nodes[slot].lag > 0
    }

    /// Keeps a fault as it is.
    @usableFromInline
    mutating func keep(_ number: Int) { faults[number].isForever = true }

    /// Whether a fault goes on when the given nodes are healed. What it cuts among them is
    /// mended.
    @usableFromInline
    mutating func staysForEver(
        _ number: Int, around inside: [NodeID], _ keepsOthers: Bool
    ) -> Bool {
        let fault = faults[number].fault
        guard !fault.isPartition else {
            guard keepsOthers else { return false }
            mendAmong(inside, number)
            return !faults[number].cuts.isEmpty
        }
        if let node = fault.node { return !inside.contains(node) }
        guard keepsOthers else { return false }
        guard case .slowLink(let a, let b, _, _) = fault else { return true }
        return !inside.contains(a) || !inside.contains(b)
    }

    private mutating func mendAmong(_ inside: [NodeID], _ number: Int) {
        let isInside = nodes.map { inside.contains($0.id) }
        for cut in faults[number].cuts where isInside[cut.from] && isInside[cut.to] {
            links.mend(cut.from, cut.to, for: faults[number].fault.traffic)
        }
        faults[number].cuts.removeAll { isInside[$0.from] && isInside[$0.to] }
        releaseHeld()
    }

    /// Keeps the weather off the links among these nodes, and off no others.
    @usableFromInline
    mutating func shelter(_ inside: [NodeID]) {
        let isInside = nodes.map { inside.contains($0.id) }
        for from in nodes.indices {
            for to in nodes.indices {
                links[from, to].isSheltered = isInside[from] && isInside[to]
            }
        }
        limitLinks()
    }
}
