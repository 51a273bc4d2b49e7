import DeterministicSimulation
import StateMachine

/// The words of a small machine on which every part of the world can be seen.
enum Toy: Vocabulary {
    enum Message: Equatable, Sendable {
        case ping(UInt32)
        case pong(UInt32)
        case blob(UInt32, size: UInt32)
    }
    enum Name: Equatable, Sendable { case tick, late(UInt8) }
    enum Input: Equatable, Sendable {
        case ping(NodeID, UInt32)
        case open(NodeID)
        case say(StreamID, UInt32, size: UInt32)
        case close(StreamID)
        case arm(Name, ClosedRange<Interval>)
        case cancel(Name)
        case keep([UInt64])
        case read
        case publish(UInt32)
        case end
    }
    typealias Timer = Name
    typealias Write = UInt64
    typealias Query = Bool
    typealias Answer = [UInt64]
    typealias Recovery = [UInt64]
    typealias Output = Event<Toy>
    typealias Mark = UInt8
}

/// Tells its owner everything, does what it is told, answers pings.
struct ToyMachine: StateMachine {
    typealias Words = Toy
    let me: NodeID
    var ticket: UInt64 = 0

    mutating func handle(
        _ event: Event<Toy>, now: ClockReading, into effects: inout Effects<Toy>
    ) {
        effects.append(.output(event))
        switch event {
        case .datagram(.ping(let number), let from):
            effects.append(.datagram(.pong(number), to: from))
        case .input(let input): obey(input, &effects)
        default: break
        }
    }

    private mutating func obey(_ input: Toy.Input, _ effects: inout Effects<Toy>) {
        switch input {
        case .ping(let to, let number): effects.append(.datagram(.ping(number), to: to))
        case .open(let to): effects.append(.open(to))
        case .say(let stream, let number, let size):
            effects.append(.send(.blob(number, size: size), on: stream))
        case .close(let stream): effects.append(.close(stream))
        case .arm(let name, let range): effects.append(.arm(name, within: range))
        case .cancel(let name): effects.append(.cancel(name))
        case .keep(let values):
            ticket += 1
            for value in values { effects.append(.write(value, Ticket(ticket))) }
        case .read:
            ticket += 1
            effects.append(.fetch(true, Ticket(ticket)))
        case .publish(let number): effects.append(.publish(.ping(number)))
        case .end: effects.append(.halt)
        }
    }
}

struct ToyDecoder: SimulatedDecoder {
    let isFormer: Bool
    private var buffer: [UInt8] = []

    init(isFormer: Bool) { self.isFormer = isFormer }

    mutating func feed(_ bytes: UnsafeRawBufferPointer) { buffer += bytes }

    mutating func next() -> Decoded<Toy.Message> {
        guard buffer.count >= 9 else { return .incomplete }
        let (kind, number, size) = buffer.withUnsafeBytes {
            (
                $0[0], $0.loadUnaligned(fromByteOffset: 1, as: UInt32.self),
                $0.loadUnaligned(fromByteOffset: 5, as: UInt32.self)
            )
        }
        guard ToyCodec.known(kind, isFormer) == 2 else { return .malformed }
        guard buffer.count >= 9 + Int(size) else { return .incomplete }
        buffer.removeFirst(9 + Int(size))
        return .message(.blob(number, size: size))
    }
}

struct ToyCodec: SimulatedCodec {
    typealias Words = Toy

    func encodeDatagram(_ message: Toy.Message, _ route: Route, into bytes: inout [UInt8]) {
        encodeFrame(message, route, into: &bytes)
    }

    /// In the former version all kinds were ten higher. What came after it reads both.
    static func known(_ kind: UInt8, _ isFormer: Bool) -> UInt8? {
        if kind >= 10 { return kind - 10 }
        return isFormer ? nil : kind
    }

    func decodeDatagram(_ bytes: UnsafeRawBufferPointer, _ route: Route) -> Toy.Message? {
        guard bytes.count >= 9 else { return nil }
        let number = bytes.loadUnaligned(fromByteOffset: 1, as: UInt32.self)
        return switch Self.known(bytes[0], route.toFormer) {
        case 0: .ping(number)
        case 1: .pong(number)
        default: nil
        }
    }

    func encodeFrame(_ message: Toy.Message, _ route: Route, into bytes: inout [UInt8]) {
        let former: UInt8 = route.fromFormer ? 10 : 0
        switch message {
        case .ping(let number): put(former, number, 0, &bytes)
        case .pong(let number): put(former + 1, number, 0, &bytes)
        case .blob(let number, let size):
            put(former + 2, number, size, &bytes)
            bytes.append(contentsOf: repeatElement(7, count: Int(size)))
        }
    }

    private func put(_ kind: UInt8, _ number: UInt32, _ size: UInt32, _ bytes: inout [UInt8]) {
        bytes.append(kind)
        withUnsafeBytes(of: number) { bytes.append(contentsOf: $0) }
        withUnsafeBytes(of: size) { bytes.append(contentsOf: $0) }
    }

    func makeDecoder(_ route: Route) -> ToyDecoder { ToyDecoder(isFormer: route.toFormer) }
}

/// What one node told, and when.
struct Told: Equatable {
    var node: NodeID
    var event: Event<Toy>
    var at: Instant
}

struct ToySystem: SimulatedSystem {
    typealias Machine = ToyMachine
    typealias Codec = ToyCodec
    typealias NodeJournal = ListJournal<Toy>

    var size: UInt32 = 3
    var clients: UInt32 = 0
    var syncs = true
    /// What journals make of damaged writes; nil: they have checksums.
    var damage: ListJournal<Toy>.Damage?
    var profile = FaultProfile.calm
    /// Everybody pings somebody so often; zero for never.
    var pingEvery = Interval.zero
    /// Says something on each stream that is open, with every alarm.
    var talks = false
    private var streams: [(NodeID, StreamID)] = []
    var told: [Told] = []
    var changes: [(NodeChange, NodeID)] = []

    mutating func begin(in world: inout SimulatedWorld<ToySystem>) {
        for rank in 0..<size + clients {
            let journal = ListJournal<Toy>(syncs: syncs, damage: damage) { writes, _ in writes }
            world.add(NodeID(rank), rank < size ? .member : .client, journal: journal)
            world.start(NodeID(rank))
        }
        world.releaseNemesis(profile)
        if pingEvery > .zero { world.setAlarm(0, after: pingEvery) }
    }

    mutating func start(
        _ node: NodeID, boot: Int, journal: inout ListJournal<Toy>, decisions: inout Decisions
    ) throws(JournalFailure) -> Started<ToyMachine> {
        Started(ToyMachine(me: node), recovery: try journal.read())
    }

    mutating func output(
        _ output: Event<Toy>, by node: NodeID, in world: inout SimulatedWorld<ToySystem>
    ) {
        guard talks else { return told.append(Told(node: node, event: output, at: world.now)) }
        switch output {
        case .opened(let stream, _), .accepted(let stream, _): streams.append((node, stream))
        case .closed(let stream): streams.removeAll { $0.1 == stream }
        case .started: streams.removeAll { $0.0 == node }
        default: break
        }
    }

    mutating func alarm(_ number: UInt64, in world: inout SimulatedWorld<ToySystem>) {
        let from = NodeID(UInt32(world.decisions.pick(.init(.pinger), of: Int(size))))
        let to = NodeID(UInt32(world.decisions.pick(.init(.pinger, from), of: Int(size))))
        world.input(.ping(to, UInt32(number)), to: from)
        if number % 3 == 0 { world.input(.keep([number]), to: from) }
        if number % 5 == 0 { world.input(.open(to), to: from) }
        for (node, stream) in streams {
            world.input(.say(stream, UInt32(number), size: 50), to: node)
            if number % 97 == stream.number % 97 { world.input(.close(stream), to: node) }
        }
        if !talks {
            let stream = StreamID(number / 5 * 2 + 1)
            world.input(.say(stream, UInt32(number), size: 50), to: from)
        }
        world.setAlarm(number + 1, after: pingEvery)
    }

    mutating func changed(
        _ change: NodeChange, of node: NodeID, in world: inout SimulatedWorld<ToySystem>
    ) {
        changes.append((change, node))
    }

    func events(of rank: UInt32) -> [Event<Toy>] {
        told.filter { $0.node == NodeID(rank) }.map(\.event)
    }
}

extension DecisionKind {
    static let pinger = DecisionKind("workload.pinger", from: .workload)
}

typealias ToyRun = Simulation<ToySystem, NoChecker<ToyMachine>>

func toy(
    _ system: ToySystem = ToySystem(), options: SimulationOptions = SimulationOptions(),
    decisions: consuming Decisions = .seeded(1)
) -> ToyRun {
    var run = Simulation(
        system, codec: ToyCodec(), checker: NoChecker<ToyMachine>(), options: options,
        decisions: decisions)
    run.run(for: .milliseconds(10))
    run.system.told.removeAll()
    return run
}
