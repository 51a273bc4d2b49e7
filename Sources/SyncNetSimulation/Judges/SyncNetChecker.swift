package import DeterministicSimulation
package import StateMachine
package import SyncNetProtocol

/// SyncNet's judges as a checker of the simulated world.
package struct SyncNetChecker: Checker {
    /// A server or a client.
    package typealias Machine = Participant

    /// The judges.
    package private(set) var court: Court
    private let bounds: Bounds
    private let servers: Int

    init(_ setting: Setting, disks: [DiskHealth]) {
        court = Court(
            servers: setting.servers, confirmation: setting.timing.confirmation,
            death: setting.timing.death, disks: disks)
        bounds = setting.scenario.bounds
        servers = setting.servers
    }

    /// Shows the judges what happened.
    @inline(__always)
    package mutating func handled(
        _ event: Event<SyncNet>, by node: NodeID, _ machine: Participant,
        _ effects: [Effect<SyncNet>], at now: Instant, into findings: inout Findings
    ) {
        if case .started(.client) = event { court.named(node, Text(node.name)) }
        court.observe(event, by: node, effects, at: now)
        if let verdict = court.verdict {
            findings.violated(verdict.property.rawValue, verdict.detail)
        }
    }

    /// Tells the judges who is down.
    package mutating func changed(
        _ change: NodeChange, of node: NodeID, at now: Instant, into findings: inout Findings
    ) {
        switch change {
        case .crashed, .halted: court.down(node)
        case .startFailed(.damaged):
            court.refused(node)
            if let verdict = court.verdict {
                findings.violated(verdict.property.rawValue, verdict.detail)
            }
        case .started, .startFailed, .paused, .resumed: break
        }
    }

    /// Tells the judges whose clock is not true any more: bounds in its own time don't hold in
    /// true time.
    package mutating func fault(
        _ fault: Fault, isBeginning: Bool, at now: Instant, into findings: inout Findings
    ) {
        switch fault {
        case .clockRate(let node, _), .clockFreeze(let node): court.clockIsCrooked(of: node)
        default: break
        }
    }

    /// What a whole first act has to keep to, beyond the promises that always hold.
    package var overrun: Breach? {
        let tally = court.tally
        if let most = bounds.elections, tally.elections > most {
            return Breach(
                .accuracy, "\(tally.elections) leaders were elected, \(most) would do")
        }
        if let most = bounds.suspicions, tally.suspicions > most {
            return Breach(.accuracy, "\(tally.suspicions) times a server was taken for dead")
        }
        guard bounds.countsTokens else { return nil }
        let most = UInt64(TokenCount.most(servers)) * max(tally.elections, 1)
        if tally.tokens > most {
            let detail = "\(tally.tokens) tokens were sent, \(most) are the most that LCR needs"
            return Breach(.exactCount, detail)
        }
        let votes = UInt64(servers) * max(tally.elections, 1)
        if tally.votes <= votes { return nil }
        let detail = "the second lap took \(tally.votes) steps, \(votes) make it"
        return Breach(.exactCount, detail)
    }
}
