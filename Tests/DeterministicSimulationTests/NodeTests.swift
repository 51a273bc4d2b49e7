import DeterministicSimulation
import StateMachine
import Testing

private let a = NodeID(0)
private let b = NodeID(1)
private let c = NodeID(2)

@Suite struct `A datagram` {
    @Test func `arrives and is answered`() {
        var run = toy()
        run.world.input(.ping(b, 7), to: a)
        run.run(for: .milliseconds(10))
        #expect(run.system.events(of: 1) == [.datagram(.ping(7), from: a)])
        #expect(run.system.events(of: 0).last == .datagram(.pong(7), from: b))
    }

    @Test func `is lost as often as said`() {
        var options = SimulationOptions()
        options.link.lossPerMillion = 300_000
        var run = toy(options: options)
        for number in 0..<10_000 as Range<UInt32> { run.world.input(.ping(b, number), to: a) }
        run.run(for: .seconds(1))
        #expect((6_800...7_200).contains(run.system.events(of: 1).count))
    }

    @Test func `is doubled while that fault lasts`() {
        var run = toy()
        run.world.begin(.doubling(perMillion: 1_000_000), lasting: .seconds(1))
        run.world.input(.ping(b, 7), to: a)
        run.world.input(.ping(b, 8), to: a, after: .seconds(2))
        run.run(for: .seconds(3))
        let sevens = run.system.events(of: 1).filter { $0 == .datagram(.ping(7), from: a) }
        let eights = run.system.events(of: 1).filter { $0 == .datagram(.ping(8), from: a) }
        #expect((sevens.count, eights.count) == (2, 1))
        #expect(run.world.counts.doubled == 3, "two answers were doubled as well")
    }

    @Test func `is overtaken while that fault lasts`() {
        var run = toy()
        run.world.begin(.holdingBack(perMillion: 200_000))
        for number in 0..<100 as Range<UInt32> {
            run.world.input(.ping(b, number), to: a, after: .milliseconds(UInt64(number)))
        }
        run.run(for: .seconds(1))
        let numbers = run.system.events(of: 1).compactMap { event -> UInt32? in
            guard case .datagram(.ping(let number), _) = event else { return nil }
            return number
        }
        #expect(numbers != numbers.sorted())
        #expect(numbers.sorted() == Array(0..<100))
    }

    @Test func `takes longer on a slow link, and in slow weather`() {
        var run = toy()
        run.world.begin(.slowLink(a, b, delay: .seconds(1)), lasting: .milliseconds(1))
        run.world.input(.ping(b, 7), to: a)
        run.run(for: .milliseconds(900))
        #expect(run.system.events(of: 1).isEmpty)
        run.run(for: .milliseconds(200))
        #expect(run.system.events(of: 1).count == 1)
        run.world.begin(.delay(.seconds(5)))
        for number in 0..<100 as Range<UInt32> { run.world.input(.ping(b, number), to: a) }
        run.run(for: .seconds(1))
        #expect(run.system.events(of: 1).count < 60)
    }

    @Test func `takes longer one way only on a link that is slow one way`() {
        var run = toy()
        func heard(_ number: UInt32) -> Int {
            run.system.events(of: number).count {
                if case .datagram = $0 { true } else { false }
            }
        }
        run.world.begin(.slowLink(b, a, delay: .seconds(1), isBothWays: false))
        run.world.input(.ping(b, 7), to: a)
        run.run(for: .milliseconds(900))
        #expect(heard(1) == 1)
        #expect(heard(0) == 0, "the answer goes the slow way")
        run.run(for: .milliseconds(200))
        #expect(heard(0) == 1)
    }

    @Test func `that can't be decoded is dropped and counted`() {
        var run = toy()
        run.world.datagram(.blob(1, size: 1), from: a, to: b)
        run.run(for: .milliseconds(10))
        #expect(run.world.counts.malformed == 1)
        #expect(run.system.events(of: 1).isEmpty)
    }

    @Test func `that is published reaches all others`() {
        var run = toy()
        run.world.input(.publish(3), to: a)
        run.run(for: .milliseconds(10))
        #expect(run.system.events(of: 1) == [.datagram(.ping(3), from: a)])
        #expect(run.system.events(of: 2) == [.datagram(.ping(3), from: a)])
    }
}

@Suite struct `A timer` {
    @Test func `fires within its range, at a moment that is drawn`() {
        var moments: [UInt64] = []
        for seed in 0..<50 as Range<UInt64> {
            var run = toy(decisions: .seeded(seed))
            let begin = run.world.now
            run.world.input(.arm(.tick, .milliseconds(100)...(.milliseconds(200))), to: a)
            run.run(for: .seconds(1))
            #expect(run.system.told.last?.event == .timer(.tick))
            moments.append(run.system.told.last?.at.since(begin).nanoseconds ?? 0)
        }
        #expect(moments.allSatisfy { (100_000_000...200_000_000).contains($0) })
        #expect((moments.max() ?? 0) - (moments.min() ?? 0) > 80_000_000)
    }

    @Test func `that is armed again fires once, at the new moment`() {
        var run = toy()
        run.world.input(.arm(.tick, .seconds(1)...(.seconds(1))), to: a)
        run.world.input(.arm(.tick, .seconds(3)...(.seconds(3))), to: a, after: .milliseconds(1))
        run.run(for: .seconds(2))
        #expect(!run.system.events(of: 0).contains(.timer(.tick)))
        run.run(for: .seconds(2))
        #expect(run.system.events(of: 0).filter { $0 == .timer(.tick) }.count == 1)
    }

    @Test func `that is cancelled never fires, others do`() {
        var run = toy()
        run.world.input(.arm(.late(1), .seconds(1)...(.seconds(1))), to: a)
        run.world.input(.arm(.late(2), .seconds(1)...(.seconds(1))), to: a)
        run.world.input(.cancel(.late(1)), to: a)
        run.run(for: .seconds(2))
        #expect(!run.system.events(of: 0).contains(.timer(.late(1))))
        #expect(run.system.events(of: 0).contains(.timer(.late(2))))
    }

    @Test func `is gone after a crash`() {
        var run = toy()
        run.world.input(.arm(.tick, .seconds(1)...(.seconds(1))), to: a)
        run.run(for: .milliseconds(500))
        run.world.crash(a, .kill)
        run.world.start(a)
        run.run(for: .seconds(2))
        #expect(run.system.events(of: 0).last == .started([]))
    }

    @Test func `fires late on a node that stood still`() {
        var run = toy()
        run.world.input(.arm(.tick, .seconds(1)...(.seconds(1))), to: a)
        run.run(for: .milliseconds(500))
        run.world.begin(.pause(a), lasting: .seconds(10))
        run.run(for: .seconds(9))
        #expect(run.system.events(of: 0).last != .timer(.tick))
        run.run(for: .seconds(2))
        #expect(run.system.events(of: 0).last == .timer(.tick))
        #expect(run.system.changes.suffix(2).map(\.0) == [.paused, .resumed])
    }
}

@Suite struct `A node that stood still` {
    @Test
    func `comes to what waited in an order of its own, each source in the one in which it came`() {
        var places: [Int] = []
        for seed in 1...60 as ClosedRange<UInt64> {
            var run = toy(decisions: .seeded(seed))
            run.world.input(.arm(.tick, .seconds(1)...(.seconds(1))), to: b)
            run.run(for: .milliseconds(100))
            run.world.begin(.pause(b), lasting: .seconds(10))
            for number in 0..<6 as Range<UInt32> {
                let pause = Interval.milliseconds(UInt64(number) * 300)
                run.world.input(.ping(b, number), to: a, after: pause)
            }
            run.run(for: .seconds(11))
            let events = run.system.events(of: 1)
            let numbers = events.compactMap { event -> UInt32? in
                guard case .datagram(.ping(let number), _) = event else { return nil }
                return number
            }
            #expect(numbers == Array(0..<6))
            places.append(
                events.suffix(7).firstIndex(of: .timer(.tick)).map { $0 - events.count + 7 } ?? -1)
        }
        let (first, between, last) = (
            places.count { $0 == 0 }, places.count { (1...5).contains($0) },
            places.count { $0 == 6 }
        )
        #expect(first > 5 && between > 5 && last > 5 && first + between + last == 60)
    }
}

@Suite struct `A journal` {
    @Test func `groups the commits that wait, and answers in order`() {
        var run = toy()
        for value in 1...5 as ClosedRange<UInt64> { run.world.input(.keep([value, 0]), to: a) }
        run.world.input(.read, to: a)
        run.run(for: .seconds(1))
        let answers = run.system.events(of: 0).filter {
            if case .input = $0 { false } else { true }
        }
        #expect(
            answers == (1...5).map { .written(Ticket($0)) }
                + [.fetched([1, 0, 2, 0, 3, 0, 4, 0, 5, 0], Ticket(6))])
        #expect(run.world.counts.commits == 2, "the first alone, the others as one group")
    }

    @Test func `keeps what was answered, whatever crashes`() {
        for kind in CrashKind.allCases {
            var run = toy()
            run.world.input(.keep([1, 2]), to: a)
            run.run(for: .seconds(1))
            run.world.crash(a, kind)
            run.world.start(a, after: .seconds(1))
            run.run(for: .seconds(2))
            #expect(run.system.events(of: 0).last == .started([1, 2]))
        }
    }

    @Test func `that does not sync keeps all on a kill and loses all with the power`() {
        for kind in CrashKind.allCases {
            var system = ToySystem()
            system.syncs = false
            var run = toy(system)
            run.world.input(.keep([1, 2]), to: a)
            run.run(for: .seconds(1))
            run.world.crash(a, kind)
            run.world.start(a)
            run.run(for: .seconds(1))
            #expect(run.system.events(of: 0).last == .started(kind == .kill ? [1, 2] : []))
        }
    }

    @Test func `loses what waits, and keeps or loses what a crash interrupts`() {
        var kept = 0
        for seed in 0..<100 as Range<UInt64> {
            var run = toy(decisions: .seeded(seed))
            for value in 1...3 as ClosedRange<UInt64> { run.world.input(.keep([value]), to: a) }
            run.run(for: .microseconds(1))
            run.world.crash(a, .kill)
            run.world.start(a)
            run.run(for: .seconds(1))
            let found = run.system.events(of: 0).last
            #expect(found == .started([]) || found == .started([1]))
            kept += found == .started([1]) ? 1 : 0
            #expect(run.world.counts.interruptedCommits == 1)
        }
        #expect((30...70).contains(kept))
    }
}

@Suite struct `A node` {
    @Test func `can be made to crash in the middle of its next commit`() {
        var run = toy()
        run.world.begin(.crashInCommit(a, .kill), lasting: .seconds(2))
        run.world.input(.keep([1]), to: a, after: .seconds(1))
        run.run(for: .milliseconds(1_500))
        #expect(run.machine(of: a) == nil)
        #expect(run.world.counts.interruptedCommits == 1)
        run.run(for: .seconds(1))
        #expect(run.machine(of: a) != nil)
    }

    @Test func `that ends by itself is gone until it is started again`() {
        var run = toy()
        run.world.input(.end, to: a)
        run.run(for: .seconds(1))
        #expect(run.machine(of: a) == nil)
        #expect(run.system.changes.last?.0 == .halted)
        run.world.start(a)
        run.run(for: .seconds(1))
        #expect(run.machine(of: a) != nil)
        #expect(run.system.changes.last?.0 == .started(boot: 2))
    }

    @Test func `that crashed starts again when its fault ends`() {
        var run = toy()
        run.world.begin(.crash(b, nil), lasting: .seconds(1))
        let isUp = run.world.isUp(b)
        #expect(!isUp)
        run.run(for: .seconds(2))
        #expect(run.machine(of: b) != nil)
    }

    @Test func `that crashes again and again runs in between, and at last`() {
        var run = toy()
        run.world.begin(.crashLoop(b, times: 3, up: .milliseconds(100)), lasting: .seconds(5))
        run.run(for: .seconds(1))
        let boots = run.system.changes.compactMap { change, node in
            if node == b, case .started(let boot) = change { boot } else { nil }
        }
        #expect(boots == [1, 2, 3, 4], "within a second")
        #expect(run.world.counts.crashes == 3)
        run.run(for: .seconds(10))
        #expect(run.machine(of: b) != nil)
        #expect(run.world.counts.crashes == 3)
    }

    @Test func `stays as a crash loop has left it when the fault ends before its time`() {
        var run = toy()
        let loop = run.world.begin(.crashLoop(b, times: 100, up: .milliseconds(10)))
        run.run(for: .milliseconds(100))
        run.world.end(loop)
        run.run(for: .milliseconds(100))
        let crashes = run.world.counts.crashes
        #expect(crashes > 1)
        run.run(for: .seconds(10))
        #expect(run.machine(of: b) != nil)
        #expect(run.world.counts.crashes == crashes)
    }

    @Test func `has clocks of its own`() {
        let run = toy()
        let readings = run.world.members.compactMap {
            run.world.clock(of: $0)?.reading(at: run.world.now)
        }
        #expect(readings[0].monotonic != readings[1].monotonic)
        #expect(readings[0].wall == WallTime(microseconds: 1_767_225_600_010_000))
    }
}
