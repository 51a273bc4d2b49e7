/// A protocol's decisions: a value that turns events into effects.
///
/// It never does I/O, reads a clock, draws a random number, starts a task or logs.
/// The same machine, compiled once, runs in the real world and in the simulator.
public protocol StateMachine<Words>: Sendable {
    /// The words in which it speaks.
    associatedtype Words: Vocabulary

    /// Who it is.
    var me: NodeID { get }

    /// Takes an event that happened at `now` and appends what follows from it.
    ///
    /// The only way in which the machine changes.
    mutating func handle(
        _ event: Event<Words>, now: ClockReading, into effects: inout Effects<Words>)
}
