import StateMachine

/// Votes, and then does what the coordinator decides, however long it takes to learn it.
struct Participant: Sendable {
    typealias Words = TwoPhaseCommit

    private let coordinator: NodeID
    private let bug: CommitBug?
    private var refused: [Words.Transaction] = []
    private var writes = PendingWrites()
    /// Promised, and not decided.
    private var inDoubt: [Words.Transaction] = []
    private var decided: [(transaction: Words.Transaction, outcome: Words.Outcome)] = []

    var isSettled: Bool { inDoubt.isEmpty && writes.records.isEmpty }

    init(coordinator: NodeID, bug: CommitBug?) {
        self.coordinator = coordinator
        self.bug = bug
    }

    mutating func handle(_ event: Event<Words>, into effects: inout Effects<Words>) {
        switch event {
        case .started(let records):
            for record in records { apply(record) }
            askAgainLater(&effects)
        case .input(.refuse(let transaction)): refused.append(transaction)
        case .datagram(.prepare(let transaction), _): prepare(transaction, &effects)
        case .datagram(.decision(let transaction, let outcome), _):
            decide(transaction, outcome, &effects)
        case .written(let ticket):
            for record in writes.finish(ticket) {
                apply(record)
                tell(record, &effects)
            }
            askAgainLater(&effects)
        case .timer(.again): inquire(&effects)
        default: break
        }
    }

    private mutating func prepare(
        _ transaction: Words.Transaction, _ effects: inout Effects<Words>
    ) {
        guard !isWriting(transaction) else { return }
        if inDoubt.contains(transaction) {
            return tell(.promised(transaction), &effects)
        }
        if let outcome = outcome(of: transaction) {
            return vote(transaction, outcome == .committed, &effects)
        }
        guard !refused.contains(transaction) else {
            return writes.write(.decided(transaction, .aborted), into: &effects)
        }
        writes.write(.promised(transaction), into: &effects)
        if bug == .promisesEarly { vote(transaction, true, &effects) }
    }

    /// What it has not promised it can only abort, and then a late `prepare` finds that.
    private mutating func decide(
        _ transaction: Words.Transaction, _ outcome: Words.Outcome,
        _ effects: inout Effects<Words>
    ) {
        guard !isWriting(transaction), self.outcome(of: transaction) == nil,
            inDoubt.contains(transaction) || outcome == .aborted
        else { return }
        writes.write(.decided(transaction, outcome), into: &effects)
    }

    private mutating func apply(_ record: Words.Record) {
        switch record {
        case .promised(let transaction): inDoubt.append(transaction)
        case .decided(let transaction, let outcome):
            inDoubt.removeAll { $0 == transaction }
            decided.append((transaction, outcome))
        }
    }

    private func tell(_ record: Words.Record, _ effects: inout Effects<Words>) {
        switch record {
        case .promised(let transaction): vote(transaction, true, &effects)
        case .decided(let transaction, let outcome):
            effects.append(.output(.decided(transaction, outcome)))
            if outcome == .aborted { vote(transaction, false, &effects) }
        }
    }

    private func vote(
        _ transaction: Words.Transaction, _ isYes: Bool, _ effects: inout Effects<Words>
    ) {
        effects.append(.datagram(.vote(transaction, isYes: isYes), to: coordinator))
    }

    private mutating func inquire(_ effects: inout Effects<Words>) {
        for transaction in inDoubt {
            if bug == .losesPatience {
                decide(transaction, .aborted, &effects)
            } else {
                effects.append(.datagram(.inquiry(transaction), to: coordinator))
            }
        }
        askAgainLater(&effects)
    }

    private func askAgainLater(_ effects: inout Effects<Words>) {
        guard !inDoubt.isEmpty else { return }
        effects.append(.arm(.again, within: .milliseconds(100)...(.milliseconds(200))))
    }

    private func outcome(of transaction: Words.Transaction) -> Words.Outcome? {
        decided.first { $0.transaction == transaction }?.outcome
    }

    private func isWriting(_ transaction: Words.Transaction) -> Bool {
        writes.records.contains {
            switch $0 {
            case .promised(let other), .decided(let other, _): other == transaction
            }
        }
    }
}
