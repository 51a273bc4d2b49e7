import StateMachine

/// Asks all participants, and commits where all say yes.
struct Coordinator: Sendable {
    typealias Words = TwoPhaseCommit

    private struct Ballot {
        let transaction: Words.Transaction
        var missing: [NodeID]
        var attemptsLeft = 5
    }

    private let participants: [NodeID]
    private let bug: CommitBug?
    private var ballots: [Ballot] = []
    private var writes = PendingWrites()
    private var committed: [Words.Transaction] = []

    var isSettled: Bool { ballots.isEmpty && writes.records.isEmpty }

    init(participants: [NodeID], bug: CommitBug?) {
        self.participants = participants
        self.bug = bug
    }

    mutating func handle(_ event: Event<Words>, into effects: inout Effects<Words>) {
        switch event {
        case .started(let records):
            for case .decided(let transaction, .committed) in records {
                committed.append(transaction)
            }
        case .input(.begin(let transaction)):
            ballots.append(Ballot(transaction: transaction, missing: participants))
            ask(&effects)
        case .datagram(.vote(let transaction, let isYes), let voter):
            count(transaction, isYes, voter, &effects)
        case .datagram(.inquiry(let transaction), let asker):
            answer(transaction, asker, &effects)
        case .written(let ticket):
            for case .decided(let transaction, _) in writes.finish(ticket) {
                committed.append(transaction)
                announce(transaction, .committed, &effects)
            }
        case .timer(.again): giveUpOrAsk(&effects)
        default: break
        }
    }

    private func ask(_ effects: inout Effects<Words>) {
        guard !ballots.isEmpty else { return }
        for ballot in ballots {
            for node in ballot.missing {
                effects.append(.datagram(.prepare(ballot.transaction), to: node))
            }
        }
        effects.append(.arm(.again, within: .milliseconds(50)...(.milliseconds(100))))
    }

    private mutating func giveUpOrAsk(_ effects: inout Effects<Words>) {
        for index in ballots.indices { ballots[index].attemptsLeft -= 1 }
        for ballot in ballots where ballot.attemptsLeft == 0 {
            announce(ballot.transaction, .aborted, &effects)
        }
        ballots.removeAll { $0.attemptsLeft == 0 }
        ask(&effects)
    }

    private mutating func count(
        _ transaction: Words.Transaction, _ isYes: Bool, _ voter: NodeID,
        _ effects: inout Effects<Words>
    ) {
        guard let index = ballots.firstIndex(where: { $0.transaction == transaction }) else {
            return
        }
        guard isYes else {
            ballots.remove(at: index)
            return announce(transaction, .aborted, &effects)
        }
        ballots[index].missing.removeAll { $0 == voter }
        guard ballots[index].missing.isEmpty else { return }
        ballots.remove(at: index)
        writes.write(.decided(transaction, .committed), into: &effects)
        if bug == .announcesEarly { announce(transaction, .committed, &effects) }
    }

    private func answer(
        _ transaction: Words.Transaction, _ asker: NodeID, _ effects: inout Effects<Words>
    ) {
        let isOpen =
            ballots.contains { $0.transaction == transaction }
            || writes.records.contains(.decided(transaction, .committed))
        guard !isOpen else { return }
        let outcome: Words.Outcome = committed.contains(transaction) ? .committed : .aborted
        effects.append(.datagram(.decision(transaction, outcome), to: asker))
    }

    private func announce(
        _ transaction: Words.Transaction, _ outcome: Words.Outcome,
        _ effects: inout Effects<Words>
    ) {
        for node in participants {
            effects.append(.datagram(.decision(transaction, outcome), to: node))
        }
        effects.append(.output(.decided(transaction, outcome)))
    }
}
