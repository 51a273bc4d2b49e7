/// Judges whether a concurrent history could have come from a ``SequentialModel`` on which
/// each operation acted at one moment between its invocation and its response.
///
/// The search is that of Wing & Gong ("Testing and verifying concurrent objects", 1993) with
/// the improvements of Lowe ("Testing for linearizability", 2017), as Porcupine has them: a
/// linked list from which operations are lifted, and a memory of what has been tried.
/// The problem is NP-complete, so the work is bounded, and the verdict may be *unknown*.
///
/// Most good histories take a few steps for each operation, whatever their length. To refute
/// one takes all orders of the operations that ran at once, and each pending operation that
/// changes the state may double them: let clients that got no answer ask again and be told.
public struct LinearizabilityChecker<Model: SequentialModel>: Sendable {
    /// The specification.
    public var model: Model
    /// How many times an operation may be tried for each key before the search gives up.
    ///
    /// A step may remember one state, so that this bounds memory as well.
    public var stepsMax: Int

    /// Makes a checker for a specification. The default limit is seconds of work.
    public init(_ model: Model, stepsMax: Int = 2_000_000) {
        self.model = model
        self.stepsMax = stepsMax
    }

    /// Judges a history. A refutation of any key outweighs what is unknown of another.
    public func check(_ history: ConcurrentHistory<Model>) -> LinearizabilityVerdict<Model> {
        var undecided: Model.Key?
        for part in split(history) {
            let search = LinearizationSearch(model, history.records, part.steps)
            var attempt = search
            switch attempt.run(stepsMax: stepsMax) {
            case .found: break
            case .gaveUp: undecided = undecided ?? part.key
            case .exhausted(let furthest):
                return .refuted(Refutation(part.key, search, stoppedBy: furthest))
            }
        }
        return undecided.map { .unknown($0) } ?? .linearizable
    }

    private typealias Step = ConcurrentHistory<Model>.Step

    /// The steps about each key, keys rising.
    private func split(_ history: ConcurrentHistory<Model>) -> [(key: Model.Key, steps: [Step])] {
        let keys = history.records.map { model.key(of: $0.operation) }
        let records = history.records.indices.filter { !history.records[$0].isWithdrawn }
            .sorted { (keys[$0], $0) < (keys[$1], $1) }
        var parts: [(key: Model.Key, steps: [Step])] = []
        var partOfRecord = [Int?](repeating: nil, count: keys.count)
        for record in records {
            if parts.last?.key != keys[record] { parts.append((keys[record], [])) }
            partOfRecord[record] = parts.count - 1
        }
        for step in history.steps {
            switch step {
            case .invoked(let record), .responded(let record):
                if let part = partOfRecord[record] { parts[part].steps.append(step) }
            }
        }
        return parts
    }
}

extension Refutation {
    fileprivate init(
        _ key: Model.Key, _ search: LinearizationSearch<Model>, stoppedBy response: Int
    ) {
        var search = search
        let stop = search.walk(to: response)
        self.key = key
        unplaced = OperationID(number: stop.unplaced)
        placed = stop.placed.map(OperationID.init(number:))
        state = stop.state
    }
}
