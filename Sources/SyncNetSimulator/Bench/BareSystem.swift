import DeterministicSimulation
import StateMachine

/// Nodes that send heartbeats to each other, and a pair that asks and answers where wanted.
/// Datagrams take 1 to 10 ms, as they did where other simulators were measured.
struct BareSystem: SimulatedSystem {
    typealias Machine = BareNode
    typealias Codec = BareCodec
    typealias NodeJournal = ListJournal<Bare>

    private let tasks: [BareNode.Task]

    /// So many nodes with heartbeats; with a pair, two more.
    init(nodes: Int, hasPair: Bool) {
        let ids = (0..<UInt32(nodes)).map { NodeID($0) }
        let beats = ids.map { me in BareNode.Task.beats(to: ids.filter { $0 != me }) }
        let answerer = NodeID(UInt32(nodes) + 1)
        tasks = beats + (hasPair ? [.asks(answerer), .answers] : [])
    }

    static var options: SimulationOptions {
        var options = SimulationOptions()
        options.link.delay = .uniform(.milliseconds(1)...(.milliseconds(10)))
        return options
    }

    mutating func begin(in world: inout SimulatedWorld<BareSystem>) {
        // The pair is as old as the rest, and its answerer has to be there when it is asked.
        for rank in tasks.indices.reversed() {
            let node = NodeID(UInt32(rank))
            world.add(node, .member, journal: ListJournal())
            world.start(node)
        }
    }

    mutating func start(
        _ node: NodeID, boot: Int, journal: inout ListJournal<Bare>,
        decisions: inout Decisions
    ) throws(JournalFailure) -> Started<BareNode> {
        Started(BareNode(node, tasks[Int(node.rank)]), recovery: true)
    }
}

/// Each heartbeat is newer than the one before from that node, and each answer, and each
/// question, is the next one.
struct BareLaw: Checker {
    typealias Machine = BareNode

    private let width: Int
    private var lastBeats: [UInt64]
    private var lastAsked: UInt64 = 0
    private var lastAnswered: UInt64 = 0
    private(set) var messages: UInt64 = 0

    init(nodes: Int) {
        width = nodes
        lastBeats = Array(repeating: 0, count: nodes * nodes)
    }

    mutating func handled(
        _ event: Event<Bare>, by node: NodeID, _ machine: BareNode,
        _ effects: [Effect<Bare>], at now: Instant, into findings: inout Findings
    ) {
        guard case .datagram(let message, let sender) = event else { return }
        messages += 1
        switch message {
        case .heartbeat(let number):
            let slot = Int(node.rank) * width + Int(sender.rank)
            if number != lastBeats[slot] + 1 {
                findings.violated("Heartbeats come in order", "\(number) at \(node)")
            }
            lastBeats[slot] = number
        case .ask(let number):
            if number != lastAsked + 1 { findings.violated("One question", "\(number)") }
            lastAsked = number
        case .answer(let number):
            if number != lastAnswered + 1 { findings.violated("One answer", "\(number)") }
            lastAnswered = number
        }
    }
}
