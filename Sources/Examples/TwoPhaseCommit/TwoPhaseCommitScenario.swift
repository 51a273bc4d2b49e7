import DeterministicSimulation
import SimulationRunner
import StateMachine

extension DecisionKind {
    static let transaction = DecisionKind("workload.transaction", from: .workload)
    static let refusal = DecisionKind("workload.refusal", from: .workload)
}

/// A coordinator and three participants; a transaction every 200 ms.
struct CommitSystem: SimulatedSystem {
    typealias Machine = CommitNode
    typealias Codec = CommitCodec
    typealias NodeJournal = ListJournal<TwoPhaseCommit>

    static let coordinator = NodeID(0)
    static let participants = (1...3 as ClosedRange<UInt32>).map { NodeID($0) }
    static let transactions: UInt64 = 100
    static let chaos = FaultProfile(
        [.crash, .crashInCommit, .pause, .isolate, .oneWay, .pair, .loss, .doubling, .delay]
            .map { FaultChoice($0, lasting: .milliseconds(100)...(.seconds(2))) },
        pause: .milliseconds(100)...(.seconds(1)), atOnce: 3, down: .all, until: .seconds(20))

    var bug: CommitBug?

    mutating func begin(in world: inout SimulatedWorld<CommitSystem>) {
        for node in [Self.coordinator] + Self.participants {
            world.add(node, .member, journal: ListJournal())
            world.start(node)
        }
        world.releaseNemesis(Self.chaos)
        world.setAlarm(0, after: .milliseconds(200))
    }

    mutating func start(
        _ node: NodeID, boot: Int, journal: inout ListJournal<TwoPhaseCommit>,
        decisions: inout Decisions
    ) throws(JournalFailure) -> Started<CommitNode> {
        let machine = CommitNode(
            node, coordinator: Self.coordinator, participants: Self.participants, bug: bug)
        return Started(machine, recovery: try journal.read())
    }

    mutating func alarm(_ number: UInt64, in world: inout SimulatedWorld<CommitSystem>) {
        guard number < Self.transactions else { return }
        world.setAlarm(number + 1, after: .milliseconds(200))
        world.decisions.subject = DecisionSubject("transaction", number + 1)
        defer { world.decisions.subject = .none }
        let isBegun = world.decisions.choose(
            DecisionPoint(.transaction), of: 1, weight: { _ in 1 }, name: { _ in "begun" })
        guard isBegun != nil else { return }
        let transaction = TwoPhaseCommit.Transaction(number: UInt32(number))
        for node in Self.participants
        where world.decisions.chance(DecisionPoint(.refusal, node), perMillion: 100_000) {
            world.input(.refuse(transaction), to: node)
        }
        world.input(.begin(transaction), to: Self.coordinator)
    }
}

/// One outcome for all; a commit only where all promised; a promise is never forgotten.
struct CommitLaw: Checker {
    typealias Machine = CommitNode

    private struct Fate {
        var outcome: TwoPhaseCommit.Outcome?
        var promisedBy: [NodeID] = []
    }
    private var fates = Array(repeating: Fate(), count: Int(CommitSystem.transactions))
    private(set) var commits = 0

    mutating func handled(
        _ event: Event<TwoPhaseCommit>, by node: NodeID, _ machine: CommitNode,
        _ effects: [Effect<TwoPhaseCommit>], at now: Instant, into findings: inout Findings
    ) {
        if case .started(let records) = event { remembers(records, node, &findings) }
        for effect in effects {
            switch effect {
            case .datagram(.vote(let transaction, isYes: true), _):
                fates[Int(transaction.number)].promisedBy.append(node)
            case .output(.decided(let transaction, let outcome)):
                isDecided(Int(transaction.number), outcome, node, &findings)
            default: break
            }
        }
    }

    private func remembers(
        _ records: [TwoPhaseCommit.Record], _ node: NodeID, _ findings: inout Findings
    ) {
        for (number, fate) in fates.enumerated() where fate.promisedBy.contains(node) {
            let transaction = TwoPhaseCommit.Transaction(number: UInt32(number))
            guard !records.contains(.promised(transaction)) else { continue }
            findings.violated("Promises are kept", "\(node) forgot transaction \(number)")
        }
    }

    private mutating func isDecided(
        _ number: Int, _ outcome: TwoPhaseCommit.Outcome, _ node: NodeID,
        _ findings: inout Findings
    ) {
        let fate = fates[number]
        if let other = fate.outcome, other != outcome {
            findings.violated("Atomicity", "\(number) \(outcome) at \(node), \(other) elsewhere")
        }
        let isUnanimous = CommitSystem.participants.allSatisfy(fate.promisedBy.contains)
        if outcome == .committed, !isUnanimous {
            findings.violated("Unanimity", "\(number) by \(fate.promisedBy) only")
        }
        if fate.outcome == nil, outcome == .committed { commits += 1 }
        fates[number].outcome = outcome
    }
}

struct TwoPhaseCommitScenario: PlantedScenario {
    let name = "two-phase-commit"
    let summary = "transactions among nodes that crash and part"
    var bug: CommitBug?

    func run(_ request: RunRequest) throws -> RunOutcome {
        var simulation = Simulation(
            CommitSystem(bug: bug), codec: CommitCodec(), checker: CommitLaw(),
            decisions: request.decisions())
        simulation.trace = request.trace
        simulation.tale = request.tale
        // Act one: anything happens. The nemesis ends its faults after 20 s.
        let healed = Instant.zero + .seconds(20)
        simulation.run(until: request.end(healed))
        guard !request.stops(before: healed) else { return RunOutcome(&simulation) }
        // Act two: everybody runs, so everybody has to come to know.
        let isSettled = simulation.run(within: .seconds(5)) { run in
            run.world.members.allSatisfy { run.machine(of: $0)?.isSettled == true }
                && run.checker.commits > 0
        }
        if !isSettled, !simulation.isOver {
            simulation.report(Violation(property: "Termination", detail: "still in doubt"))
        }
        return RunOutcome(&simulation)
    }
}
