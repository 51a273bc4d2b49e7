public import StateMachine

/// Between whom a message goes, and when it was sent.
public struct Route: Sendable {
    /// The sender.
    public var from: NodeID
    /// The receiver.
    public var to: NodeID
    /// Whether the sender opened the stream; false for datagrams.
    public var isFromOpener: Bool
    /// The sender's wall clock. In decoding: the receiver's.
    public var wall: WallTime
    /// Whether the sender runs the former version of the message format, and writes that.
    public var fromFormer = false
    /// Whether the receiver does, and reads as that did. A sender can't know: only decoding
    /// may go by it.
    public var toFormer = false

    /// Makes a route.
    public init(from: NodeID, to: NodeID, isFromOpener: Bool, wall: WallTime) {
        self.from = from
        self.to = to
        self.isFromOpener = isFromOpener
        self.wall = wall
    }
}

/// What a decoder made of the bytes that it has.
public enum Decoded<Message> {
    /// The next message.
    case message(Message)
    /// More bytes are needed.
    case incomplete
    /// These bytes are no message: the stream is ended, and counted.
    case malformed
}

/// Takes bytes of a stream in any portions, and gives messages back.
public protocol SimulatedDecoder<Message> {
    /// What it decodes.
    associatedtype Message
    /// Takes the next bytes.
    mutating func feed(_ bytes: UnsafeRawBufferPointer)
    /// Takes the next message off.
    mutating func next() -> Decoded<Message>
}

/// Turns messages into bytes and back: the simulated network carries bytes only, so that
/// the system's real encoding and framing run in every simulation.
public protocol SimulatedCodec<Words> {
    /// The words whose messages it turns into bytes.
    associatedtype Words: Vocabulary
    /// What takes streams apart.
    associatedtype Decoder: SimulatedDecoder where Decoder.Message == Words.Message

    /// Appends a datagram's payload.
    func encodeDatagram(_ message: Words.Message, _ route: Route, into bytes: inout [UInt8])
    /// The message of a datagram; nil drops and counts it.
    func decodeDatagram(_ bytes: UnsafeRawBufferPointer, _ route: Route) -> Words.Message?
    /// Appends a message as it stands on a stream.
    func encodeFrame(_ message: Words.Message, _ route: Route, into bytes: inout [UInt8])
    /// A decoder for one direction of a stream.
    func makeDecoder(_ route: Route) -> Decoder
    /// The sort of a message in one word, by which recordings name what becomes of it. Asked
    /// only while one is made or played back. None by default: messages are only counted.
    func label(of message: Words.Message) -> StaticString
    /// By what recordings name a timer: one word, and a number where there are several of
    /// that word. Nothing by default: a node's timers are only counted.
    func subject(of timer: Words.Timer) -> DecisionSubject
    /// Whether a message published by `node` is heard by `listener`. All hear it by default.
    func reaches(_ message: Words.Message, from node: NodeID, _ listener: NodeID) -> Bool
}

extension SimulatedCodec {
    /// No word.
    public func label(of message: Words.Message) -> StaticString { "" }

    /// Nothing in particular.
    public func subject(of timer: Words.Timer) -> DecisionSubject { .none }

    /// All hear what is published.
    @inlinable
    public func reaches(
        _ message: Words.Message, from node: NodeID, _ listener: NodeID
    ) -> Bool { true }
}
