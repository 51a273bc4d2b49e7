/// A past fact that a world tells a machine.
public enum Event<Words: Vocabulary>: Equatable, Sendable {
    /// The node starts. Always the first event, and the only way in after a crash.
    case started(Words.Recovery)
    /// The node's owner asks for something.
    case input(Words.Input)
    /// A datagram arrived. It may be late, doubled or out of order.
    case datagram(Words.Message, from: NodeID)
    /// A stream that this node asked for with ``Effect/open(_:)`` is open.
    case opened(StreamID, to: NodeID)
    /// Another node opened a stream to this one.
    case accepted(StreamID, from: NodeID)
    /// A stream that this node asked for could not be opened.
    case openFailed(NodeID, OpenFailure)
    /// A message arrived on a stream, after all that were sent before it.
    case message(Words.Message, on: StreamID)
    /// More is waiting to leave on the stream than the world wants to keep.
    case congested(StreamID)
    /// A congested stream has room again.
    case drained(StreamID)
    /// The stream has ended, at this side's wish or not. Nothing more arrives on it.
    case closed(StreamID)
    /// A timer that this node armed has fired. It may be late.
    case timer(Words.Timer)
    /// All writes of the ticket, and of every earlier one, are durable.
    case written(Ticket)
    /// The answer to a query. It shows all writes that were asked for before it.
    case fetched(Words.Answer, Ticket)
    /// The journal failed. What was not answered may or may not be durable.
    case journalFailed(JournalFailure)
}

/// Why a stream could not be opened.
public enum OpenFailure: Equatable, Sendable {
    /// The other machine answered that nobody listens there.
    case refused
    /// No answer within the connection time, or no way there.
    case unreachable
}

/// Why a journal can't go on.
public enum JournalFailure: Error, Equatable, Sendable {
    /// No space is left on the device.
    case full
    /// Reading or writing failed. What is there may be whole: another start will tell.
    case broken
    /// What is there is not, or not all of, what was once made durable.
    case damaged
}
