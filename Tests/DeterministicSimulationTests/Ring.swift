import DeterministicSimulation
import StateMachine

/// The words of an election on a ring.
enum Ring: Vocabulary {
    enum Message: Equatable, Sendable {
        case token(UInt32)
        case elected(UInt32)
    }
    enum Timer: Equatable, Sendable { case never }
    typealias Write = Never
    typealias Query = Bool
    typealias Answer = Bool
    /// The next neighbour.
    typealias Recovery = NodeID
    typealias Input = Never
    typealias Output = Never
    typealias Mark = Bool
}

/// Chang and Roberts 1979: the largest identifier comes home. With `swallows` false, the
/// planted bug, smaller ones do too.
struct RingNode: StateMachine {
    typealias Words = Ring
    let me: NodeID
    let identifier: UInt32
    let swallows: Bool
    var next = NodeID(0)
    var stream: StreamID?
    var leader: UInt32?
    private var waiting: [Ring.Message] = []

    init(_ me: NodeID, identifier: UInt32, swallows: Bool) {
        self.me = me
        self.identifier = identifier
        self.swallows = swallows
    }

    mutating func handle(
        _ event: Event<Ring>, now: ClockReading, into effects: inout Effects<Ring>
    ) {
        switch event {
        case .started(let neighbour):
            waiting = [.token(identifier)]
            next = neighbour
            effects.append(.open(next))
        case .opened(let stream, _):
            self.stream = stream
            for message in waiting { effects.append(.send(message, on: stream)) }
            waiting.removeAll()
        case .message(.token(let other), _): weigh(other, &effects)
        case .message(.elected(let winner), _):
            leader = winner
            if winner != identifier { send(.elected(winner), &effects) }
        default: break
        }
    }

    private mutating func weigh(_ other: UInt32, _ effects: inout Effects<Ring>) {
        if other == identifier {
            leader = identifier
            effects.append(.note(true))
            send(.elected(identifier), &effects)
        } else if other > identifier || !swallows {
            send(.token(other), &effects)
        }
    }

    private mutating func send(_ message: Ring.Message, _ effects: inout Effects<Ring>) {
        guard let stream else { return waiting.append(message) }
        effects.append(.send(message, on: stream))
    }
}

struct RingCodec: SimulatedCodec {
    typealias Words = Ring

    struct Decoder: SimulatedDecoder {
        var bytes: [UInt8] = []

        mutating func feed(_ more: UnsafeRawBufferPointer) { bytes += more }

        mutating func next() -> Decoded<Ring.Message> {
            guard bytes.count >= 2 else { return .incomplete }
            defer { bytes.removeFirst(2) }
            let identifier = UInt32(bytes[1])
            return .message(bytes[0] == 0 ? .token(identifier) : .elected(identifier))
        }
    }

    func encodeDatagram(_ message: Ring.Message, _ route: Route, into bytes: inout [UInt8]) {}
    func decodeDatagram(_ bytes: UnsafeRawBufferPointer, _ route: Route) -> Ring.Message? { nil }
    func makeDecoder(_ route: Route) -> Decoder { Decoder() }

    func encodeFrame(_ message: Ring.Message, _ route: Route, into bytes: inout [UInt8]) {
        switch message {
        case .token(let identifier): bytes += [0, UInt8(identifier)]
        case .elected(let identifier): bytes += [1, UInt8(identifier)]
        }
    }
}

/// The identifiers of a ring, in its order.
struct RingSystem: SimulatedSystem {
    typealias Machine = RingNode
    typealias Codec = RingCodec
    typealias NodeJournal = ListJournal<Ring>

    let identifiers: [UInt32]
    var swallows = true

    mutating func begin(in world: inout SimulatedWorld<RingSystem>) {
        for rank in identifiers.indices {
            let journal = ListJournal<Ring> { _, query in query }
            world.add(NodeID(UInt32(rank)), .member, journal: journal)
            world.start(NodeID(UInt32(rank)))
        }
    }

    mutating func start(
        _ node: NodeID, boot: Int, journal: inout ListJournal<Ring>, decisions: inout Decisions
    ) throws(JournalFailure) -> Started<RingNode> {
        let rank = Int(node.rank)
        return Started(
            RingNode(node, identifier: identifiers[rank], swallows: swallows),
            recovery: NodeID(UInt32((rank + 1) % identifiers.count)))
    }
}

/// Counts tokens, and allows one leader.
struct RingChecker: Checker {
    typealias Machine = RingNode
    var tokens = 0
    var leaders: [UInt32] = []

    mutating func handled(
        _ event: Event<Ring>, by node: NodeID, _ machine: RingNode, _ effects: [Effect<Ring>],
        at now: Instant, into findings: inout Findings
    ) {
        for effect in effects {
            if case .send(.token, _) = effect { tokens += 1 }
            guard case .note = effect else { continue }
            leaders.append(machine.identifier)
            if leaders.count > 1 { findings.violated("one leader", "\(leaders) lead") }
        }
    }
}
