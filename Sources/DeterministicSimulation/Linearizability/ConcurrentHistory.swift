/// What a number of clients asked and were answered, in the order in which it happened.
///
/// Record an invocation before the request leaves, and a response after the answer has come:
/// then whatever was answered before another was asked is known to stand before it.
/// ```swift
/// var history = ConcurrentHistory<Register>()
/// let write = history.invoke(.write(1))
/// let read = history.invoke(.read)        // while the write is still running
/// history.respond(to: read, with: 0)
/// history.respond(to: write, with: nil)
/// ```
public struct ConcurrentHistory<Model: SequentialModel>: Sendable {
    struct Record: Sendable {
        let operation: Model.Operation
        var result: Model.Result?
        var isWithdrawn = false
    }

    enum Step: Sendable {
        case invoked(Int)
        case responded(Int)
    }

    private(set) var records: [Record] = []
    private(set) var steps: [Step] = []

    /// Makes the history in which nothing has happened.
    public init() {}

    /// How many operations have been invoked.
    public var count: Int { records.count }

    /// An operation of the history.
    public subscript(id: OperationID) -> Model.Operation { records[id.number].operation }

    /// What an operation answered; nil while it is pending.
    public func result(of id: OperationID) -> Model.Result? { records[id.number].result }

    /// A client asks. Until it is answered, the operation may have taken effect or not.
    public mutating func invoke(_ operation: Model.Operation) -> OperationID {
        records.append(Record(operation: operation))
        steps.append(.invoked(records.count - 1))
        return OperationID(number: records.count - 1)
    }

    /// The client is answered.
    /// - Precondition: the operation is pending.
    public mutating func respond(to id: OperationID, with result: Model.Result) {
        requirePending(id)
        records[id.number].result = result
        steps.append(.responded(id.number))
    }

    /// The client is told that the operation has had no effect and never will: as if it had
    /// not been asked.
    ///
    /// A lost connection or a timeout is no such promise; leave the operation pending then.
    /// - Precondition: the operation is pending.
    public mutating func withdraw(_ id: OperationID) {
        requirePending(id)
        records[id.number].isWithdrawn = true
    }

    private func requirePending(_ id: OperationID) {
        let record = records[id.number]
        precondition(
            record.result == nil && !record.isWithdrawn,
            "operation \(id.number) has already ended")
    }
}

/// An operation of a history, numbered by invocation.
public struct OperationID: Comparable, Sendable {
    /// How many operations were invoked before it.
    public let number: Int

    /// Whether `lhs` was invoked before `rhs`.
    public static func < (lhs: Self, rhs: Self) -> Bool { lhs.number < rhs.number }
}
