import StateMachine

/// The words of a replicated counter (Shapiro and others, "Conflict-free Replicated Data
/// Types", 2011): each replica counts its own ups and downs, and passes on the largest
/// counts that it knows of every other.
enum ReplicatedCounter: Vocabulary {
    /// What one replica has counted. Both only grow.
    struct Tally: Equatable, Sendable {
        var ups: UInt32 = 0
        var downs: UInt32 = 0
    }
    struct Message: Equatable, Sendable {
        var tallies: NodeMap<Tally>
    }
    enum Input: Equatable, Sendable { case up, down }
    enum Timer: Equatable, Sendable { case gossip }
    struct Recovery: Equatable, Sendable {
        var replicas: [NodeID]
        var own: Tally
    }
    /// The replica's own tally.
    typealias Write = Tally
    typealias Query = Never
    typealias Answer = Never
    /// What was asked is durable.
    typealias Output = Input
    typealias Mark = Never
}

/// Mistakes that people make with it, to see that the checkers find them.
enum CounterBug: String, CaseIterable, Sendable {
    case answersEarly = "answers-early"
    case addsUp = "adds-up"
    case onlyUps = "only-ups"

    var summary: String {
        switch self {
        case .answersEarly: "answers before the count is durable"
        case .addsUp:
            "adds what it hears to what it knows, where the larger one of the two "
                + "is right"
        case .onlyUps: "forgets to merge the downs"
        }
    }
}

/// One replica.
struct CounterReplica: StateMachine {
    typealias Words = ReplicatedCounter

    let me: NodeID
    private let bug: CounterBug?
    /// What is known of everybody; of itself, what is durable.
    private(set) var tallies = NodeMap<ReplicatedCounter.Tally>()
    private var others: [NodeID] = []
    private var position = 0
    /// With what is not durable yet.
    private var own = ReplicatedCounter.Tally()
    private var lastTicket: UInt64 = 0
    private var waiting: [(ticket: Ticket, tally: Words.Tally, input: Words.Input)] = []

    /// The counts of all replicas together. The counter shows their difference.
    var total: ReplicatedCounter.Tally {
        tallies.values.reduce(into: Words.Tally()) {
            $0.ups += $1.ups
            $0.downs += $1.downs
        }
    }

    init(_ me: NodeID, bug: CounterBug? = nil) {
        self.me = me
        self.bug = bug
    }

    mutating func handle(
        _ event: Event<Words>, now: ClockReading, into effects: inout Effects<Words>
    ) {
        switch event {
        case .started(let recovery):
            others = recovery.replicas.filter { $0 != me }
            own = recovery.own
            tallies[me] = own
            armGossip(&effects)
        case .input(let input): count(input, &effects)
        case .written(let ticket): settle(ticket, &effects)
        case .datagram(let message, _):
            for (node, tally) in zip(message.tallies.nodes, message.tallies.values)
            where node != me {
                merge(tally, of: node)
            }
        case .timer(.gossip):
            position = (position + 1) % others.count
            let message = ReplicatedCounter.Message(tallies: tallies)
            effects.append(.datagram(message, to: others[position]))
            armGossip(&effects)
        default: break
        }
    }

    private func armGossip(_ effects: inout Effects<Words>) {
        effects.append(.arm(.gossip, within: .milliseconds(50)...(.milliseconds(150))))
    }

    private mutating func count(_ input: Words.Input, _ effects: inout Effects<Words>) {
        switch input {
        case .up: own.ups += 1
        case .down: own.downs += 1
        }
        lastTicket += 1
        waiting.append((Ticket(lastTicket), own, input))
        effects.append(.write(own, Ticket(lastTicket)))
        if bug == .answersEarly { effects.append(.output(input)) }
    }

    private mutating func settle(_ ticket: Ticket, _ effects: inout Effects<Words>) {
        let finished = waiting.prefix { $0.ticket <= ticket }
        waiting.removeFirst(finished.count)
        for (_, tally, input) in finished {
            tallies[me] = tally
            if bug != .answersEarly { effects.append(.output(input)) }
        }
    }

    private mutating func merge(_ tally: Words.Tally, of node: NodeID) {
        var known = tallies[node] ?? Words.Tally()
        known.ups = bug == .addsUp ? known.ups &+ tally.ups : max(known.ups, tally.ups)
        if bug != .onlyUps { known.downs = max(known.downs, tally.downs) }
        tallies[node] = known
    }
}
