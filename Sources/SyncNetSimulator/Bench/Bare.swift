import StateMachine

/// The words of machines that do nothing but what other simulators were measured with:
/// heartbeats to everybody, and one question and answer that go to and fro.
enum Bare: Vocabulary {
    enum Message: Equatable, Sendable {
        case heartbeat(UInt64)
        case ask(UInt64)
        case answer(UInt64)
    }
    enum Timer: Equatable, Sendable { case beat }
    typealias Recovery = Bool
    typealias Input = Never
    typealias Output = Never
    typealias Write = Never
    typealias Query = Never
    typealias Answer = Never
    typealias Mark = Never
}

/// A node of that kind.
struct BareNode: StateMachine {
    typealias Words = Bare

    /// What a node does.
    enum Task: Equatable, Sendable {
        /// Sends a heartbeat to each of these, every 2 s.
        case beats(to: [NodeID])
        /// Asks this one, and asks again when the answer is there.
        case asks(NodeID)
        /// Answers.
        case answers
    }

    static let pace = Interval.seconds(2)

    let me: NodeID
    private let task: Task
    private var count: UInt64 = 0

    init(_ me: NodeID, _ task: Task) {
        self.me = me
        self.task = task
    }

    mutating func handle(
        _ event: Event<Bare>, now: ClockReading, into effects: inout Effects<Bare>
    ) {
        switch event {
        case .started: begin(&effects)
        case .timer(.beat): beat(&effects)
        case .datagram(.ask(let number), let asker):
            effects.append(.datagram(.answer(number), to: asker))
        case .datagram(.answer(let number), let peer):
            effects.append(.datagram(.ask(number + 1), to: peer))
        default: break
        }
    }

    private func begin(_ effects: inout Effects<Bare>) {
        switch task {
        case .beats: effects.append(.arm(.beat, within: Self.pace...Self.pace))
        case .asks(let peer): effects.append(.datagram(.ask(1), to: peer))
        case .answers: break
        }
    }

    private mutating func beat(_ effects: inout Effects<Bare>) {
        guard case .beats(let peers) = task else { return }
        count += 1
        for peer in peers { effects.append(.datagram(.heartbeat(count), to: peer)) }
        effects.append(.arm(.beat, within: Self.pace...Self.pace))
    }
}
