/// A command that a machine gives its world. Values only, so that tests can compare it.
public enum Effect<Words: Vocabulary>: Equatable, Sendable {
    /// Send a message that may be lost, doubled, delayed or overtaken.
    case datagram(Words.Message, to: NodeID)
    /// Send a message to whoever listens to this node's broadcasts.
    case publish(Words.Message)
    /// Open a stream; answered by `opened` or `openFailed`.
    case open(NodeID)
    /// Send a message on a stream, after all that were sent before it.
    case send(Words.Message, on: StreamID)
    /// End a stream after what was sent on it; answered by `closed`.
    case close(StreamID)
    /// Fire a timer at a moment in the range that the world draws. Replaces one of that name.
    case arm(Words.Timer, within: ClosedRange<Interval>)
    /// Forget a timer.
    case cancel(Words.Timer)
    /// Make a write durable. All that one event asks for is one commit, answered by
    /// `written` in the order of the tickets.
    case write(Words.Write, Ticket)
    /// Read from the journal; answered by `fetched`.
    case fetch(Words.Query, Ticket)
    /// Tell the node's owner.
    case output(Words.Output)
    /// Note a fact for traces, counters and checkers.
    case note(Words.Mark)
    /// This node can't go on: end it. Its effects before this one are performed.
    case halt
}

/// The buffer into which machines put their effects, in order. One is reused for all events.
public struct Effects<Words: Vocabulary>: ~Copyable {
    @usableFromInline internal var buffer: [Effect<Words>] = []

    /// What was asked for, first to last.
    @inlinable public var list: [Effect<Words>] { buffer }

    /// Makes an empty buffer.
    @inlinable
    public init() { buffer.reserveCapacity(64) }

    /// Adds an effect at the end.
    @inlinable
    public mutating func append(_ effect: Effect<Words>) { buffer.append(effect) }

    /// Empties the buffer and keeps its room.
    @inlinable
    public mutating func removeAll() { buffer.removeAll(keepingCapacity: true) }
}
