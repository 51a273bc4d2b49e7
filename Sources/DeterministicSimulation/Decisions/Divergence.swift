public import StateMachine

/// Where a playback and the run that it should repeat went apart first.
public struct Divergence: Equatable, Sendable, CustomStringConvertible {
    /// What became of a recorded choice.
    public enum Reason: Equatable, Sendable {
        /// The run never asked for it.
        case neverAsked
        /// The run asked for it, but that was no legal answer.
        case notLegal
        /// The run asked for it at another moment.
        case moved(to: Instant)
    }

    /// The choice, in words.
    public var decision: String
    /// When it was made.
    public var at: Instant
    /// What became of it.
    public var reason: Reason

    /// One line for people.
    public var description: String {
        let story = "at \(Quantity.seconds(at.nanoseconds)) s the recording has \(decision), which "
        return switch reason {
        case .neverAsked: story + "the run never asked for"
        case .notLegal: story + "is no legal answer to what the run asked"
        case .moved(let moment):
            story + "the run asked for at \(Quantity.seconds(moment.nanoseconds)) s"
        }
    }
}
