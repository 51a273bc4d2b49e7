import DeterministicSimulation
import StateMachine
import Testing

private func stormy(_ kind: FaultKind, _ seed: UInt64) -> ToyRun {
    var system = ToySystem()
    system.size = 5
    system.clients = 2
    system.profile = FaultProfile(
        [FaultChoice(kind)], pause: .milliseconds(100)...(.seconds(1)), atOnce: 3)
    system.pingEvery = .milliseconds(20)
    var run = Simulation(
        system, codec: ToyCodec(), checker: NoChecker<ToyMachine>(), decisions: .seeded(seed))
    run.run(for: .seconds(30))
    return run
}

@Suite struct `Every kind of fault` {
    @Test(arguments: FaultKind.allCases)
    func `is drawn, counted, and repeated by its seed`(_ kind: FaultKind) {
        var first = stormy(kind, 5)
        var second = stormy(kind, 5)
        #expect(first.finish() == second.finish())
        #expect(count("fault: \(kind.words)", first) > 0)
    }

    @Test(arguments: FaultKind.allCases)
    func `changes a run, and is told in words`(_ kind: FaultKind) {
        var calm = stormy(.resetStreams, 5)
        var run = stormy(kind, 5)
        if kind != .resetStreams { #expect(run.finish().hash != calm.finish().hash) }
        var lines: [String] = []
        run.trace = { lines.append($0) }
        run.run(for: .seconds(30))
        let told = lines.filter { $0.contains("BEGINS") }
        #expect(!told.isEmpty)
        #expect(told.allSatisfy { !$0.contains("NodeID") && !$0.contains("(") })
    }

    @Test func `comes with every other in one storm, with its seed's hash`() {
        var first = storm(.seeded(11))
        var second = storm(.seeded(11))
        #expect(first.finish() == second.finish())
    }
}
