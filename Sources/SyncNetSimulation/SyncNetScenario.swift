import DeterministicSimulation
public import SimulationRunner
import StateMachine
import SyncNetProtocol

/// A scenario that can be run: the same decisions, the same run.
public struct SyncNetScenario: SimulatedScenario {
    enum Origin {
        case file(Scenario)
        case swarm(SwarmProfile)
    }

    let origin: Origin

    /// Makes a scenario runnable.
    package init(_ scenario: Scenario) { origin = .file(scenario) }

    /// Makes a swarm runnable: every seed draws a scenario of its own.
    package init(_ profile: SwarmProfile) { origin = .swarm(profile) }

    /// Its name.
    public var name: String {
        switch origin {
        case .file(let scenario): scenario.name
        case .swarm(let profile): profile.name
        }
    }

    /// What it is about.
    public var summary: String {
        switch origin {
        case .file(let scenario): scenario.about
        case .swarm(let profile): profile.about
        }
    }

    private func scenario(_ decisions: inout Decisions) -> Scenario {
        switch origin {
        case .file(let scenario): scenario
        case .swarm(let profile): Swarm.scenario(from: profile, &decisions)
        }
    }

    /// Runs three acts. First anything may go wrong, and only safety is judged; then a
    /// majority is healed, everything else stays broken for ever, and it has to elect a
    /// leader and answer all that is asked, within its bound; at last all is healed, and all
    /// members have to get equal.
    public func run(_ request: RunRequest) -> RunOutcome {
        var decisions = request.decisions()
        let setting = Setting(scenario(&decisions), &decisions)
        guard setting.scenario.storage == .sqlite else {
            return run(request, setting, decisions, on: nil)
        }
        let seed = decisions.draw(DecisionPoint(.diskSeed), in: 0...UInt64.max)
        var rest = Optional(decisions)
        return SimulatedDisks.exclusively(seed: seed) { disks in
            guard let decisions = rest.take() else { preconditionFailure("run twice") }
            return run(request, setting, decisions, on: disks)
        }
    }

    private func run(
        _ request: RunRequest, _ setting: Setting, _ decisions: consuming Decisions,
        on disks: SimulatedDisks?
    ) -> RunOutcome {
        let codec = SyncNetCodec(setting)
        let system = SyncNetSystem(setting, disks: disks)
        var simulation = Simulation(
            system, codec: codec, checker: SyncNetChecker(setting, disks: system.healths),
            options: setting.options, decisions: decisions)
        simulation.trace = request.trace
        simulation.tale = request.tale
        var measures: [Measure] = []
        let end = Instant.zero + setting.duration
        simulation.run(until: request.end(end))
        if !request.stops(before: end) {
            if !simulation.isOver, let overrun = simulation.checker.overrun() {
                simulation.report(Violation(overrun))
            }
            measures = recover(&simulation, setting)
        }
        var outcome = RunOutcome(&simulation)
        if outcome.recorded != nil { outcome.settings = setting.lines }
        outcome.report.configuration = setting.words
        outcome.report.measures += measures
        outcome.report.counters += simulation.checker.court.tally.counters
        outcome.report.counters += simulation.checker.court.counters
        outcome.report.sometimes += simulation.checker.court.tally.points + codec.points
        outcome.report.sometimes += storagePoints(&simulation, setting)
        return outcome
    }

    private func storagePoints(
        _ simulation: inout Simulation<SyncNetSystem, SyncNetChecker>, _ setting: Setting
    ) -> [Counter] {
        var tally = StorageTally()
        for node in setting.memberNodes {
            simulation.world.withJournal(of: node) { tally.add($0.tally) }
        }
        let court = simulation.checker.court
        let excused: UInt64 = court.isExcused && !court.isReplayed ? 1 : 0
        return tally.points + [Counter("disk forgot without a trace", excused)]
    }

    /// Gives how long it took until the majority had a leader, and until it had answered
    /// everything; each also in billionths of its bound.
    private func recover(
        _ simulation: inout Simulation<SyncNetSystem, SyncNetChecker>, _ setting: Setting
    ) -> [Measure] {
        guard !simulation.isOver, !simulation.checker.court.isExcused,
            var second = simulation.system.retire(
                simulation.checker.court.membersApplied,
                simulation.checker.court.membersByLog, in: &simulation.world)
        else { return [] }
        let begin = simulation.world.now
        var led: Interval?
        let lag = simulation.checker.court.lag(of: second.majority)
        let missing = lag + simulation.checker.court.outstanding
        second.bound = setting.livenessBound(of: second, missing: missing)
        let isHealed = simulation.run(within: second.bound) { [second] simulation in
            if led == nil, second.isLed(by: simulation.checker.court.leaders) {
                led = simulation.world.now.since(begin)
            }
            return simulation.checker.court.isExcused
                || simulation.checker.court.outstanding == 0
                    && second.isLed(by: simulation.checker.court.leaders)
                    && simulation.checker.court.agreeAsMembers(second.majority)
        }
        guard isHealed, !simulation.isOver else {
            miss("a leader, equal logs and all answers", &simulation, second)
            return []
        }
        let answered = simulation.world.now.since(begin)
        readLast(&simulation, second)
        reunite(&simulation, setting)
        return Self.measures(
            [("leader", led ?? .zero), ("all answers", answered)], of: second.bound)
    }

    /// The third act: everything is healed, and nobody says anything more. Whoever was wiped, cut
    /// off or left behind has to be a member with an equal log again by itself.
    private func reunite(
        _ simulation: inout Simulation<SyncNetSystem, SyncNetChecker>, _ setting: Setting
    ) {
        guard !simulation.isOver, !simulation.checker.court.isExcused else { return }
        simulation.system.reunite(in: &simulation.world)
        let members = simulation.checker.court.membersApplied
        var third = SecondAct(majority: members, rest: .cutOff)
        // One that was wiped lacks all of the log.
        third.slowest = setting.scenario.network.delay.upperBound * 4
        // Disks beyond repair are emptied one after another, each after its operator has come.
        third.bound =
            setting.livenessBound(
                of: third, missing: simulation.checker.court.lag(of: setting.memberNodes)) * 2
            + setting.scenario.operatorPause.upperBound * 12
        let isWhole = simulation.run(within: third.bound) { [third] simulation in
            let court = simulation.checker.court
            let members = court.membersApplied
            return court.isExcused
                || third.isLed(by: court.leaders) && members.allSatisfy(simulation.system.isFed)
                    && court.agree(members)
                    && simulation.system.followings.allSatisfy {
                        court.unshown(to: $0.client, of: $0.room) == 0
                            && !court.isUntold($0.client, of: $0.room)
                    }
        }
        let court = simulation.checker.court
        guard !isWhole, !simulation.isOver,
            !simulation.system.isLeft(toBroken: court.membersApplied)
        else { return }
        let states = court.membersApplied.map { node in
            let isFed = simulation.system.isFed(node) ? "" : ", recovering"
            return "\(node.name) \(court.state(of: node))\(isFed)"
        }
        let unshown = simulation.system.followings.compactMap { client, room in
            let count = court.unshown(to: client, of: room)
            if count > 0 { return "\(client.name) was not shown \(count) messages of a room" }
            return court.isUntold(client, of: room)
                ? "\(client.name) was not told that it is no member of a private room" : nil
        }
        let detail =
            "with everything healed and nobody speaking, the members did not get equal and "
            + "everybody was not shown all of their rooms within "
            + "\(third.bound.nanoseconds / 1_000_000) ms: "
            + (states + unshown.prefix(5)).joined(separator: "; ")
        simulation.report(Violation(Breach(.liveness, detail)))
    }

    private static func measures(
        _ times: [(name: String, time: Interval)], of bound: Interval
    ) -> [Measure] {
        times.flatMap { name, time in
            let part = time.nanoseconds.multipliedFullWidth(by: 1_000_000_000)
            let fraction = bound.nanoseconds.dividingFullWidth(part).quotient
            return [
                Measure("recovery: \(name)", time.nanoseconds),
                Measure("recovery: \(name), 1 s being the bound", fraction),
            ]
        }
    }

    private func readLast(
        _ simulation: inout Simulation<SyncNetSystem, SyncNetChecker>, _ second: SecondAct
    ) {
        simulation.system.readAll(in: &simulation.world)
        let isRead = simulation.run(within: second.bound) { simulation in
            simulation.system.people.allSatisfy { $0.open.isEmpty }
        }
        if !isRead { miss("its last reads", &simulation, second) }
    }

    private func miss(
        _ what: String, _ simulation: inout Simulation<SyncNetSystem, SyncNetChecker>,
        _ second: SecondAct
    ) {
        let court = simulation.checker.court
        guard !simulation.isOver, !court.isExcused,
            !simulation.system.isLeft(toBroken: court.membersApplied)
        else { return }
        let leaders = court.leaders.map { "\($0.node.name) in epoch \($0.epoch.number)" }
        let waiting = simulation.system.people.filter { court.outstanding(of: $0.node) > 0 }
        let detail =
            "healed around \(second.words), the cluster did not come to \(what) within "
            + "\(second.bound.nanoseconds / 1_000_000) ms; "
            + "leaders: \(leaders.isEmpty ? "none" : leaders.joined(separator: ", "))"
            + (waiting.isEmpty
                ? ", no answer is missing"
                : "; \(court.outstanding) answers missing to "
                    + waiting.prefix(5).map(\.node.name).joined(separator: ", "))
        simulation.report(Violation(Breach(.liveness, detail)))
    }
}

extension Violation {
    /// The same for the simulated world, which knows no properties of SyncNet.
    init(_ breach: Breach) {
        self.init(property: breach.property.rawValue, detail: breach.detail)
    }
}
