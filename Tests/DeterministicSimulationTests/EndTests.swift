import DeterministicSimulation
import StateMachine
import Testing

/// Finds something only at the end.
private struct EndChecker: Checker {
    mutating func handled(
        _ event: Event<Toy>, by node: NodeID, _ machine: ToyMachine, _ effects: [Effect<Toy>],
        at now: Instant, into findings: inout Findings
    ) {}

    mutating func ended(at now: Instant, into findings: inout Findings) {
        findings.violated("asked", "at the end")
    }
}

private func run(
    _ options: SimulationOptions = SimulationOptions()
) -> Simulation<ToySystem, EndChecker> {
    var system = ToySystem()
    system.pingEvery = .milliseconds(1)
    return Simulation(
        system, codec: ToyCodec(), checker: EndChecker(), options: options, decisions: .seeded(1))
}

@Suite struct `The end of a run` {
    @Test func `is told to checkers when its time is over`() {
        var run = run()
        run.run(for: .seconds(1))
        #expect(run.finish().violation?.property == "asked")
    }

    @Test func `is told to checkers when the system has stopped it`() {
        var run = run()
        run.run(for: .milliseconds(10))
        run.world.stop()
        #expect(run.finish().violation?.property == "asked")
    }

    @Test func `is not told where the limit of events cut the run`() {
        var options = SimulationOptions()
        options.eventsMost = 100
        var run = run(options)
        run.run(for: .seconds(1))
        #expect(run.finish().violation == nil)
    }

    @Test func `is not told where something broke before`() {
        var run = run()
        run.run(for: .milliseconds(10))
        run.report(Violation(property: "broken", detail: "before"))
        #expect(run.finish().violation?.property == "broken")
    }

    @Test func `comes with a failure where time stands still`() {
        var options = SimulationOptions()
        options.eventsAtOnceMost = 1_000
        var run = toy(options: options)
        run.world.begin(.flapping(NodeID(0), [NodeID(1)], period: .zero))
        run.run(for: .seconds(1))
        let isOver = run.isOver
        #expect(isOver)
        #expect(run.finish().violation?.property == "time goes on")
    }
}
