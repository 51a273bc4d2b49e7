public import StateMachine

/// A decoder for systems that open no streams: no bytes are a message.
public struct NoStreams<Message>: SimulatedDecoder {
    /// Makes one.
    public init() {}

    /// Ignores the bytes.
    public mutating func feed(_ bytes: UnsafeRawBufferPointer) {}

    /// Finds nothing.
    public mutating func next() -> Decoded<Message> { .malformed }
}

extension ListJournal where Words.Query == Words.Answer {
    /// Makes an empty journal for machines that read theirs when they start and not later:
    /// both `Query` and `Answer` are `Never`.
    public init(syncs: Bool = true) {
        self.init(syncs: syncs) { _, query in query }
    }
}
