/// Carries messages between nodes, by datagram or by stream.
public protocol Transport: ~Copyable {
    /// The words that it carries.
    associatedtype Words: Vocabulary
    /// Sends a datagram. It may be lost, doubled, delayed or overtaken.
    mutating func datagram(_ message: Words.Message, from: NodeID, to: NodeID)
    /// Sends to whoever listens to the node's broadcasts.
    mutating func publish(_ message: Words.Message, from: NodeID)
    /// Begins to open a stream.
    mutating func open(from: NodeID, to: NodeID)
    /// Sends on a stream of `from`, in order. Without effect where the stream has ended.
    mutating func send(_ message: Words.Message, from: NodeID, on stream: StreamID)
    /// Ends a stream of `from` after what was sent on it.
    mutating func close(_ stream: StreamID, from: NodeID)
}

/// Tells the time and fires timers.
public protocol Clock: ~Copyable {
    /// The words that name its timers.
    associatedtype Words: Vocabulary
    /// What the clocks of `node` show.
    mutating func read(by node: NodeID) -> ClockReading
    /// Fires a timer within the range, and forgets an earlier one of that name.
    mutating func arm(_ timer: Words.Timer, of node: NodeID, within: ClosedRange<Interval>)
    /// Forgets a timer.
    mutating func cancel(_ timer: Words.Timer, of node: NodeID)
}

/// Makes facts durable and reads them back, in the order asked.
public protocol Journal: ~Copyable {
    /// The words that it keeps.
    associatedtype Words: Vocabulary
    /// Takes a write of a node. Those between two `commit`s belong together.
    mutating func write(_ write: Words.Write, by node: NodeID, ticket: Ticket)
    /// Takes a query of a node.
    mutating func fetch(_ query: Words.Query, by node: NodeID, ticket: Ticket)
}

/// All that surrounds machines.
public protocol World<Words>: Transport, Clock, Journal, ~Copyable {
    /// Tells the owner of a node.
    mutating func output(_ output: Words.Output, by node: NodeID)
    /// Takes note of a fact.
    mutating func note(_ mark: Words.Mark, by node: NodeID)
    /// Ends a node that can't go on.
    mutating func halt(_ node: NodeID)
    /// Called after the last effect of each event: what it wrote is one commit.
    mutating func settle(_ node: NodeID)
}
