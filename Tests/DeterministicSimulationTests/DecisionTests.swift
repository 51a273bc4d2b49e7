import DeterministicSimulation
import StateMachine
import Testing

/// A busy run under every fault there is.
func storm(_ decisions: consuming Decisions, for interval: Interval = .seconds(60)) -> ToyRun {
    var system = ToySystem()
    system.size = 5
    system.clients = 2
    system.profile = .everything
    system.profile.down = .all
    system.profile.atOnce = 4
    system.pingEvery = .milliseconds(10)
    var run = Simulation(
        system, codec: ToyCodec(), checker: NoChecker<ToyMachine>(), decisions: decisions)
    run.run(for: interval)
    return run
}

@Suite struct `A run` {
    @Test func `has the same hash for the same seed, and another for another`() {
        var first = storm(.seeded(7))
        var second = storm(.seeded(7))
        #expect(first.finish() == second.finish())
        #expect(first.world.hash != storm(.seeded(8)).world.hash)
    }

    @Test func `has the hash that it had when this test was written`() {
        #expect(storm(.seeded(7)).world.hash == 17_658_598_155_687_947_634)
    }

    @Test func `under every fault sees every kind of trouble`() {
        var run = storm(.seeded(3), for: .seconds(600))
        let counts = run.finish().counts
        for counter in counts.list where counter.name != "malformed" {
            #expect(counter.value > 0, "\(counter.name)")
        }
    }

    @Test func `is repeated from its recording, also through text`() throws {
        var recording = storm(.recording(seed: 7))
        #expect(recording.world.hash == storm(.seeded(7)).world.hash)
        let recorded = recording.recorded
        var story = Story(scenario: "storm", seed: 7)
        story.choices = try #require(recorded)
        let read = try Story(text: story.text)
        #expect(read.text == story.text)
        var repeated = storm(.playback(of: read.choices))
        #expect(repeated.finish() == recording.finish())
    }

    @Test func `that goes apart from its recording says where first`() throws {
        let recording = storm(.recording(seed: 7))
        let recorded = recording.recorded
        var list = try #require(recorded)
        let changed = try #require(list.decisions.indices.dropFirst(1_000).first)
        list.decisions[changed].node = 77
        var repeated = storm(.playback(of: list))
        let divergence = try #require(repeated.finish().divergence)
        #expect(divergence.at == list.decisions[changed].at)
        #expect(divergence.decision == list.text(of: list.decisions[changed]))
        #expect(divergence.reason == .neverAsked)
        #expect(repeated.world.hash != recording.world.hash)
    }

    @Test func `that can't do what its recording says tells that too`() throws {
        let recording = storm(.recording(seed: 7))
        let recorded = recording.recorded
        var list = try #require(recorded)
        let changed = try #require(
            list.decisions.firstIndex { list.kind(of: $0) == "timer.moment" || $0.value == .yes })
        list.decisions[changed].value = .number(.max)
        var repeated = storm(.playback(of: list))
        #expect(repeated.finish().divergence?.reason == .notLegal)
    }

    @Test func `without any of its choices is a run where nothing goes wrong`() {
        var calm = storm(.playback(of: DecisionList()))
        let counts = calm.finish().counts
        #expect(counts.crashes + counts.partitions + counts.lost + counts.doubled == 0)
        #expect(counts.datagrams > 0)
    }

    @Test func `ends at its limit of events`() {
        var options = SimulationOptions()
        options.eventsMost = 100
        var system = ToySystem()
        system.pingEvery = .milliseconds(1)
        var run = toy(system, options: options)
        run.run(for: .seconds(100))
        #expect(run.world.events == 100)
    }
}

@Suite struct `A delay` {
    @Test func `that is exponential has its mean and its shape`() {
        var decisions = Decisions.seeded(1)
        let delay = Delay.exponential(
            least: .zero, mean: .milliseconds(20), most: .seconds(100))
        var sum: UInt64 = 0
        var above = 0
        let count = 100_000
        for _ in 0..<count {
            let drawn = decisions.draw(DecisionPoint(.packetDelay), from: delay)
            sum += drawn.nanoseconds
            above += drawn > .milliseconds(60) ? 1 : 0
        }
        #expect((19_800_000...20_200_000).contains(sum / UInt64(count)))
        #expect((4_780...5_180).contains(above), "e to the minus 3 is 4.98 %")
    }

    @Test func `with a heavy tail halves with every doubling`() {
        var decisions = Decisions.seeded(1)
        let delay = Delay.heavyTail(least: .milliseconds(1), most: .seconds(100))
        var above = [0, 0, 0]
        for _ in 0..<100_000 {
            let drawn = decisions.draw(DecisionPoint(.packetDelay), from: delay)
            #expect(drawn >= .milliseconds(1))
            for (index, bound) in [2, 4, 64].enumerated() {
                above[index] += drawn > .milliseconds(UInt64(bound)) ? 1 : 0
            }
        }
        #expect((49_000...51_000).contains(above[0]))
        #expect((24_300...25_700).contains(above[1]))
        #expect((1_400...1_720).contains(above[2]))
    }

    @Test func `of two modes is slow as often as said`() {
        var decisions = Decisions.seeded(1)
        let delay = Delay.bimodal(
            fast: .zero...(.milliseconds(1)), slow: .seconds(1)...(.seconds(2)),
            slowPerMillion: 100_000)
        var slow = 0
        for _ in 0..<10_000 {
            let drawn = decisions.draw(DecisionPoint(.packetDelay), from: delay)
            slow += drawn >= .seconds(1) ? 1 : 0
        }
        #expect((900...1_100).contains(slow))
    }
}
