import DeterministicSimulation
import Foundation
import SimulationRunner
import StateMachine

/// The smallest system: one node that throws a die every second.
enum Dice: Vocabulary {
    typealias Message = Bool
    typealias Timer = Bool
    typealias Write = Bool
    typealias Query = Bool
    typealias Answer = Bool
    typealias Recovery = Bool
    typealias Input = UInt64
    typealias Output = Bool
    typealias Mark = UInt64
}

struct Thrower: StateMachine {
    typealias Words = Dice
    let me: NodeID
    /// The table bears all but these.
    var tooMany: UInt64?

    mutating func handle(
        _ event: Event<Dice>, now: ClockReading, into effects: inout Effects<Dice>
    ) {
        guard case .input(let eyes) = event else { return }
        precondition(eyes != tooMany, "the table broke under \(eyes)")
        effects.append(.note(eyes))
    }
}

struct DiceCodec: SimulatedCodec {
    typealias Words = Dice

    struct Decoder: SimulatedDecoder {
        mutating func feed(_ bytes: UnsafeRawBufferPointer) {}
        mutating func next() -> Decoded<Bool> { .incomplete }
    }

    func encodeDatagram(_ message: Bool, _ route: Route, into bytes: inout [UInt8]) {}
    func decodeDatagram(_ bytes: UnsafeRawBufferPointer, _ route: Route) -> Bool? { nil }
    func encodeFrame(_ message: Bool, _ route: Route, into bytes: inout [UInt8]) {}
    func makeDecoder(_ route: Route) -> Decoder { Decoder() }
}

extension DecisionKind {
    static let eyes = DecisionKind("workload.eyes", from: .workload)
}

struct DiceSystem: SimulatedSystem {
    typealias Machine = Thrower
    typealias Codec = DiceCodec
    typealias NodeJournal = ListJournal<Dice>

    let forbidden: UInt64?
    let leak: Leak?
    var tooMany: UInt64?
    var throwsSoFar: UInt64 = 0
    var sixes: UInt64 = 0
    var firstSix: Instant?
    var counters: [Counter] { [Counter("throws", throwsSoFar)] }

    mutating func begin(in world: inout SimulatedWorld<DiceSystem>) {
        world.add(NodeID(0), .member, journal: ListJournal { _, _ in true })
        world.start(NodeID(0))
        world.setAlarm(0, after: .seconds(1))
    }

    mutating func start(
        _ node: NodeID, boot: Int, journal: inout ListJournal<Dice>, decisions: inout Decisions
    ) throws(JournalFailure) -> Started<Thrower> {
        Started(Thrower(me: node, tooMany: tooMany), recovery: true)
    }

    mutating func alarm(_ number: UInt64, in world: inout SimulatedWorld<DiceSystem>) {
        let eyes = world.decisions.draw(DecisionPoint(.eyes, NodeID(0)), in: 1...6)
        world.input(eyes, to: NodeID(0))
        throwsSoFar += 1
        if eyes == 6 {
            sixes += 1
            firstSix = firstSix ?? world.now
        }
        if eyes == forbidden { world.violated("no \(eyes)", "a \(eyes) was thrown") }
        world.setAlarm(0, after: .milliseconds(leak.map { 500 + $0.number % 1_000 } ?? 1_000))
    }
}

struct DiceScenario: SimulatedScenario {
    let name: String
    let summary = "a die is thrown ten times"
    var forbidden: UInt64?
    var leak: Leak?
    /// The process ends at seeds that this divides.
    var trapEvery: UInt64?
    /// Seeds that this divides never end.
    var hangEvery: UInt64?
    /// The process ends where so many are thrown.
    var tooMany: UInt64?
    /// Whether something talks all the time, without ever ending a line.
    var talks = false

    func run(_ request: RunRequest) throws -> RunOutcome {
        if let trapEvery, request.seed % trapEvery == 0 { fatalError("the table broke") }
        if let hangEvery, request.seed % hangEvery == 0 { while true { sleep(1) } }
        if talks { print(String(repeating: "6 ", count: 1_000), terminator: "") }
        var simulation = Simulation(
            DiceSystem(forbidden: forbidden, leak: leak, tooMany: tooMany), codec: DiceCodec(),
            checker: NoChecker<Thrower>(), decisions: request.decisions())
        simulation.trace = request.trace
        simulation.tale = request.tale
        simulation.run(until: request.end(.zero + .milliseconds(10_500)))
        let system = simulation.system
        var outcome = RunOutcome(&simulation)
        outcome.report.configuration = "dice 1, forbidden \(forbidden ?? 0)"
        outcome.report.sometimes = [
            Counter("a six", system.sixes), Counter("a seven", 0),
            Counter("three sixes", system.sixes >= 3 ? 1 : 0),
        ]
        if let first = system.firstSix {
            outcome.report.measures = [Measure("time to a six", first.nanoseconds)]
        }
        return outcome
    }
}
