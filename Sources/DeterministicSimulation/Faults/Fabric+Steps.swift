public import StateMachine

/// Faults that change while they last.
extension Fabric {
    /// How long a supervisor takes to start again what has crashed.
    private static let supervision = Interval.zero...(.milliseconds(50))

    /// Whether the node of a crash loop crashes once more; then, after what time it starts.
    @usableFromInline
    mutating func nextCrash(_ number: Int) -> Interval? {
        guard case .crashLoop(let node, let times, let up) = faults[number].fault,
            !faults[number].isOver, !faults[number].isForever, faults[number].step < Int(times)
        else { return nil }
        faults[number].step += 1
        let pause = decisions.draw(DecisionPoint(.restartPause, node), in: Self.supervision)
        let shortest = min(up, .milliseconds(1))
        let runs = decisions.draw(DecisionPoint(.faultPause, node), in: shortest...up)
        push(.faultStep, after: pause + runs, node: 0, index: number, stamp: 0)
        return pause
    }

    /// Whether a node that runs is about to crash again.
    func isInCrashLoop(_ node: NodeID) -> Bool {
        faults.contains { active in
            guard case .crashLoop(node, let times, _) = active.fault else { return false }
            return !active.isOver && active.step < Int(times)
        }
    }

    /// The next step of a fault that has several.
    @usableFromInline
    mutating func step(_ number: Int) {
        guard !faults[number].isOver, !faults[number].isForever else { return }
        let outer = speak(ofFault: number)
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
                links.mend(cut.from, cut.to, for: nil)
            }
        }
        releaseHeld()
    }
}
