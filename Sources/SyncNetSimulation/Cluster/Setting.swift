import DeterministicSimulation
import StateMachine
import SyncNetProtocol

extension DecisionKind {
    static let settingServers = DecisionKind("setting.servers", from: .workload)
    static let settingClients = DecisionKind("setting.clients", from: .workload)
    static let settingTiming = DecisionKind("setting.timing", from: .workload)
    static let settingDuration = DecisionKind("setting.duration", from: .workload)
    static let settingLimit = DecisionKind("setting.limit", from: .workload)
    static let settingFault = DecisionKind("setting.fault", from: .faults)
}

/// One run's values, drawn from the ranges of its scenario.
struct Setting {
    let scenario: Scenario
    let servers: Int
    let clients: Int
    let timing: Timing
    let duration: Interval
    let limits: Limits
    let faults: FaultProfile

    init(_ scenario: Scenario, _ decisions: inout Decisions) {
        self.scenario = scenario
        servers = Int(decisions.draw(DecisionPoint(.settingServers), in: scenario.servers))
        clients = Int(decisions.draw(DecisionPoint(.settingClients), in: scenario.clients))
        let place = decisions.pick(
            DecisionPoint(.settingTiming), of: scenario.timings.count)
        timing = scenario.timings[place].timing
        duration = decisions.draw(DecisionPoint(.settingDuration), in: scenario.duration)
        limits =
            scenario.limits ?? (scenario.hasSmallLimits ? Self.smallLimits(&decisions) : Limits())
        faults = scenario.isSwarm ? Self.swarm(scenario.faults, &decisions) : scenario.faults
    }

    var quorum: Int { servers / 2 + 1 }

    /// Limits that a short run meets.
    private static func smallLimits(_ decisions: inout Decisions) -> Limits {
        func draw(_ range: ClosedRange<UInt64>) -> Int {
            Int(decisions.draw(DecisionPoint(.settingLimit), in: range))
        }
        var limits = Limits()
        limits.pageDefault = draw(2...10)
        limits.pageMax = draw(10...20)
        limits.sessionWindow = draw(8...32)
        limits.appendEntries = draw(1...16)
        limits.appendBytes = draw(64...4_096)
        limits.appendsInFlight = draw(1...4)
        limits.unstored = draw(1...32)
        limits.cachedEntries = draw(8...64)
        limits.stampBlock = UInt64(draw(140_000...400_000))
        return limits
    }

    /// Keeps each kind of fault in half of the runs (Groce et al., ISSTA 2012).
    private static func swarm(
        _ profile: FaultProfile, _ decisions: inout Decisions
    ) -> FaultProfile {
        var kept = profile
        kept.choices = profile.choices.filter { _ in
            decisions.draw(DecisionPoint(.settingFault), in: 0...1) == 1
        }
        return kept.choices.isEmpty ? profile : kept
    }

    /// The simulated world before anything goes wrong.
    var options: SimulationOptions {
        var options = SimulationOptions()
        options.link.delay = .uniform(scenario.network.delay)
        options.link.lossPerMillion = scenario.network.loss
        options.link.doublingPerMillion = scenario.network.doubling
        options.link.holdingBackPerMillion = scenario.network.holdingBack
        options.disk.commit = .bimodal(
            fast: scenario.disk.commit, slow: scenario.disk.slowly,
            slowPerMillion: scenario.disk.slow)
        options.streams.connectTimeout = timing.connect
        return options
    }

    var members: [Member] {
        (0..<servers).map { rank in
            Member(
                id: Text("server\(rank + 1)"), host: "127.0.0.1",
                port: UInt16(8_000 + rank * 100))
        }
    }

    var memberNodes: [NodeID] { (0..<UInt32(servers)).map { NodeID($0) } }

    static func client(_ number: Int) -> NodeID {
        NodeID(UInt32(Limits.membersMax + number))
    }

    /// How long a healed majority may take.
    var livenessBound: Interval { scenario.bounds.liveness ?? timing.livenessBound }
}
