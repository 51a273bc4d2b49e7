import DeterministicSimulation
import StateMachine
import Testing

/// What reaches one end of a stream is the beginning of what was sent on the other; ends
/// open once, close once, and belong to one start of one node.
struct StreamChecker: Checker {
    typealias Machine = ToyMachine

    struct End {
        var isOpen = false
        var hasClosed = false
        var sent: [UInt32] = []
        var received = 0
    }

    var ends: [End] = []
    var delivered = 0
    /// Which of its streams a node has, by rank.
    var mine: [[StreamID]] = Array(repeating: [], count: 16)
    var isUp = Array(repeating: false, count: 16)
    var isPaused = Array(repeating: false, count: 16)

    private mutating func index(_ stream: StreamID) -> Int {
        let index = Int(stream.number) - 1
        while ends.count <= index | 1 { ends.append(End()) }
        return index
    }

    mutating func handled(
        _ event: Event<Toy>, by node: NodeID, _ machine: ToyMachine,
        _ effects: [Effect<Toy>], at now: Instant, into findings: inout Findings
    ) {
        let rank = Int(node.rank)
        if !isUp[rank] { findings.violated("only what runs handles", "\(node) \(event)") }
        if isPaused[rank] { findings.violated("what is paused waits", "\(node) \(event)") }
        switch event {
        case .opened(let stream, _), .accepted(let stream, _):
            let end = index(stream)
            if ends[end].isOpen { findings.violated("opens once", "\(stream)") }
            ends[end].isOpen = true
            mine[rank].append(stream)
        case .closed(let stream):
            let end = index(stream)
            if ends[end].hasClosed || !ends[end].isOpen {
                findings.violated("closes once", "\(stream) of \(node)")
            }
            ends[end].hasClosed = true
            mine[rank].removeAll { $0 == stream }
        case .message(.blob(let number, _), let stream): take(number, stream, rank, &findings)
        case .input(.say(let stream, let number, _)) where mine[rank].contains(stream):
            ends[index(stream)].sent.append(number)
        default: break
        }
    }

    private mutating func take(
        _ number: UInt32, _ stream: StreamID, _ rank: Int, _ findings: inout Findings
    ) {
        let end = index(stream)
        if !mine[rank].contains(stream) { findings.violated("arrives at its end", "\(stream)") }
        let sent = ends[end ^ 1].sent
        guard ends[end].received < sent.count, sent[ends[end].received] == number else {
            return findings.violated("arrives in order", "\(number) of \(sent) on \(stream)")
        }
        ends[end].received += 1
        delivered += 1
    }

    mutating func changed(
        _ change: NodeChange, of node: NodeID, at now: Instant, into findings: inout Findings
    ) {
        let rank = Int(node.rank)
        switch change {
        case .started:
            isUp[rank] = true
            isPaused[rank] = false
            mine[rank].removeAll()
        case .crashed, .halted: isUp[rank] = false
        case .paused: isPaused[rank] = true
        case .resumed: isPaused[rank] = false
        case .startFailed: break
        }
    }
}

/// Machines that talk on all streams they have.
private func talkative(seed: UInt64) -> (StreamChecker, RunReport) {
    var system = ToySystem()
    system.size = 5
    system.profile = .everything
    system.profile.down = .all
    system.profile.atOnce = 4
    system.profile.until = .seconds(30)
    system.talks = true
    system.pingEvery = .milliseconds(50)
    var options = SimulationOptions()
    options.link.delay = .bimodal(
        fast: .microseconds(100)...(.milliseconds(1)),
        slow: .milliseconds(50)...(.milliseconds(500)), slowPerMillion: 50_000)
    options.streams.cutPerMillion = 200_000
    options.streams.congestedAbove = 2_000
    options.streams.drainedBelow = 500
    var simulation = Simulation(
        system, codec: ToyCodec(), checker: StreamChecker(), options: options,
        decisions: .seeded(seed))
    simulation.run(for: .seconds(60))
    let report = simulation.finish()
    return (simulation.checker, report)
}

@Suite struct `In a storm of every fault` {
    @Test func `streams keep their order, ends open and close once, the dead do nothing`() {
        for seed in 0..<12 as Range<UInt64> {
            let (checker, report) = talkative(seed: seed)
            #expect(report.violation == nil, "seed \(seed)")
            #expect(checker.delivered > 500)
        }
    }

    @Test func `a nemesis keeps to its limit of nodes that are down`() {
        for seed in 0..<10 as Range<UInt64> {
            var system = ToySystem()
            system.size = 5
            let stays = Interval.seconds(1)...Interval.seconds(60)
            system.profile = FaultProfile(
                [FaultChoice(.crash, lasting: stays), FaultChoice(.pause, lasting: stays)],
                pause: .zero...(.seconds(1)), atOnce: 100)
            var run = toy(system, decisions: .seeded(seed))
            var most = 0
            for _ in 0..<600 {
                run.run(for: .milliseconds(100))
                let down = run.world.members.filter { !isWell($0, run) }
                most = max(most, down.count)
            }
            #expect(most == 2)
        }
    }

    private func isWell(_ node: NodeID, _ run: borrowing ToyRun) -> Bool {
        run.world.isUp(node) && !run.world.isPaused(node)
    }

    @Test func `all is well again when a nemesis has to stop`() {
        var system = ToySystem()
        system.size = 5
        system.profile = .everything
        system.profile.until = .seconds(30)
        var run = toy(system)
        run.run(for: .seconds(31))
        for node in run.world.members {
            for other in run.world.members {
                let isThere = isReachable(node, other, run)
                #expect(isThere)
            }
        }
    }

    private func isReachable(_ a: NodeID, _ b: NodeID, _ run: borrowing ToyRun) -> Bool {
        isWell(a, run) && !run.world.isCut(from: a, to: b)
    }
}
