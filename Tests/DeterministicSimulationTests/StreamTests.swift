import DeterministicSimulation
import StateMachine
import Testing

private let a = NodeID(0)
private let b = NodeID(1)
/// The first stream of a run: its opener's end and its acceptor's.
private let near = StreamID(1)
private let far = StreamID(2)

private func connected(options: SimulationOptions = SimulationOptions()) -> ToyRun {
    var run = toy(options: options)
    run.world.input(.open(b), to: a)
    run.run(for: .milliseconds(10))
    return run
}

private func blobs(_ events: [Event<Toy>]) -> [UInt32] {
    events.compactMap {
        guard case .message(.blob(let number, _), _) = $0 else { return nil }
        return number
    }
}

@Suite struct `A stream` {
    @Test func `is accepted and then open`() {
        let run = connected()
        #expect(run.system.events(of: 0).last == .opened(near, to: b))
        #expect(run.system.events(of: 1) == [.accepted(far, from: a)])
    }

    @Test func `carries messages in order whatever the delays`() {
        var options = SimulationOptions()
        options.link.delay = .uniform(.zero...(.milliseconds(500)))
        options.streams.cutPerMillion = 500_000
        var run = connected(options: options)
        run.run(for: .seconds(2))
        for number in 0..<200 {
            run.world.input(
                .say(near, UInt32(number), size: 40), to: a, after: .milliseconds(UInt64(number)))
        }
        run.run(for: .seconds(20))
        #expect(blobs(run.system.events(of: 1)) == Array(0..<200))
    }

    @Test func `closes after what was sent on it`() {
        var run = connected()
        run.world.input(.say(near, 1, size: 10_000), to: a)
        run.world.input(.close(near), to: a)
        run.run(for: .seconds(1))
        let events = run.system.events(of: 1)
        #expect(events.suffix(2) == [.message(.blob(1, size: 10_000), on: far), .closed(far)])
        #expect(run.system.events(of: 0).last == .closed(near))
    }

    @Test func `is refused where the process is down`() {
        var run = toy()
        run.world.crash(b, .kill)
        run.world.input(.open(b), to: a)
        run.run(for: .milliseconds(10))
        #expect(run.system.events(of: 0).last == .openFailed(b, .refused))
    }

    @Test func `is unreachable behind a partition, after the connect time`() {
        var run = toy()
        run.world.begin(.isolate(b))
        run.world.input(.open(b), to: a)
        let begin = run.world.now
        run.run(for: .seconds(10))
        #expect(run.system.told.last?.event == .openFailed(b, .unreachable))
        #expect(run.system.told.last?.at == begin + .seconds(3))
    }

    @Test func `is unreachable where nobody ever was`() {
        var run = toy()
        run.world.input(.open(NodeID(77)), to: a)
        run.run(for: .seconds(10))
        #expect(run.system.told.last?.event == .openFailed(NodeID(77), .unreachable))
    }

    @Test func `opens when the partition heals within the connect time`() {
        var run = toy()
        run.world.begin(.isolate(b), lasting: .milliseconds(1_500))
        run.world.input(.open(b), to: a)
        run.run(for: .seconds(10))
        #expect(run.system.events(of: 0).last == .opened(near, to: b))
    }

    @Test func `is closed soon when the process at the other end is killed`() {
        var run = connected()
        run.world.crash(b, .kill)
        run.run(for: .milliseconds(10))
        #expect(run.system.events(of: 0).last == .closed(near))
    }

    @Test func `is half open after a loss of power, until its keep-alive`() {
        var run = connected()
        run.world.crash(b, .powerLoss)
        run.run(for: .seconds(9))
        #expect(run.system.events(of: 0).last == .opened(near, to: b))
        run.run(for: .seconds(12))
        #expect(run.system.events(of: 0).last == .closed(near))
    }

    @Test func `is reset by a host that came back without it`() {
        var run = connected()
        run.world.crash(b, .powerLoss)
        run.world.start(b, after: .milliseconds(10))
        run.world.input(.say(near, 1, size: 10), to: a, after: .milliseconds(50))
        run.run(for: .milliseconds(100))
        #expect(run.system.events(of: 0).last == .closed(near))
    }

    @Test func `holds bytes at a cut and delivers them when it heals`() {
        var run = connected()
        run.world.begin(.oneWay(from: [a], to: [b]), lasting: .seconds(5))
        for number in 0..<5 { run.world.input(.say(near, UInt32(number), size: 9), to: a) }
        run.run(for: .seconds(4))
        #expect(blobs(run.system.events(of: 1)).isEmpty)
        run.run(for: .seconds(2))
        #expect(blobs(run.system.events(of: 1)) == [0, 1, 2, 3, 4])
    }

    @Test func `is given up when nothing gets through for long`() {
        var run = connected()
        run.world.begin(.oneWay(from: [a], to: [b]))
        run.world.input(.say(near, 1, size: 9), to: a)
        run.run(for: .seconds(25))
        #expect(run.system.events(of: 0).last == .closed(near))
        run.run(for: .seconds(20))
        #expect(run.system.events(of: 1).last == .closed(far), "by its keep-alive")
    }

    @Test func `is given up when nothing is acknowledged for long`() {
        var run = connected()
        run.world.begin(.oneWay(from: [b], to: [a]))
        run.world.input(.say(near, 1, size: 9), to: a)
        run.run(for: .seconds(25))
        #expect(blobs(run.system.events(of: 1)) == [1])
        #expect(run.system.events(of: 0).last == .closed(near))
    }

    @Test func `is congested above its mark, and drained below it`() {
        var options = SimulationOptions()
        options.link.bytesPerSecond = 1_000_000
        var run = connected(options: options)
        run.world.input(.say(near, 1, size: 300_000), to: a)
        run.run(for: .milliseconds(5))
        #expect(run.system.events(of: 0).last == .congested(near))
        run.run(for: .seconds(1))
        #expect(run.system.events(of: 0).last == .drained(near))
    }

    @Test func `waits for a reader that stands still`() {
        var run = connected()
        run.world.pause(b)
        run.world.input(.say(near, 1, size: 300_000), to: a)
        run.run(for: .seconds(60))
        #expect(run.system.events(of: 0).last == .congested(near))
        run.world.resume(b)
        run.run(for: .milliseconds(10))
        #expect(blobs(run.system.events(of: 1)) == [1])
        #expect(run.system.events(of: 0).last == .drained(near))
    }

    @Test func `breaks on both sides when it is reset`() {
        var run = connected()
        run.world.begin(.resetStreams(a, b))
        run.run(for: .milliseconds(10))
        #expect(run.system.events(of: 0).last == .closed(near))
        #expect(run.system.events(of: 1).last == .closed(far))
        #expect(run.world.counts.resets >= 1)
    }

    @Test func `on which nonsense arrives is ended and counted`() {
        var run = connected()
        run.world.send(.ping(1), from: a, on: near)
        run.world.settle(a)
        run.run(for: .milliseconds(20))
        #expect(run.system.events(of: 1).last == .closed(far))
        #expect(run.system.events(of: 0).last == .closed(near))
        #expect(run.world.counts.malformed == 1)
    }

    @Test func `arrives later when bytes are lost, in order all the same`() {
        var run = connected()
        run.world.begin(.loss(perMillion: 500_000))
        for number in 0..<20 as Range<UInt32> {
            run.world.input(
                .say(near, number, size: 9), to: a, after: .milliseconds(UInt64(number)))
        }
        run.run(for: .milliseconds(100))
        #expect(blobs(run.system.events(of: 1)).count < 20)
        run.run(for: .seconds(60))
        #expect(blobs(run.system.events(of: 1)) == Array(0..<20))
    }
}
