import DeterministicSimulation
import StateMachine
import Testing

private let a = NodeID(0)
private let b = NodeID(1)
private let c = NodeID(2)
private let near = StreamID(1)
private let far = StreamID(2)

private func connected(decisions: consuming Decisions = .seeded(1)) -> ToyRun {
    var run = toy(decisions: decisions)
    run.world.input(.open(b), to: a)
    run.run(for: .milliseconds(10))
    return run
}

private func blobs(_ run: borrowing ToyRun) -> [UInt32] {
    run.system.events(of: 1).compactMap {
        guard case .message(.blob(let number, _), _) = $0 else { return nil }
        return number
    }
}

@Suite struct `A stream in trouble` {
    @Test func `is gone for one side, and the other finds out when it sends`() {
        var run = connected()
        run.world.begin(.halfOpen(b, a))
        run.run(for: .seconds(5))
        #expect(run.system.events(of: 1).last == .closed(far))
        #expect(run.system.events(of: 0).last == .opened(near, to: b), "it believes in it")
        run.world.input(.say(near, 1, size: 10), to: a)
        run.run(for: .milliseconds(10))
        #expect(run.system.events(of: 0).last == .closed(near))
        #expect(blobs(run).isEmpty)
        #expect(count("a stream was half open", run) == 1)
    }

    @Test func `is gone for one side, and the other finds out by its keep-alive`() {
        var run = connected()
        run.world.begin(.halfOpen(b, a))
        run.run(for: .seconds(9))
        #expect(run.system.events(of: 0).last == .opened(near, to: b))
        run.run(for: .seconds(12))
        #expect(run.system.events(of: 0).last == .closed(near))
    }

    @Test func `is read in pieces, whole messages all the same`() {
        var run = connected()
        let whole = connected().events(saying: 400)
        run.world.begin(.partialReads(b, bytes: 3))
        let begin = run.world.now
        run.world.input(.say(near, 1, size: 400), to: a)
        let hasFirst = run.run(within: .seconds(5)) { !blobs($0).isEmpty }
        #expect(hasFirst && run.world.now.since(begin) > .milliseconds(3))
        for number in 2..<20 as Range<UInt32> {
            run.world.input(.say(near, number, size: number), to: a)
        }
        run.world.input(.close(near), to: a)
        run.run(for: .seconds(5))
        #expect(blobs(run) == Array(1..<20))
        #expect(run.system.events(of: 1).last == .closed(far), "after what was sent on it")
        #expect(whole < .milliseconds(3))
    }

    @Test func `is written in pieces, and a process that dies leaves half a message`() {
        var cut = 0
        for seed in 0..<40 as Range<UInt64> {
            var run = connected(decisions: .seeded(seed))
            run.world.begin(.partialWrites(a, bytes: 2))
            run.world.input(.say(near, 1, size: 30), to: a)
            run.world.input(.say(near, 2, size: 30), to: a, after: .milliseconds(1))
            run.run(for: .milliseconds(5))
            run.world.crash(a, .kill)
            run.run(for: .seconds(30))
            #expect([[], [1], [1, 2]].contains(blobs(run)), "no message is made up")
            #expect(run.system.events(of: 1).last == .closed(far))
            cut += count("a crash cut what was sent in two", run) > 0 ? 1 : 0
        }
        #expect(cut > 10)
    }

    @Test func `that is written in pieces loses nothing when nobody dies`() {
        var run = connected()
        run.world.begin(.partialWrites(a, bytes: 2), lasting: .milliseconds(20))
        for number in 0..<40 as Range<UInt32> {
            run.world.input(
                .say(near, number, size: number), to: a, after: .milliseconds(UInt64(number)))
        }
        run.world.input(.close(near), to: a, after: .milliseconds(50))
        run.run(for: .seconds(5))
        #expect(blobs(run) == Array(0..<40))
        #expect(run.system.events(of: 1).last == .closed(far))
    }

    @Test func `crawls through a narrow link, and comes at once when that is wide again`() {
        var run = connected()
        run.world.begin(
            .bandwidth(b, bytesPerSecond: 1_000, bufferBytes: 0), lasting: .seconds(10))
        for number in 0..<20 as Range<UInt32> {
            run.world.input(.say(near, number, size: 1_991), to: a)
        }
        run.world.input(.close(near), to: a)
        run.run(for: .seconds(9))
        #expect(blobs(run) == [0, 1, 2, 3], "2,000 bytes each")
        run.run(for: .milliseconds(1_100))
        #expect(blobs(run) == Array(0..<20))
        #expect(run.system.events(of: 1).last == .closed(far))
        run.run(for: .seconds(60))
        #expect(run.system.events(of: 1).last == .closed(far))
    }

    @Test func `waits for a slow reader, and its sender is told to wait`() {
        var run = connected()
        run.world.begin(.slowReader(b, bytesPerSecond: 100_000), lasting: .seconds(100))
        for number in 0..<4 as Range<UInt32> {
            run.world.input(.say(near, number, size: 100_000), to: a)
        }
        run.run(for: .milliseconds(500))
        #expect(run.system.events(of: 0).last == .congested(near))
        #expect(blobs(run).isEmpty)
        run.run(for: .seconds(2))
        #expect(blobs(run) == [0, 1])
        run.run(for: .seconds(3))
        #expect(blobs(run) == [0, 1, 2, 3])
        #expect(run.system.events(of: 0).last == .drained(near))
        #expect(count("a slow reader made its peer wait", run) == 1)
    }

    @Test func `waits once at a cut, also where a link had become wider before`() {
        var run = connected()
        let narrow = Fault.bandwidth(b, bytesPerSecond: 1_000, bufferBytes: 0)
        let first = run.world.begin(narrow)
        run.world.input(.say(near, 1, size: 3_000), to: a)
        run.run(for: .milliseconds(1))
        run.world.end(first)
        run.world.begin(.pair(a, b), lasting: .seconds(5))
        run.run(for: .seconds(4))
        let second = run.world.begin(narrow)
        run.world.input(.say(near, 2, size: 100), to: a)
        run.run(for: .milliseconds(1))
        run.world.end(second)
        run.run(for: .seconds(5))
        #expect(blobs(run) == [1, 2])
    }

    @Test func `comes at once when nothing limits its reader any more`() {
        var run = connected()
        run.world.begin(.slowReader(b, bytesPerSecond: 10_000), lasting: .seconds(100))
        run.world.begin(.pair(a, c), lasting: .seconds(100))
        run.world.input(.say(near, 1, size: 100_000), to: a)
        run.run(for: .seconds(1))
        #expect(blobs(run).isEmpty)
        run.world.clearNarrows()
        run.run(for: .milliseconds(100))
        #expect(blobs(run) == [1])
        let isCut = run.world.isCut(from: a, to: c)
        #expect(isCut)
    }

    @Test func `comes soon when a slow node need not read it in pieces any more`() {
        var run = connected()
        run.world.begin(.partialReads(b, bytes: 4), lasting: .seconds(100))
        run.world.begin(.slowNode(b, by: .milliseconds(100)), lasting: .seconds(100))
        run.world.input(.say(near, 1, size: 100_000), to: a)
        run.run(for: .seconds(4))
        #expect(blobs(run).isEmpty)
        run.world.clearNarrows()
        run.run(for: .seconds(1))
        #expect(blobs(run) == [1])
    }

    @Test func `waits for its turn, not for all that others have sent to a slow reader`() {
        var run = connected()
        run.world.input(.open(b), to: c)
        run.run(for: .milliseconds(10))
        let opened = run.system.events(of: 2).last
        guard case .opened(let other, _)? = opened else {
            Issue.record("\(String(describing: opened))")
            return
        }
        run.world.begin(.slowReader(b, bytesPerSecond: 10_000), lasting: .seconds(100))
        run.world.input(.say(near, 1, size: 100_000), to: a)
        run.world.input(.say(other, 2, size: 1_000), to: c, after: .milliseconds(5))
        run.run(for: .seconds(1))
        #expect(blobs(run) == [2])
        run.run(for: .seconds(10))
        #expect(blobs(run) == [2, 1])
    }
}

extension ToyRun {
    /// How long a message of that size takes.
    fileprivate consuming func events(saying size: UInt32) -> Interval {
        let begin = world.now
        world.input(.say(near, 1, size: size), to: a)
        _ = run(within: .seconds(5)) { !blobs($0).isEmpty }
        return world.now.since(begin)
    }
}
