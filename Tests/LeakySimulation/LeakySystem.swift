import DeterministicSimulation
import SimulationRunner
import StateMachine

/// The smallest system with a timer, whose length is what leaks.
enum Ticking: Vocabulary {
    typealias Message = Bool
    typealias Timer = Bool
    typealias Write = Bool
    typealias Query = Bool
    typealias Answer = Bool
    typealias Recovery = Bool
    typealias Input = Bool
    typealias Output = Bool
    typealias Mark = Bool
}

/// Arms its timer again and again. Its first turns are those of an honest machine.
struct Ticker: StateMachine {
    typealias Words = Ticking
    static let honestTurns: UInt64 = 20

    let me: NodeID
    let leak: Leak
    private var turn: UInt64 = 0

    init(me: NodeID, leak: Leak) {
        self.me = me
        self.leak = leak
    }

    mutating func handle(
        _ event: Event<Ticking>, now: ClockReading, into effects: inout Effects<Ticking>
    ) {
        turn += 1
        let number = turn > Self.honestTurns ? leak.number(turn) : turn
        let pause = Interval(nanoseconds: 1_000_000 + number)
        effects.append(.arm(true, within: pause...pause * 2))
    }
}

struct NoCodec: SimulatedCodec {
    typealias Words = Ticking

    struct Decoder: SimulatedDecoder {
        mutating func feed(_ bytes: UnsafeRawBufferPointer) {}
        mutating func next() -> Decoded<Bool> { .incomplete }
    }

    func encodeDatagram(_ message: Bool, _ route: Route, into bytes: inout [UInt8]) {}
    func decodeDatagram(_ bytes: UnsafeRawBufferPointer, _ route: Route) -> Bool? { nil }
    func encodeFrame(_ message: Bool, _ route: Route, into bytes: inout [UInt8]) {}
    func makeDecoder(_ route: Route) -> Decoder { Decoder() }
}

struct LeakySystem: SimulatedSystem {
    typealias Machine = Ticker
    typealias Codec = NoCodec
    typealias NodeJournal = ListJournal<Ticking>

    let leak: Leak

    mutating func begin(in world: inout SimulatedWorld<LeakySystem>) {
        world.add(NodeID(0), .member, journal: ListJournal { _, _ in true })
        world.start(NodeID(0))
    }

    mutating func start(
        _ node: NodeID, boot: Int, journal: inout ListJournal<Ticking>,
        decisions: inout Decisions
    ) throws(JournalFailure) -> Started<Ticker> {
        Started(Ticker(me: node, leak: leak), recovery: true)
    }
}

/// A leak as a scenario: its name is the leak's.
struct LeakyScenario: SimulatedScenario {
    let leak: Leak
    var name: String { leak.rawValue }
    let summary = "a timer that something leaks into"

    func run(_ request: RunRequest) throws -> RunOutcome {
        var simulation = Simulation(
            LeakySystem(leak: leak), codec: NoCodec(), checker: NoChecker<Ticker>(),
            decisions: request.decisions())
        simulation.trace = request.trace
        simulation.run(until: request.end(.zero + .milliseconds(200)))
        return RunOutcome(&simulation)
    }
}
