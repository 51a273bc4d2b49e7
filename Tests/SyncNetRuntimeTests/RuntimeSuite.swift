import Testing

/// Everything here binds ports and waits for real time: one after the other.
@Suite(.serialized) enum RuntimeSuite {}
