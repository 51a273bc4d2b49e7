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
    private let isCalmWorld: Bool
    private let isLossless: Bool
    /// Whether anything went wrong that the world did on purpose.
    private var hasFault = false
    /// In which event the message was sent that arrives with the next one.
    private var cause: UInt64 = 0

    init(_ setting: Setting, disks: [DiskHealth]) {
        let scenario = setting.scenario
        let isChanging = scenario.changes != nil || setting.founders < setting.servers
        court = Court(
            servers: setting.servers, founders: setting.founders,
            clients: setting.people, timing: setting.timing, limits: setting.limits,
            disks: disks, isChanging: isChanging, accounts: scenario.accounts,
            ids: setting.members.map(\.id))
        if isChanging { hasFault = true }
        if let formation = setting.formation { court.suppose(formed: formation) }
        court.unjudged = scenario.unjudged
        if setting.points != nil {
            // Servers that send tokens twice, leave heartbeats out or time out early on purpose
            // keep all promises but those about exactly that.
            hasFault = true
            court.unjudged += [.accuracy, .detectionBound]
        }
        bounds = scenario.bounds
        servers = setting.servers
        isLossless = scenario.network.loss == 0
        // Answers come within one probe, and no disk keeps a clock waiting.
        isCalmWorld =
            isLossless && scenario.network.holdingBack == 0 && scenario.disk.slow == 0
            && scenario.network.delay.upperBound * 4 < setting.timing.probe
    }

    /// Keeps the event in which it was sent.
    @inline(__always)
    package mutating func arrives(sentIn event: UInt64) { cause = event }

    /// Shows the judges what happened.
    @inline(__always)
    package mutating func handled(
        _ event: Event<SyncNet>, by node: NodeID, _ machine: Participant,
        _ effects: [Effect<SyncNet>], at now: Instant, into findings: inout Findings
    ) {
        if case .started(.client) = event {
            court.named(node, machine.name)
        }
        court.observe(event, by: node, effects, at: now, sentIn: cause)
        cause = 0
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
        case .paused: court.paused(node)
        case .resumed: court.resumed(node, at: now)
        case .startFailed(.damaged):
            court.refused(node)
            if let verdict = court.verdict {
                findings.violated(verdict.property.rawValue, verdict.detail)
            }
        case .started, .startFailed: break
        }
        if case .started(boot: 1) = change { return }
        if Int(node.rank) < servers { hasFault = true }
    }

    /// Judges what clients asked and were told all in all.
    package mutating func ended(at now: Instant, into findings: inout Findings) {
        court.closeHistories()
        guard let verdict = court.verdict else { return }
        findings.violated(verdict.property.rawValue, verdict.detail)
    }

    /// Tells the judges whose clock is not true any more: bounds in its own time don't hold in
    /// true time.
    package mutating func fault(
        _ fault: Fault, isBeginning: Bool, at now: Instant, into findings: inout Findings
    ) {
        hasFault = true
        switch fault {
        case .clockRate(let node, _), .clockFreeze(let node): court.clockIsCrooked(of: node)
        case .slowNode(let node, _): court.isSlow(node)
        default: break
        }
    }

    /// What a whole first act has to keep to, beyond the promises that always hold.
    package mutating func overrun() -> Breach? {
        let breach = undisturbed() ?? beyondBounds()
        guard let breach, !court.unjudged.contains(breach.property) else { return nil }
        return breach
    }

    /// Where nothing went wrong, nobody is suspected, and tokens are counted exactly.
    private mutating func undisturbed() -> Breach? {
        guard !hasFault, isLossless else { return nil }
        if isCalmWorld, court.tally.suspicions > 0 {
            let detail = "\(court.tally.suspicions) suspicions, and nothing went wrong"
            return Breach(.accuracy, detail)
        }
        guard court.tokens.isExact else {
            // Otherwise a change that disturbs every ring would end the count without a word.
            guard isCalmWorld, servers > 1, court.tally.elections > 0 else { return nil }
            return Breach(
                .exactCount, "nothing went wrong, and yet tokens were kept, repeated or lost")
        }
        court.exactCounts += 1
        return court.tokens.verdict()
    }

    private func beyondBounds() -> Breach? {
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
