import DeterministicSimulation
import StateMachine
import Testing

private let a = NodeID(0)
private let b = NodeID(1)

private func exactly(_ interval: Interval) -> ClosedRange<Interval> { interval...interval }

/// How far a node's clocks went since the given readings.
private struct Passed: Equatable {
    var monotonic: Interval
    var wall: Int64
}

extension ToyRun {
    fileprivate func reading(_ node: NodeID) -> ClockReading {
        guard let clock = world.clock(of: node) else { preconditionFailure("no such node") }
        return clock.reading(at: world.now)
    }

    /// Runs for so long, and tells what a node's clocks counted meanwhile.
    fileprivate mutating func counted(by node: NodeID, in interval: Interval) -> Passed {
        let before = reading(node)
        run(for: interval)
        let after = reading(node)
        return Passed(
            monotonic: after.monotonic.since(before.monotonic),
            wall: after.wall.microseconds - before.wall.microseconds)
    }

    /// When a timer fired, since a moment; nil where it did not.
    fileprivate func fired(_ node: NodeID, since: Instant) -> [Interval] {
        system.told.filter { $0.node == node && $0.event == .timer(.tick) }
            .map { $0.at.since(since) }
    }

    fileprivate mutating func arm(_ interval: Interval, of node: NodeID = a) {
        world.input(.arm(.tick, exactly(interval)), to: node)
        run(for: .zero)
    }
}

@Suite struct `A clock` {
    @Test func `that is slow or fast counts less or more, and only on its node`() {
        for (rate, milliseconds) in [(900_000, 900), (1_100_000, 1_100), (2_000_000, 2_000)] {
            var run = toy()
            run.world.begin(.clockRate(a, perMillion: UInt32(rate)))
            let other = run.reading(b)
            let passed = run.counted(by: a, in: .seconds(1))
            #expect(passed.monotonic == .milliseconds(UInt64(milliseconds)))
            #expect(passed.wall == Int64(milliseconds) * 1_000)
            #expect(run.reading(b).monotonic.since(other.monotonic) == .seconds(1))
        }
    }

    @Test func `that was crooked is true again after its fault, from where it was`() {
        var run = toy()
        run.world.begin(.clockRate(a, perMillion: 1_500_000), lasting: .seconds(2))
        #expect(run.counted(by: a, in: .seconds(2)).monotonic == .seconds(3))
        #expect(run.counted(by: a, in: .seconds(2)).monotonic == .seconds(2))
    }

    @Test func `has timers that go by its own rate`() {
        for (rate, seconds) in [(500_000, 20), (1_000_000, 10), (2_000_000, 5)] {
            var run = toy()
            run.world.begin(.clockRate(a, perMillion: UInt32(rate)))
            let begin = run.world.now
            run.arm(.seconds(10))
            run.run(for: .seconds(30))
            #expect(run.fired(a, since: begin) == [.seconds(UInt64(seconds))])
        }
    }

    @Test func `takes its armed timers with it when its rate changes`() {
        var run = toy()
        let begin = run.world.now
        run.arm(.seconds(10))
        run.run(for: .seconds(4))
        run.world.begin(.clockRate(a, perMillion: 2_000_000), lasting: .seconds(1))
        run.run(for: .seconds(20))
        #expect(run.fired(a, since: begin) == [.seconds(9)], "4 + 2 + 4 counted")
        run.system.told.removeAll()
        let again = run.world.now
        run.arm(.seconds(10))
        run.run(for: .seconds(4))
        run.world.begin(.clockRate(a, perMillion: 500_000), lasting: .seconds(2))
        run.run(for: .seconds(20))
        #expect(run.fired(a, since: again) == [.seconds(11)], "4 + 1 + 5 counted")
        #expect(count("a timer moved with the rate of its clock", run) > 0)
    }

    @Test func `that stands still fires nothing, and goes on afterwards`() {
        var run = toy()
        let begin = run.world.now
        run.arm(.seconds(10))
        run.run(for: .seconds(4))
        run.world.begin(.clockFreeze(a), lasting: .seconds(100))
        let passed = run.counted(by: a, in: .seconds(50))
        #expect(passed == Passed(monotonic: .zero, wall: 50_000_000), "its wall clock goes on")
        run.arm(.seconds(1), of: b)
        run.run(for: .seconds(200))
        #expect(run.fired(a, since: begin) == [.seconds(110)])
        #expect(run.fired(b, since: begin) == [.seconds(55)])
        #expect(count("a timer waited for a frozen clock", run) == 1)
    }

    @Test func `that stands still can be armed and cancelled all the same`() {
        var run = toy()
        run.world.begin(.clockFreeze(a), lasting: .seconds(10))
        run.world.input(.arm(.tick, exactly(.seconds(1))), to: a)
        run.world.input(.arm(.late(1), exactly(.seconds(1))), to: a)
        run.world.input(.cancel(.late(1)), to: a, after: .seconds(5))
        let begin = run.world.now
        run.run(for: .seconds(30))
        #expect(run.fired(a, since: begin) == [.seconds(11)])
        #expect(!run.system.events(of: 0).contains(.timer(.late(1))))
    }

    @Test func `on the wall steps and runs apart from the monotonic one`() {
        var run = toy()
        let begin = run.reading(a)
        let step = run.world.begin(.wallStep(a, byMicroseconds: -3_600_000_000))
        #expect(run.reading(a).wall.microseconds == begin.wall.microseconds - 3_600_000_000)
        #expect(run.reading(a).monotonic == begin.monotonic)
        run.world.begin(.wallRate(a, perMillion: 1_100_000), lasting: .seconds(10))
        #expect(
            run.counted(by: a, in: .seconds(10))
                == Passed(monotonic: .seconds(10), wall: 11_000_000))
        run.world.end(step)
        #expect(run.reading(a).wall.microseconds == begin.wall.microseconds + 11_000_000)
        #expect(count("a wall clock went back", run) == 1)
    }

    @Test func `has a rate that is drawn for each node, where options say so`() {
        var options = SimulationOptions()
        options.clockRate = 900_000...1_100_000
        var system = ToySystem()
        system.size = 8
        let run = toy(system, options: options)
        let rates = run.world.members.compactMap { run.world.clock(of: $0)?.rate }
        #expect(rates.allSatisfy { options.clockRate.contains($0) })
        #expect(Set(rates).count == 8)
    }

    @Test func `never goes back, and fires no timer early, whatever its rates`() {
        for seed in 0..<20 as Range<UInt64> {
            var system = ToySystem()
            system.profile = FaultProfile(
                [FaultChoice(.clockRate), FaultChoice(.clockFreeze)],
                pause: .zero...(.seconds(1)), atOnce: 4)
            system.profile.clockRate = 1...10_000_000
            var run = toy(system, decisions: .seeded(seed))
            for _ in 0..<50 { expectTimerInTime(&run, seed) }
        }
    }

    private func expectTimerInTime(_ run: inout ToyRun, _ seed: UInt64) {
        run.system.told.removeAll()
        let armed = run.reading(a).monotonic
        run.arm(.milliseconds(700))
        let hasFired = run.run(within: .seconds(1)) {
            $0.system.told.last?.event == .timer(.tick)
        }
        let counted = run.reading(a).monotonic.since(armed)
        #expect(run.reading(a).monotonic >= armed)
        if hasFired {
            #expect(counted >= .milliseconds(700), "seed \(seed)")
            #expect(counted < .milliseconds(701), "seed \(seed)")
        } else {
            #expect(counted < .milliseconds(700), "seed \(seed)")
        }
    }
}

/// How often the world was in a situation, by its words.
func count(_ words: String, _ run: borrowing ToyRun) -> UInt64 {
    run.world.sometimes.first { $0.name == words }?.value ?? 0
}
