/// What a ``LinearizabilityChecker`` says of a history.
public enum LinearizabilityVerdict<Model: SequentialModel>: Sendable {
    /// Every answer is explained by some order that respects real time.
    case linearizable
    /// No such order exists.
    case refuted(Refutation<Model>)
    /// The search used up its steps on the object of that key, and nothing was refuted.
    case unknown(Model.Key)

    /// Whether every answer is explained.
    public var isLinearizable: Bool {
        if case .linearizable = self { true } else { false }
    }

    /// Why the history is not linearizable; nil where it is, or where that is not known.
    public var refutation: Refutation<Model>? {
        if case .refuted(let refutation) = self { refutation } else { nil }
    }
}

/// Where a history stops being linearizable.
public struct Refutation<Model: SequentialModel>: Sendable {
    /// The object that misbehaved.
    public let key: Model.Key
    /// The operation that could not be placed: up to its response the history can be put in
    /// order, and with it no longer. It is the first such in real time.
    public let unplaced: OperationID
    /// An order that explains every response before that one. Operations that were then
    /// still running are in it where they were needed.
    public let placed: [OperationID]
    /// The state after that order.
    public let state: Model.State
}

extension Refutation: CustomStringConvertible {
    /// The finding in one line.
    public var description: String {
        let order = placed.suffix(8).map { "\($0.number)" }.joined(separator: ", ")
        let start = placed.count > 8 ? "..., " : ""
        return "key \(key): operation \(unplaced.number) could not be placed; "
            + "before its response, the order [\(start)\(order)] explains all, giving \(state)"
    }
}
