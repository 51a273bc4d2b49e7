import DeterministicSimulation
import StateMachine
import Testing

private let a = NodeID(0)
private let b = NodeID(1)
private let c = NodeID(2)

extension ToyRun {
    /// Sends so many pings, a millisecond apart, and tells how late each arrived.
    fileprivate mutating func delays(of count: UInt32) -> [UInt32: [Interval]] {
        let begin = world.now
        for number in 0..<count {
            world.input(.ping(b, number), to: a, after: .milliseconds(UInt64(number)))
        }
        run(for: .seconds(60))
        var delays: [UInt32: [Interval]] = [:]
        for told in system.told {
            guard told.node == b, case .datagram(.ping(let number), _) = told.event else {
                continue
            }
            let left = begin + .milliseconds(UInt64(number))
            delays[number, default: []].append(told.at.since(left))
        }
        return delays
    }
}

@Suite struct `A datagram in bad weather` {
    @Test func `arrives with other bytes, or is no message any more`() {
        var run = toy()
        run.world.begin(.corruption(perMillion: 500_000))
        for number in 0..<1_000 as Range<UInt32> { run.world.input(.ping(b, number), to: a) }
        run.run(for: .seconds(1))
        let arrived = run.system.events(of: 1).count { event in
            guard case .datagram = event else { return false }
            return true
        }
        let corrupted = count("a datagram was corrupted", run)
        let malformed = count("what arrived was no message", run)
        #expect((700...1_100).contains(corrupted), "half of the pings and of the answers")
        #expect(malformed > 40 && malformed < corrupted)
        #expect((800..<1_000).contains(arrived), "a flip in the number is not noticed here")
    }

    @Test func `loses what is beyond the largest size that gets through`() {
        var run = toy()
        let fault = run.world.begin(.truncation(beyond: 8))
        run.world.input(.ping(b, 1), to: a)
        run.run(for: .seconds(1))
        #expect(run.system.events(of: 1).isEmpty)
        #expect(run.world.counts.malformed == 1)
        #expect(count("a datagram was truncated", run) == 1)
        run.world.end(fault)
        run.world.begin(.truncation(beyond: 9))
        run.world.input(.ping(b, 2), to: a)
        run.run(for: .seconds(1))
        #expect(run.system.events(of: 1) == [.datagram(.ping(2), from: a)])
    }

    @Test func `waits where a link is narrow`() {
        var run = toy()
        run.world.begin(.bandwidth(b, bytesPerSecond: 9, bufferBytes: 0))
        for number in 0..<5 as Range<UInt32> { run.world.input(.ping(b, number), to: a) }
        run.world.input(.ping(c, 5), to: a)
        run.run(for: .milliseconds(500))
        #expect(run.system.events(of: 1).isEmpty)
        #expect(run.system.events(of: 2).count == 1, "other links are as wide as before")
        run.run(for: .milliseconds(2_600))
        #expect(run.system.events(of: 1).count == 3, "9 bytes a second are one ping")
        run.run(for: .seconds(10))
        #expect(run.system.events(of: 1).count == 5)
    }

    @Test func `is dropped where the buffer of a narrow link is full`() {
        var run = toy()
        run.world.begin(.bandwidth(nil, bytesPerSecond: 9, bufferBytes: 27), lasting: .seconds(60))
        for number in 0..<50 as Range<UInt32> { run.world.input(.ping(b, number), to: a) }
        run.run(for: .seconds(100))
        let numbers = run.system.events(of: 1).compactMap { event -> UInt32? in
            guard case .datagram(.ping(let number), _) = event else { return nil }
            return number
        }
        #expect(numbers == [0, 1, 2, 3], "the tail is dropped")
        #expect(count("a full buffer dropped a datagram", run) == 46)
    }

    @Test func `takes as long as a distribution says`() {
        for (delay, share) in [
            (Delay.exponential(least: .zero, mean: .milliseconds(100), most: .seconds(50)), 368),
            (
                .bimodal(
                    fast: .zero...(.milliseconds(1)), slow: .seconds(1)...(.seconds(2)),
                    slowPerMillion: 100_000), 100
            ),
            (.heavyTail(least: .milliseconds(25), most: .seconds(50)), 250),
        ] {
            var run = toy()
            run.world.begin(.oddDelay(delay))
            let delays = run.delays(of: 4_000).values.flatMap { $0 }
            #expect(delays.count == 4_000)
            let slow = delays.count { $0 > .milliseconds(100) }
            #expect((share * 4 - 150...share * 4 + 150).contains(slow), "\(delay)")
        }
    }
}

@Suite struct `A slow node` {
    @Test func `handles everything so much later, in order`() {
        var run = toy()
        run.world.begin(.slowNode(b, by: .seconds(2)), lasting: .seconds(10))
        for number in 0..<3 as Range<UInt32> { run.world.input(.ping(b, number), to: a) }
        run.world.input(.arm(.tick, .seconds(1)...(.seconds(1))), to: b)
        run.world.input(.ping(c, 7), to: a)
        let begin = run.world.now
        run.run(for: .milliseconds(1_900))
        #expect(run.system.events(of: 1).isEmpty)
        #expect(!run.system.events(of: 2).isEmpty)
        run.run(for: .seconds(8))
        let told = run.system.told.filter { $0.node == b && $0.event != .timer(.tick) }
        #expect(told.allSatisfy { $0.at >= begin + .seconds(2) })
        #expect(told.count == 4)
        let tick = run.system.told.first { $0.event == .timer(.tick) }
        #expect(tick?.at == begin + .seconds(5), "2 s to arm, 1 s to fire, 2 s to handle")
        run.run(for: .seconds(1))
        run.system.told.removeAll()
        run.world.input(.ping(b, 9), to: a)
        run.run(for: .milliseconds(10))
        #expect(run.system.events(of: 1) == [.datagram(.ping(9), from: a)])
    }

    @Test func `that is stopped and goes on is slow again`() {
        var run = toy()
        run.world.begin(.slowNode(b, by: .seconds(2)))
        run.world.input(.ping(b, 1), to: a)
        run.run(for: .seconds(1))
        run.world.begin(.pause(b), lasting: .seconds(5))
        run.run(for: .seconds(6))
        #expect(run.system.events(of: 1).isEmpty)
        run.run(for: .seconds(2))
        #expect(run.system.events(of: 1) == [.datagram(.ping(1), from: a)])
    }

    @Test func `that crashes forgets what waited for it`() {
        var run = toy()
        run.world.begin(.slowNode(b, by: .seconds(2)))
        run.world.input(.ping(b, 1), to: a)
        run.run(for: .seconds(1))
        run.world.crash(b, .kill)
        run.world.start(b)
        run.run(for: .seconds(5))
        #expect(run.system.events(of: 1) == [.started([])])
    }
}

@Suite struct `A node with the former version` {
    @Test func `writes and reads as that did, from its restart to the next`() {
        var run = toy()
        let fault = run.world.begin(.formerVersion(b))
        run.run(for: .seconds(1))
        var isFormer = run.world.speaksFormerVersion(b)
        #expect(isFormer)
        run.world.input(.ping(a, 1), to: b)
        run.world.input(.ping(b, 2), to: a)
        run.run(for: .seconds(1))
        #expect(run.system.events(of: 0).contains(.datagram(.ping(1), from: b)))
        #expect(!run.system.events(of: 1).contains(.datagram(.ping(2), from: a)))
        #expect(count("a message went between two versions of the format", run) == 3)
        run.world.end(fault)
        run.run(for: .seconds(1))
        isFormer = run.world.speaksFormerVersion(b)
        #expect(!isFormer)
        run.world.input(.ping(b, 3), to: a)
        run.run(for: .seconds(1))
        #expect(run.system.events(of: 1).last == .datagram(.ping(3), from: a))
        #expect(run.world.counts.restarts == 2)
    }
}
