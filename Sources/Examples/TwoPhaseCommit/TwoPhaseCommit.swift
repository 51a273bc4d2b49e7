import StateMachine

/// The words of two-phase commit (Gray, "Notes on Data Base Operating Systems", 1978) with
/// presumed abort (Mohan and Lindsay 1983): of a transaction that the coordinator does not
/// know it says that it was aborted, so that only commits need a durable record there.
enum TwoPhaseCommit: Vocabulary {
    struct Transaction: Equatable, Sendable {
        var number: UInt32
    }
    enum Outcome: UInt8, Equatable, Sendable { case aborted, committed }
    enum Message: Equatable, Sendable {
        /// Coordinator: can you commit?
        case prepare(Transaction)
        /// Participant: a yes is a promise to commit when told to.
        case vote(Transaction, isYes: Bool)
        /// Coordinator: this is what happens.
        case decision(Transaction, Outcome)
        /// Participant, in doubt: what happened?
        case inquiry(Transaction)
    }
    enum Record: Equatable, Sendable {
        case promised(Transaction)
        case decided(Transaction, Outcome)
    }
    enum Input: Equatable, Sendable {
        /// To the coordinator.
        case begin(Transaction)
        /// To a participant: vote no when asked.
        case refuse(Transaction)
    }
    enum Output: Equatable, Sendable { case decided(Transaction, Outcome) }
    /// Ask again what was not answered.
    enum Timer: Equatable, Sendable { case again }
    typealias Write = Record
    typealias Query = Never
    typealias Answer = Never
    typealias Recovery = [Record]
    typealias Mark = Never
}

/// Mistakes that people make with it, to see that the checkers find them.
enum CommitBug: String, CaseIterable, Sendable {
    case announcesEarly = "announces-early"
    case promisesEarly = "promises-early"
    case losesPatience = "loses-patience"

    var summary: String {
        switch self {
        case .announcesEarly: "the coordinator announces a commit that it may forget"
        case .promisesEarly: "a participant promises what it may forget"
        case .losesPatience: "a participant in doubt aborts when nobody answers"
        }
    }
}

/// Either the coordinator or a participant.
struct CommitNode: StateMachine {
    typealias Words = TwoPhaseCommit

    let me: NodeID
    private var coordinator: Coordinator?
    private var participant: Participant?

    /// Nothing is undecided here.
    var isSettled: Bool { coordinator?.isSettled ?? participant?.isSettled ?? true }

    init(_ me: NodeID, coordinator: NodeID, participants: [NodeID], bug: CommitBug? = nil) {
        self.me = me
        if me == coordinator {
            self.coordinator = Coordinator(participants: participants, bug: bug)
        } else {
            participant = Participant(coordinator: coordinator, bug: bug)
        }
    }

    mutating func handle(
        _ event: Event<TwoPhaseCommit>, now: ClockReading,
        into effects: inout Effects<TwoPhaseCommit>
    ) {
        coordinator?.handle(event, into: &effects)
        participant?.handle(event, into: &effects)
    }
}
