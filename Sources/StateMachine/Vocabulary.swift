/// The words in which a family of state machines speaks with its world.
///
/// A server and its client share one vocabulary, so that one world can hold both.
/// Adopt it in an enum without cases that names the types.
public protocol Vocabulary: Sendable {
    /// What nodes say to each other.
    associatedtype Message: Equatable & Sendable
    /// Names of timers; one of each name runs at a time.
    associatedtype Timer: Equatable & Sendable
    /// What a journal is asked to make durable.
    associatedtype Write: Equatable & Sendable
    /// What a journal is asked to read back.
    associatedtype Query: Equatable & Sendable
    /// What a journal answers to a query.
    associatedtype Answer: Equatable & Sendable
    /// All that a node finds when it starts: configuration and what its journal kept.
    associatedtype Recovery: Equatable & Sendable
    /// What the node's owner asks of it.
    associatedtype Input: Equatable & Sendable
    /// What the node tells its owner.
    associatedtype Output: Equatable & Sendable
    /// A fact noted for traces, counters and checkers; no decision follows from one.
    associatedtype Mark: Equatable & Sendable
}
