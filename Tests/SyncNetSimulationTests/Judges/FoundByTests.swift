import DeterministicSimulation
import SimulationRunner
import StateMachine
import SyncNetProtocol
import Testing

@testable import SyncNetSimulation

/// Which judge finds a planted bug, also where the usual one looks away.
@Suite struct `A planted bug is found by the judge` {
    private func found(
        _ bug: PlantedBugs, in name: String, below end: UInt64,
        change: (inout Scenario) -> Void = { _ in }
    ) throws -> Property? {
        var scenario = try Campaign.scenario(name, bugs: bug)
        scenario.storage = .memory
        change(&scenario)
        let failure = Campaign.firstFailure(of: scenario, below: end)
        return failure.flatMap { Property(rawValue: $0.violation.property) }
    }

    @Test func `of linearizability: reads without a quorum, where reads are not judged`() throws {
        let property = try found(.r16ReadsWithoutQuorum, in: "split-brain", below: 150) {
            $0.unjudged = [.honestReads, .honestStatus]
            $0.workload.rooms = 1
            $0.workload.linearizable = 40
        }
        #expect(property == .linearizability)
    }

    @Test func `of the exact count: smaller tokens that go on`() throws {
        let property = try found(.e1SmallerTokensForwarded, in: "calm", below: 40) {
            $0.bounds = Bounds()
        }
        #expect(property == .exactCount)
    }

    @Test func `of accuracy: heartbeats that move no deadline`() throws {
        #expect(try found(.f1DeadlineNotMoved, in: "calm", below: 5) == .accuracy)
    }
}

@Suite struct `A run that goes well` {
    @Test func `is counted exactly, and its histories are judged`() throws {
        var scenario = try Campaign.scenario("calm")
        scenario.storage = .memory
        scenario.servers = 5...5
        scenario.bounds = Bounds()
        let report = SyncNetScenario(scenario).run(RunRequest(seed: 3)).report
        func counter(_ name: String) -> UInt64 {
            report.counters.first { $0.name == name }?.value ?? 0
        }
        #expect(report.violation == nil)
        #expect(counter("exact token counts") == 1)
        #expect(counter("operations linearized") > 50)
        #expect(counter("histories too hard to judge") == 0)
    }

    @Test func `says how long it took to recover, and what part of the bound that is`() throws {
        var scenario = try Campaign.scenario("leader-crash")
        scenario.storage = .memory
        let report = SyncNetScenario(scenario).run(RunRequest(seed: 1)).report
        #expect(report.violation == nil)
        let names = report.measures.map(\.name)
        #expect(
            names == [
                "recovery: leader", "recovery: leader, 1 s being the bound",
                "recovery: all answers", "recovery: all answers, 1 s being the bound",
            ])
        #expect(report.measures[2].nanoseconds >= report.measures[0].nanoseconds)
        #expect(report.measures[3].nanoseconds <= 1_000_000_000)
    }
}
