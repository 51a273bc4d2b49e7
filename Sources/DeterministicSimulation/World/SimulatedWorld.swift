import StateMachine

/// All that surrounds the machines of a simulated system.
public struct SimulatedWorld<System: SimulatedSystem>: ~Copyable {
    /// Where every choice is made.
    public var decisions: Decisions
}
