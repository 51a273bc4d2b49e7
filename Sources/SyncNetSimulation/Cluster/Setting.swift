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
    static let settingFaultPoints = DecisionKind("setting.faultPoints", from: .faults)
    static let settingSpares = DecisionKind("setting.spares", from: .workload)
    static let settingNames = DecisionKind("setting.names", from: .workload)
}

/// One run's values, drawn from the ranges of its scenario.
struct Setting {
    let scenario: Scenario
    let servers: Int
    /// How many of the servers are members from the beginning.
    let founders: Int
    let clients: Int
    let timing: Timing
    let duration: Interval
    let limits: Limits
    let faults: FaultProfile
    let points: PointsSetting?
    /// The number in the first server's name; 0 where names are plain.
    let firstName: UInt64

    init(_ scenario: Scenario, _ decisions: inout Decisions) {
        self.scenario = scenario
        servers = Int(decisions.draw(DecisionPoint(.settingServers), in: scenario.servers))
        // At least one founds the cluster.
        let spares =
            scenario.spares.upperBound == 0
            ? 0 : decisions.draw(DecisionPoint(.settingSpares), in: scenario.spares)
        founders = max(1, servers - Int(spares))
        clients = Int(decisions.draw(DecisionPoint(.settingClients), in: scenario.clients))
        let place = decisions.pick(
            DecisionPoint(.settingTiming), of: scenario.timings.count)
        timing = scenario.timings[place].timing
        duration = decisions.draw(DecisionPoint(.settingDuration), in: scenario.duration)
        let crowd = Int(scenario.workload.storm?.clients ?? 0)
        let isDrawn = scenario.hasSmallLimits && scenario.limits == nil
        limits =
            isDrawn
            ? Self.smallLimits(people: clients + crowd, scenario, &decisions)
            : scenario.limits ?? Limits()
        faults = scenario.isSwarm ? Self.swarm(scenario.faults, &decisions) : scenario.faults
        points = scenario.points ?? Self.points(scenario, &decisions)
        firstName =
            scenario.firstName
            ?? (scenario.hasOddNames
                ? decisions.draw(DecisionPoint(.settingNames), in: 0...11) : 0)
    }

    var quorum: Int { founders / 2 + 1 }

    /// Fewer members than these the operator leaves no cluster whose disks go wrong: one of
    /// them may be broken.
    var membersLeast: Int {
        let choices = faults.choices + scenario.leaderFaults.choices
        return choices.contains { $0.kind == .wipe || $0.kind.trouble != nil } ? 3 : 1
    }

    /// Limits that a short run meets.
    private static func smallLimits(
        people: Int, _ scenario: Scenario, _ decisions: inout Decisions
    ) -> Limits {
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
        limits.stampBlock = 200 << UInt64(draw(0...11))
        // What a forgotten session's first request did is not known any more, so that it is
        // done again: nobody may be forgotten who is still about to try again, which takes some
        // ten seconds at the most. Who comes meanwhile is another life of somebody, and some
        // sessions more: for each text that is shorter than all that were refused, and for each
        // request left in doubt.
        let hurried = draw(160...320)
        let lives = 64 + people * scenario.workload.lives(within: .seconds(30))
        limits.sessions = 4 * people + min(hurried, lives)
        limits.textBytes = 1_024 << draw(0...4)
        return limits
    }

    /// What clients know of the limits: not how long a text the servers take, so that some are
    /// refused whose numbers are used up.
    var clientLimits: Limits {
        var known = limits
        known.textBytes = max(limits.textBytes, Limits().textBytes)
        return known
    }

    /// Each kind of rare behaviour in half of the runs, for all servers alike.
    private static func points(
        _ scenario: Scenario, _ decisions: inout Decisions
    ) -> PointsSetting? {
        guard scenario.hasFaultPoints else { return nil }
        let point = DecisionPoint(.settingFaultPoints)
        let kinds = decisions.draw(point, in: 0...UInt64(FaultPoints.Kinds.all.rawValue))
        let period = decisions.draw(point, in: 2...32)
        let salt = decisions.draw(point, in: 0...UInt64.max)
        return PointsSetting(kinds: kinds, period: period, salt: salt)
    }

    /// The rare behaviour of each server.
    var faultPoints: [FaultPoints] {
        guard let points else { return Array(repeating: .none, count: servers) }
        let kinds = FaultPoints.Kinds(rawValue: UInt32(truncatingIfNeeded: points.kinds))
        return (0..<UInt64(servers)).map { rank in
            FaultPoints(
                kinds, oneIn: points.period,
                salt: points.salt &+ rank &* 0xA076_1D64_78BD_642F)
        }
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
        options.streams.waitingPerMillion = 250_000
        if scenario.hasSmallLimits {
            options.streams.congestedAbove = 8_192
            options.streams.drainedBelow = 2_048
        }
        return options
    }

    var members: [Member] {
        (0..<servers).map { rank in
            Member(
                id: Text("server\(number(ofServer: rank))"), host: "127.0.0.1",
                port: UInt16(8_000 + rank * (servers <= 500 ? 100 : 50)))
        }
    }

    /// Odd names go 7 by 7 through the numbers 5 to 15, so that ids as text stand in another
    /// order than ranks.
    private func number(ofServer rank: Int) -> Int {
        guard firstName > 0, servers <= 11 else { return rank + 1 }
        return (Int(firstName) + rank * 7) % 11 + 5
    }

    /// With how many members a majority has to be reckoned with: where they change, the fewest.
    var membersMost: Int { scenario.changes == nil ? servers : membersLeast }

    /// The server that listens at an address.
    static func node(of address: ServerAddress) -> NodeID {
        NodeID(UInt32(address.port - 8_000) / 100)
    }

    /// How the cluster was formed before the run begins; nil where that is part of it.
    var formation: Formation? {
        guard scenario.isFormed else { return nil }
        precondition(
            scenario.storage == .memory && founders == servers,
            "formed before: \(scenario.storage), \(founders) of \(servers) founders")
        let ids = members.prefix(founders).map(\.id)
        let disks = memberNodes.prefix(founders).map {
            MemberDisk(node: $0, disk: MemoryJournal.firstDisk(of: $0))
        }
        return Formation(
            cluster: ClusterID(members: ids, disks: disks), members: ids, disks: disks)
    }

    var memberNodes: [NodeID] { (0..<UInt32(servers)).map { NodeID($0) } }

    /// Whoever makes accounts, and whoever tries to get in without one.
    var outsiders: Int { scenario.accounts == .off ? 0 : 2 }

    /// How many nodes are clients of any sort.
    var people: Int { clients + Int(scenario.workload.storm?.clients ?? 0) + outsiders }

    static func client(_ number: Int) -> NodeID {
        NodeID(UInt32(Limits.membersMax + number))
    }

    /// How long a healed majority may take.
    var livenessBound: Interval { scenario.bounds.liveness ?? timing.livenessBound }

    /// The same, and where a leader outside is slow to reach, one round for each append that
    /// so many missing entries take.
    func livenessBound(of second: SecondAct, missing: Int) -> Interval {
        let hasTinyBatches = scenario.hasSmallLimits || points != nil
        let entries = limits.appendsInFlight * (hasTinyBatches ? 1 : limits.appendEntries)
        // Streams over a cut live on until someone notices, and who is left without any leads on
        // for as long as a server is patient.
        let rests = [SecondAct.Rest.streamless, .streamlessAmongServers, .asTheyAre]
        let patience = max(timing.death, timing.connect) * 2
        let late = options.streams.giveUp.upperBound + patience
        return livenessBound + (rests.contains(second.rest) ? late : .zero)
            + second.slowest * UInt64(missing / max(entries, 1))
    }
}
