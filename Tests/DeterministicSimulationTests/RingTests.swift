import DeterministicSimulation
import StateMachine
import Testing

private func permutations(_ elements: [UInt32]) -> [[UInt32]] {
    guard elements.count > 1 else { return [elements] }
    return elements.indices.flatMap { index in
        var rest = elements
        let first = rest.remove(at: index)
        return permutations(rest).map { [first] + $0 }
    }
}

private func elect(
    _ identifiers: [UInt32], seed: UInt64, swallows: Bool = true
) -> (RingChecker, RunReport) {
    var simulation = Simulation(
        RingSystem(identifiers: identifiers, swallows: swallows), codec: RingCodec(),
        checker: RingChecker(), decisions: .seeded(seed))
    simulation.run(for: .seconds(10))
    let report = simulation.finish()
    return (simulation.checker, report)
}

/// The sum of the distances to the next larger identifier, and once around for the largest.
private func exactTokens(_ identifiers: [UInt32]) -> Int {
    let count = identifiers.count
    return identifiers.indices.reduce(0) { sum, index in
        let distance = (1..<count).first {
            identifiers[(index + $0) % count] > identifiers[index]
        }
        return sum + (distance ?? count)
    }
}

@Suite struct `An election on a simulated ring` {
    @Test func `takes exactly the tokens of Chang and Roberts, whatever the order`() {
        for count in 2...5 as ClosedRange<UInt32> {
            for (seed, identifiers) in permutations(Array(1...count)).enumerated() {
                let (checker, report) = elect(identifiers, seed: UInt64(seed))
                #expect(report.violation == nil)
                #expect(checker.leaders == [count])
                #expect(checker.tokens == exactTokens(identifiers), "\(identifiers)")
            }
        }
    }

    @Test func `with smaller tokens forwarded breaks the one-leader rule, and the run ends`() {
        let (_, report) = elect([2, 3, 1], seed: 1, swallows: false)
        #expect(report.violation?.property == "one leader")
        #expect(report.simulated < .seconds(1))
    }

    @Test func `is told line by line to whoever follows it`() {
        var lines: [String] = []
        var simulation = Simulation(
            RingSystem(identifiers: [1, 2]), codec: RingCodec(),
            checker: BothCheckers(RingChecker(), NoChecker<RingNode>()))
        simulation.trace = { lines.append($0) }
        simulation.run(for: .seconds(1))
        simulation.world.begin(.isolate(NodeID(1)), lasting: .seconds(1))
        simulation.world.crash(NodeID(0), .kill)
        simulation.run(for: .seconds(2))
        #expect(lines.first == "[    0.000000] n0         STARTS")
        #expect(lines.contains { $0.contains("n1         <= n0 #") && $0.contains("elected(2)") })
        #expect(lines.contains { $0.hasSuffix("BEGINS  isolate n1") })
        #expect(lines.contains { $0.hasSuffix("n0         IS KILLED") })
        var quiet = Simulation(
            RingSystem(identifiers: [1, 2]), codec: RingCodec(), checker: RingChecker())
        quiet.run(for: .seconds(1))
        var loud = Simulation(
            RingSystem(identifiers: [1, 2]), codec: RingCodec(), checker: RingChecker())
        loud.trace = { _ in }
        loud.run(for: .seconds(1))
        #expect(quiet.world.hash == loud.world.hash, "listening changes nothing")
    }

    @Test func `is reached within a bound, or not`() {
        var simulation = Simulation(
            RingSystem(identifiers: [1, 2, 3]), codec: RingCodec(), checker: RingChecker())
        let isElected = simulation.run(within: .seconds(5)) { $0.checker.leaders == [3] }
        #expect(isElected)
        #expect(simulation.world.now < .zero + .seconds(1))
        let isReached = simulation.run(within: .seconds(5)) { $0.checker.leaders.count == 2 }
        #expect(!isReached)
        simulation.report(Violation(property: "liveness", detail: "no second leader"))
        #expect(simulation.finish().violation?.property == "liveness")
    }
}
