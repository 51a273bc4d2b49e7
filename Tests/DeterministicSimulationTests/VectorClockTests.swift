import DeterministicSimulation
import StateMachine
import Testing

/// Random histories of a few nodes: events, and messages between them.
struct RandomEvents {
    /// At which node each event happened, and in which event the message was sent that it
    /// took, if it took one; numbered from 1.
    private(set) var events: [(node: Int, cause: Int)] = []

    init(nodes: Int, count: Int, seed: UInt64) {
        var random = Generator(seed: seed)
        for number in 0..<count {
            let takes = number > 0 && random.chance(1, in: 2)
            let cause = takes ? Int(random.within(1...UInt64(number))) : 0
            events.append((Int(random.below(UInt64(nodes))), cause))
        }
    }

    /// For each event, which ones happened before it: the definition of Lamport (1978), by
    /// following every path.
    var reaches: [[Bool]] {
        var reaches: [[Bool]] = []
        for (number, event) in events.enumerated() {
            var before = [Bool](repeating: false, count: events.count)
            let former = events[..<number].lastIndex { $0.node == event.node }
            for source in [former, event.cause > 0 ? event.cause - 1 : nil] {
                guard let source else { continue }
                before[source] = true
                for other in 0..<number where reaches[source][other] { before[other] = true }
            }
            reaches.append(before)
        }
        return reaches
    }
}

@Suite struct `Vector clocks` {
    @Test func `order moments as messages do`() {
        var ada = VectorClock(nodes: 2)
        var bob = VectorClock(nodes: 2)
        #expect(ada.order(to: bob) == .same)
        ada.tick(0)
        bob.tick(1)
        #expect(ada.order(to: bob) == .concurrent)
        let sent = ada
        bob.merge(sent)
        bob.tick(1)
        #expect(sent.order(to: bob) == .before)
        #expect(bob.order(to: sent) == .after)
        #expect(bob.components == [1, 2])
    }

    @Test(arguments: 1...40 as ClosedRange<UInt64>)
    func `agree with the definition of happened-before on random histories`(seed: UInt64) {
        let history = RandomEvents(nodes: 4, count: 60, seed: seed)
        let reaches = history.reaches
        var clocks: [VectorClock] = []
        for (number, event) in history.events.enumerated() {
            let former = history.events[..<number].lastIndex { $0.node == event.node }
            var clock = former.map { clocks[$0] } ?? VectorClock(nodes: 4)
            if event.cause > 0 { clock.merge(clocks[event.cause - 1]) }
            clock.tick(event.node)
            clocks.append(clock)
        }
        for later in clocks.indices {
            for earlier in 0..<later {
                let expected = reaches[later][earlier]
                let order = clocks[earlier].order(to: clocks[later])
                #expect((order == .before) == expected, "\(earlier) and \(later)")
            }
        }
    }
}

@Suite struct `The clocks of a run` {
    @Test(arguments: 1...40 as ClosedRange<UInt64>)
    func `know exactly which events can be known of`(seed: UInt64) {
        let history = RandomEvents(nodes: 5, count: 80, seed: seed)
        let reaches = history.reaches
        var clocks = CausalClocks(nodes: 5, window: 128)
        for (number, event) in history.events.enumerated() {
            if event.cause > 0 { clocks.learn(event.node, fromEvent: UInt64(event.cause)) }
            clocks.happen(UInt64(number) + 1, at: event.node)
            for node in 0..<5 where node != event.node {
                let latest = history.events[..<number].indices.last {
                    history.events[$0].node == node && reaches[number][$0]
                }
                let known = clocks.latest(of: node, knownTo: event.node)
                #expect(known == UInt64(latest.map { $0 + 1 } ?? 0), "event \(number + 1)")
            }
        }
    }

    @Test func `forget what was sent too long ago, and never claim too much`() {
        let history = RandomEvents(nodes: 3, count: 400, seed: 9)
        let reaches = history.reaches
        var clocks = CausalClocks(nodes: 3, window: 16)
        var blind = 0
        for (number, event) in history.events.enumerated() {
            if event.cause > 0 { clocks.learn(event.node, fromEvent: UInt64(event.cause)) }
            clocks.happen(UInt64(number) + 1, at: event.node)
            for node in 0..<3 where node != event.node {
                let latest = history.events[..<number].indices.last {
                    history.events[$0].node == node && reaches[number][$0]
                }
                let known = clocks.latest(of: node, knownTo: event.node)
                let real = UInt64(latest.map { $0 + 1 } ?? 0)
                #expect(known <= real)
                if known < real { blind += 1 }
            }
        }
        #expect(blind > 0, "the window was never too short")
    }

    @Test func `let a node that starts again know what it had told`() {
        var clocks = CausalClocks(nodes: 2, window: 8)
        clocks.happen(1, at: 0)
        clocks.learn(1, fromEvent: 1)
        clocks.happen(2, at: 1)
        clocks.happen(3, at: 0)
        clocks.learn(1, fromEvent: 3)
        clocks.happen(4, at: 1)
        clocks.reset(1, toEvent: 2)
        #expect(clocks.clock(of: 1) == VectorClock([1, 2]))
        clocks.reset(1)
        #expect(clocks.clock(of: 1) == VectorClock(nodes: 2))
    }
}

/// Checks that each message comes with the event in which it was sent, by what it says.
private struct CauseChecker: Checker {
    typealias Machine = ToyMachine

    private(set) var pings = 0
    private(set) var blobs = 0
    private var number: UInt64 = 0
    private var cause: UInt64 = 0
    /// In which events each ping left.
    private var pinged: [[UInt64]] = []
    /// In which event each blob was put on each end of a stream.
    private var put: [UInt64: UInt64] = [:]

    mutating func arrives(sentIn event: UInt64) { cause = event }

    private static func key(_ end: UInt64, _ number: UInt32) -> UInt64 {
        end << 32 | UInt64(number)
    }

    mutating func handled(
        _ event: Event<Toy>, by node: NodeID, _ machine: ToyMachine, _ effects: [Effect<Toy>],
        at now: Instant, into findings: inout Findings
    ) {
        number += 1
        switch event {
        case .datagram(.ping(let value), _):
            pings += 1
            if !pinged[Int(value)].contains(cause) {
                findings.violated("cause", "ping \(value) came from event \(cause)")
            }
        case .message(.blob(let value, _), let stream):
            blobs += 1
            let sender = ((stream.number - 1) ^ 1) + 1
            if put[Self.key(sender, value)] != cause {
                findings.violated("cause", "blob \(value) came from event \(cause)")
            }
        case .datagram, .message: break
        default:
            if cause != 0 { findings.violated("cause", "\(event) is no message") }
        }
        cause = 0
        for effect in effects {
            switch effect {
            case .datagram(.ping(let value), _):
                while pinged.count <= Int(value) { pinged.append([]) }
                pinged[Int(value)].append(number)
            case .send(.blob(let value, _), let stream):
                put[Self.key(stream.number, value)] = number
            default: break
            }
        }
    }
}

@Suite struct `A checker` {
    @Test(arguments: 1...4 as ClosedRange<UInt64>)
    func `is told in which event each message was sent, in any storm`(seed: UInt64) {
        var system = ToySystem()
        system.pingEvery = .milliseconds(3)
        system.talks = true
        system.profile = FaultProfile.calm
        var options = SimulationOptions()
        options.link.lossPerMillion = 50_000
        options.link.doublingPerMillion = 200_000
        options.link.holdingBackPerMillion = 200_000
        options.streams.cutPerMillion = 300_000
        var run = Simulation(
            system, codec: ToyCodec(), checker: CauseChecker(), options: options,
            decisions: .seeded(seed))
        for round in 0..<40 {
            run.run(for: .milliseconds(500))
            let victim = NodeID(UInt32(round % 3))
            _ = run.world.begin(.crash(victim, nil), lasting: .milliseconds(100))
            let other = NodeID(UInt32((round + 1) % 3))
            _ = run.world.begin(.resetStreams(victim, other), lasting: .milliseconds(1))
        }
        #expect(run.violation == nil, "\(run.violation?.detail ?? "")")
        #expect(run.checker.pings > 1_000)
        #expect(run.checker.blobs > 1_000)
    }
}
