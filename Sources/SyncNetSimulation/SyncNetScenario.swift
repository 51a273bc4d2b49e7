package import DeterministicSimulation
package import StateMachine
import SyncNetProtocol

/// How a run is made.
package struct RunOptions {
    /// Stops at this moment of simulated time, without the act of recovery.
    package var until: Interval?
    /// Takes one line for every event.
    package var trace: ((String) -> Void)?

    /// A whole run without a trace.
    package init() {}
}

/// A scenario that can be run: the same decisions, the same run.
package struct SyncNetScenario {
    /// What is run.
    package let scenario: Scenario

    /// Makes it runnable.
    package init(_ scenario: Scenario) { self.scenario = scenario }

    /// Runs both acts. First anything may go wrong, and only safety is judged; then a
    /// majority is healed, everything else stays broken for ever, and it has to elect a
    /// leader and answer all that is asked, within its bound.
    package func run(
        _ decisions: consuming Decisions, _ options: RunOptions = RunOptions()
    ) -> (report: RunReport, recorded: DecisionList?) {
        var decisions = decisions
        let setting = Setting(scenario, &decisions)
        var simulation = Simulation(
            SyncNetSystem(setting), codec: SyncNetCodec(setting),
            checker: SyncNetChecker(setting), options: setting.options, decisions: decisions)
        simulation.trace = options.trace
        if let until = options.until, until <= setting.duration {
            simulation.run(for: until)
        } else {
            simulation.run(for: setting.duration)
            if !simulation.isOver, let overrun = simulation.checker.overrun {
                simulation.report(Violation(overrun))
            }
            recover(&simulation, setting)
        }
        var report = simulation.finish()
        report.counters += simulation.checker.court.tally.counters
        report.counters += simulation.checker.court.counters
        return (report, simulation.world.decisions.recorded)
    }

    private func recover(
        _ simulation: inout Simulation<SyncNetSystem, SyncNetChecker>, _ setting: Setting
    ) {
        guard !simulation.isOver else { return }
        let majority = simulation.system.retire(in: &simulation.world)
        let isHealed = simulation.run(within: setting.livenessBound) { simulation in
            simulation.checker.court.outstanding == 0
                && simulation.checker.court.leaders.count { majority.contains($0.node) } == 1
        }
        guard isHealed, !simulation.isOver else {
            return miss("a leader and all answers", &simulation, majority, setting)
        }
        simulation.system.readAll(in: &simulation.world)
        let isRead = simulation.run(within: setting.livenessBound) { simulation in
            simulation.system.people.allSatisfy { $0.open.isEmpty }
        }
        if !isRead { miss("its last reads", &simulation, majority, setting) }
    }

    private func miss(
        _ what: String, _ simulation: inout Simulation<SyncNetSystem, SyncNetChecker>,
        _ majority: [NodeID], _ setting: Setting
    ) {
        guard !simulation.isOver else { return }
        let court = simulation.checker.court
        let leaders = court.leaders.map { "\($0.node.name) in epoch \($0.epoch.number)" }
        let waiting = simulation.system.people.filter { court.outstanding(of: $0.node) > 0 }
        let detail =
            "healed around \(majority.map(\.name).joined(separator: ", ")), the cluster did not "
            + "come to \(what) within \(setting.livenessBound.nanoseconds / 1_000_000) ms; "
            + "leaders: \(leaders.isEmpty ? "none" : leaders.joined(separator: ", ")); "
            + "\(court.outstanding) answers missing to "
            + waiting.prefix(5).map(\.node.name).joined(separator: ", ")
        simulation.report(Violation(Breach(.liveness, detail)))
    }
}

extension Violation {
    /// The same for the simulated world, which knows no properties of SyncNet.
    init(_ breach: Breach) {
        self.init(property: breach.property.rawValue, detail: breach.detail)
    }
}

extension SyncNetSystem {
    /// Ends the first act: people ask for nothing new, and a drawn majority of the servers
    /// is healed, with all clients.
    mutating func retire(in world: inout SimulatedWorld<Self>) -> [NodeID] {
        isBusy = false
        var rest = setting.memberNodes
        while rest.count > setting.quorum {
            let place = world.decisions.pick(DecisionPoint(.faultTarget), of: rest.count)
            rest.remove(at: place)
        }
        world.healAround(rest + people.map(\.node))
        return rest
    }

    /// Everybody reads every room once more, so that what was acknowledged must be there.
    mutating func readAll(in world: inout SimulatedWorld<Self>) {
        for number in people.indices where people[number].isHere {
            guard world.isUp(people[number].node) else { continue }
            for room in 0..<Int(workload.rooms) {
                let order = people[number].add(.other)
                let request = HistoryRequest(room: roomName(room), isLinearizable: true)
                world.input(.history(order: order, request), to: people[number].node)
            }
        }
    }
}
