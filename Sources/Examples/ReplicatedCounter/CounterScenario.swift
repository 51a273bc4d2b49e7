import DeterministicSimulation
import SimulationRunner
import StateMachine

extension DecisionKind {
    static let request = DecisionKind("workload.request", from: .workload)
    static let replica = DecisionKind("workload.replica", from: .workload)
    static let direction = DecisionKind("workload.direction", from: .workload)
}

/// Five replicas, one of which is asked to count every 50 ms.
struct CounterSystem: SimulatedSystem {
    typealias Machine = CounterReplica
    typealias Codec = CounterCodec
    typealias NodeJournal = ListJournal<ReplicatedCounter>

    static let replicas = (0..<5 as Range<UInt32>).map { NodeID($0) }
    static let chaos = FaultProfile(
        [.crash, .crashInCommit, .pause, .halves, .parts, .oneWay, .loss, .doubling, .holdingBack]
            .map { FaultChoice($0, lasting: .milliseconds(100)...(.seconds(3))) },
        pause: .milliseconds(200)...(.seconds(1)), atOnce: 3, down: .all, until: .seconds(15))

    var bug: CounterBug?

    mutating func begin(in world: inout SimulatedWorld<CounterSystem>) {
        for node in Self.replicas {
            world.add(node, .member, journal: ListJournal())
            world.start(node)
        }
        world.releaseNemesis(Self.chaos)
        world.setAlarm(0, after: .milliseconds(50))
    }

    mutating func start(
        _ node: NodeID, boot: Int, journal: inout ListJournal<ReplicatedCounter>,
        decisions: inout Decisions
    ) throws(JournalFailure) -> Started<CounterReplica> {
        let own = try journal.read().last ?? ReplicatedCounter.Tally()
        return Started(
            CounterReplica(node, bug: bug), recovery: .init(replicas: Self.replicas, own: own))
    }

    mutating func alarm(_ number: UInt64, in world: inout SimulatedWorld<CounterSystem>) {
        guard world.now < .zero + .seconds(15) else { return }
        world.setAlarm(number + 1, after: .milliseconds(50))
        world.decisions.subject = DecisionSubject("count", number + 1)
        defer { world.decisions.subject = .none }
        let isAsked = world.decisions.choose(
            DecisionPoint(.request), of: 1, weight: { _ in 1 }, name: { _ in "asked" })
        guard isAsked != nil else { return }
        let index = world.decisions.pick(DecisionPoint(.replica), of: Self.replicas.count)
        let isUp = world.decisions.chance(DecisionPoint(.direction), perMillion: 600_000)
        world.input(isUp ? .up : .down, to: Self.replicas[index])
    }
}

/// A replica never shows more than was asked for, and never less than it showed before.
struct CounterLaw: Checker {
    typealias Machine = CounterReplica

    private(set) var asked = ReplicatedCounter.Tally()
    private(set) var answered = ReplicatedCounter.Tally()
    /// What each replica showed last, since it started.
    private var shown = NodeMap<ReplicatedCounter.Tally>()

    mutating func handled(
        _ event: Event<ReplicatedCounter>, by node: NodeID, _ machine: CounterReplica,
        _ effects: [Effect<ReplicatedCounter>], at now: Instant, into findings: inout Findings
    ) {
        if case .started = event { shown[node] = nil }
        if case .input(let input) = event { Self.add(input, to: &asked) }
        for case .output(let output) in effects { Self.add(output, to: &answered) }
        let total = machine.total
        if total.ups > asked.ups || total.downs > asked.downs {
            findings.violated("Nothing is invented", "\(node) shows \(total) of \(asked)")
        }
        if let last = shown[node], last.ups > total.ups || last.downs > total.downs {
            findings.violated("Counts only grow", "\(node) shows \(total) after \(last)")
        }
        shown[node] = total
    }

    private static func add(
        _ input: ReplicatedCounter.Input, to tally: inout ReplicatedCounter.Tally
    ) {
        switch input {
        case .up: tally.ups += 1
        case .down: tally.downs += 1
        }
    }
}

struct CounterScenario: PlantedScenario {
    let name = "replicated-counter"
    let summary = "replicas that count on both sides of a partition"
    var bug: CounterBug?

    func run(_ request: RunRequest) throws -> RunOutcome {
        var simulation = Simulation(
            CounterSystem(bug: bug), codec: CounterCodec(), checker: CounterLaw(),
            decisions: request.decisions())
        simulation.trace = request.trace
        simulation.tale = request.tale
        // Act one: anything happens. The nemesis ends its faults after 15 s.
        let healed = Instant.zero + .seconds(15)
        simulation.run(until: request.end(healed))
        guard !request.stops(before: healed) else { return RunOutcome(&simulation) }
        // Act two: nobody counts any more, so all come to show the same, and all of it.
        let isEqual = simulation.run(within: .seconds(10)) { run in
            let all = CounterSystem.replicas.compactMap { run.machine(of: $0)?.tallies }
            return all.count == CounterSystem.replicas.count && all.allSatisfy { $0 == all[0] }
        }
        guard !simulation.isOver else { return RunOutcome(&simulation) }
        let total = simulation.machine(of: CounterSystem.replicas[0])?.total ?? .init()
        let answered = simulation.checker.answered
        if !isEqual {
            simulation.report(Violation(property: "Convergence", detail: "not all are equal"))
        } else if total.ups < answered.ups || total.downs < answered.downs {
            simulation.report(
                Violation(property: "Nothing is lost", detail: "\(total) of \(answered)"))
        }
        return RunOutcome(&simulation)
    }
}
