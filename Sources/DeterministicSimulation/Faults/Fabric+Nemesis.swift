public import StateMachine

/// What the world needs to know of faults in force, and the moments of the nemesis.
extension Fabric {
    @usableFromInline var isNemesisOut: Bool { nemesis != nil }

    @usableFromInline
    mutating func commitInterrupted() {
        counts.interruptedCommits &+= 1
        points.count(.commitInterrupted)
    }

    /// Whether a node is down, and no fault keeps it so: its disk did.
    @usableFromInline
    func isAbandoned(_ node: NodeID) -> Bool {
        guard let slot = slot(of: node), !nodes[slot].isUp, nodes[slot].boot > 0 else {
            return false
        }
        return !faults.contains { active in
            guard !active.isOver, active.fault.node == node else { return false }
            return switch active.fault {
            case .crash, .crashInCommit, .wipe: true
            default: false
            }
        }
    }

    @usableFromInline
    mutating func restartPause(_ node: NodeID) -> Interval {
        decisions.draw(
            DecisionPoint(.restartPause, node),
            in: Interval.milliseconds(20)...(.milliseconds(200)))
    }

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

    private mutating func waitForNemesis(_ profile: FaultProfile, _ more: Interval) {
        strikes += 1
        decisions.subject = DecisionSubject("strike", strikes)
        let pause = decisions.pause(
            DecisionPoint(.faultMoment), from: Instant(nanoseconds: now) + more,
            in: profile.pause)
        decisions.subject = .none
        push(.nemesis, after: pause + more, node: 0, index: 0, stamp: 0)
    }

    /// What is chosen from now on belongs to that fault. Gives what it was about before.
    @usableFromInline
    mutating func speak(ofFault number: Int) -> DecisionSubject {
        defer { decisions.subject = faults[number].subject }
        return decisions.subject
    }

    @usableFromInline
    mutating func nemesisStrikes() -> (Fault, Interval)? {
        guard let profile = nemesis else { return nil }
        let strike = DecisionSubject("strike", strikes)
        waitForNemesis(profile, .zero)
        decisions.subject = strike
        return drawFault(profile)
    }
}
