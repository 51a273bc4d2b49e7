import ArgumentParser
import SimulationRunner

/// Three protocols that have nothing to do with chat, in the same simulator.
@main
struct SimulationExamples: SimulationTool {
    static let abstract = "Simulates two-phase commit, membership and a replicated counter."
    static let scenarios: [any SimulatedScenario] = [
        TwoPhaseCommitScenario(), MembershipScenario(), CounterScenario(),
    ]
    static let bugs =
        CommitBug.allCases.map {
            ScoreEntry($0.rawValue, $0.summary, in: TwoPhaseCommitScenario(bug: $0))
        }
        + MembershipBug.allCases.map {
            ScoreEntry($0.rawValue, $0.summary, in: MembershipScenario(bug: $0))
        }
        + CounterBug.allCases.map {
            ScoreEntry($0.rawValue, $0.summary, in: CounterScenario(bug: $0))
        }
}
