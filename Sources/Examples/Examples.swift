import SimulationRunner

/// What there is to simulate.
enum Examples {
    /// All bugs that can be planted, by name. Each belongs to one example.
    static let bugs =
        CommitBug.allCases.map(\.rawValue) + MembershipBug.allCases.map(\.rawValue)
        + CounterBug.allCases.map(\.rawValue)

    /// The examples; the one that the bug belongs to has it.
    static func scenarios(with bug: String? = nil) -> [any SimulatedScenario] {
        [
            TwoPhaseCommitScenario(bug: bug.flatMap(CommitBug.init)),
            MembershipScenario(bug: bug.flatMap(MembershipBug.init)),
            CounterScenario(bug: bug.flatMap(CounterBug.init)),
        ]
    }
}
