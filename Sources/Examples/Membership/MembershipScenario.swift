import DeterministicSimulation
import SimulationRunner
import StateMachine

extension DecisionKind {
    static let victim = DecisionKind("workload.victim", from: .workload)
}

/// Five members on a network that loses one datagram in twenty at its best.
struct MembershipSystem: SimulatedSystem {
    typealias Machine = MembershipNode
    typealias Codec = MembershipCodec
    typealias NodeJournal = ListJournal<Membership>

    static let members = (0..<5 as Range<UInt32>).map { NodeID($0) }
    static let chaos = FaultProfile(
        [.crash, .pause, .isolate, .halves, .oneWay, .bridge, .loss, .doubling, .delay]
            .map { FaultChoice($0, lasting: .milliseconds(500)...(.seconds(4))) },
        pause: .milliseconds(500)...(.seconds(2)), until: .seconds(15))

    var bug: MembershipBug?

    mutating func begin(in world: inout SimulatedWorld<MembershipSystem>) {
        for node in Self.members {
            world.add(node, .member, journal: ListJournal())
            world.start(node)
        }
        world.releaseNemesis(Self.chaos)
    }

    mutating func start(
        _ node: NodeID, boot: Int, journal: inout ListJournal<Membership>,
        decisions: inout Decisions
    ) throws(JournalFailure) -> Started<MembershipNode> {
        Started(MembershipNode(node, bug: bug), recovery: Self.members)
    }
}

/// In calm times nobody convicts a node that runs, and only a node itself objects for it.
struct MembershipLaw: Checker {
    typealias Machine = MembershipNode

    /// How long after trouble its rumours may live.
    static let aftermath = Interval.seconds(5)

    private var troubles = 0
    private var lastTrouble = Instant.zero
    private var isUp = NodeMap<Bool>()
    private var incarnations = NodeMap<UInt32>()

    mutating func fault(
        _ fault: Fault, isBeginning: Bool, at now: Instant, into findings: inout Findings
    ) {
        troubles += isBeginning ? 1 : -1
        lastTrouble = now
    }

    mutating func changed(
        _ change: NodeChange, of node: NodeID, at now: Instant, into findings: inout Findings
    ) {
        switch change {
        case .started: isUp[node] = true
        case .crashed, .halted: isUp[node] = false
        default: break
        }
    }

    mutating func handled(
        _ event: Event<Membership>, by node: NodeID, _ machine: MembershipNode,
        _ effects: [Effect<Membership>], at now: Instant, into findings: inout Findings
    ) {
        let own = machine.opinions[node]?.incarnation ?? 0
        incarnations[node] = max(own, incarnations[node] ?? 0)
        for (other, opinion) in zip(machine.opinions.nodes, machine.opinions.values)
        where opinion.incarnation > incarnations[other] ?? 0 {
            findings.violated("Own incarnation", "\(node) has raised that of \(other)")
        }
        guard troubles == 0, now.since(lastTrouble) > Self.aftermath else { return }
        for case .note(.convicted(let victim)) in effects where isUp[victim] == true {
            findings.violated("Accuracy", "\(node) convicts \(victim), which runs")
        }
    }
}

struct MembershipScenario: PlantedScenario {
    let name = "membership"
    let summary = "who is there, after faults of every kind and then one last crash"
    var bug: MembershipBug?

    func run(_ request: RunRequest) throws -> RunOutcome {
        var simulation = Simulation(
            MembershipSystem(bug: bug), codec: MembershipCodec(), checker: MembershipLaw(),
            options: Self.options, decisions: request.decisions())
        simulation.trace = request.trace
        simulation.tale = request.tale
        // Act one: faults for 15 s, then a calm time in which accuracy is demanded.
        let calm = Instant.zero + .seconds(30)
        simulation.run(until: request.end(calm))
        guard !request.stops(before: calm), !simulation.isOver else {
            return RunOutcome(&simulation)
        }
        // Act two: one crashes for ever, and everybody else has to agree on that.
        let members = MembershipSystem.members
        let victim = members[
            simulation.world.decisions.pick(DecisionPoint(.victim), of: members.count)]
        simulation.world.crash(victim)
        let isComplete = simulation.run(within: .seconds(10)) { run in
            members.allSatisfy { node in
                node == victim
                    || run.machine(of: node).map { knows(victim, $0.opinions) } == true
            }
        }
        if !isComplete, !simulation.isOver {
            simulation.report(
                Violation(property: "Completeness", detail: "not all know who is there"))
        }
        return RunOutcome(&simulation)
    }

    private func knows(_ dead: NodeID, _ opinions: NodeMap<Membership.Opinion>) -> Bool {
        zip(opinions.nodes, opinions.values).allSatisfy { node, opinion in
            (node == dead) == (opinion.condition == .dead)
        }
    }

    private static let options: SimulationOptions = {
        var options = SimulationOptions()
        options.link.lossPerMillion = 50_000
        return options
    }()
}
