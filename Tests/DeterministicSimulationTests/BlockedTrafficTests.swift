import DeterministicSimulation
import StateMachine
import Testing

private let a = NodeID(0)
private let b = NodeID(1)
private let near = StreamID(1)
private let far = StreamID(2)

private func connected() -> ToyRun {
    var run = toy()
    run.world.input(.open(b), to: a)
    run.run(for: .milliseconds(10))
    return run
}

private func heard(_ run: borrowing ToyRun) -> (pings: [UInt32], blobs: [UInt32]) {
    var heard: (pings: [UInt32], blobs: [UInt32]) = ([], [])
    for event in run.system.events(of: 1) {
        switch event {
        case .datagram(.ping(let number), _): heard.pings.append(number)
        case .message(.blob(let number, _), _): heard.blobs.append(number)
        default: break
        }
    }
    return heard
}

/// For which sorts a link is cut.
private func cuts(_ run: borrowing ToyRun, _ from: NodeID, _ to: NodeID) -> [Traffic] {
    Traffic.allCases.filter { run.world.isCut(from: from, to: to, for: $0) }
}

private func block(_ traffic: Traffic, isBothWays: Bool = true) -> Fault {
    .blocked(traffic, from: [a], to: [b], isBothWays: isBothWays)
}

@Suite struct `Blocked traffic` {
    @Test(arguments: Traffic.allCases)
    func `is of one sort, and the other gets through`(_ traffic: Traffic) {
        var run = connected()
        let fault = run.world.begin(block(traffic))
        #expect(cuts(run, a, b) == [traffic])
        #expect(cuts(run, b, a) == [traffic])
        run.world.input(.ping(b, 1), to: a)
        run.world.input(.say(near, 1, size: 10), to: a)
        run.run(for: .seconds(1))
        #expect(heard(run).pings == (traffic == .streams ? [1] : []))
        #expect(heard(run).blobs == (traffic == .datagrams ? [1] : []))
        run.world.end(fault)
        #expect(cuts(run, a, b).isEmpty)
        run.world.input(.ping(b, 2), to: a)
        run.run(for: .seconds(1))
        #expect(heard(run).pings.last == 2)
        #expect(heard(run).blobs == [1], "bytes of streams wait, and are not lost")
    }

    @Test func `keeps streams from being opened`() {
        var run = toy()
        run.world.begin(block(.streams))
        run.world.input(.open(b), to: a)
        run.run(for: .seconds(5))
        #expect(run.system.events(of: 0).last == .openFailed(b, .unreachable))
        run.world.begin(block(.datagrams))
        #expect(cuts(run, a, b) == [.datagrams, .streams])
    }

    @Test func `in one direction ends streams, too, as nothing is acknowledged`() {
        var run = connected()
        run.world.begin(block(.streams, isBothWays: false))
        #expect(cuts(run, b, a).isEmpty)
        run.run(for: .seconds(9))
        #expect(run.system.events(of: 0).last == .opened(near, to: b))
        run.run(for: .seconds(12))
        #expect(run.system.events(of: 0).last == .closed(near))
        #expect(run.system.events(of: 1).last == .closed(far))
    }

    @Test func `is mended for its own sort only where another fault cuts the same link`() {
        var run = connected()
        let streams = run.world.begin(block(.streams))
        let all = run.world.begin(.pair(a, b))
        run.world.end(streams)
        #expect(cuts(run, a, b) == Traffic.allCases)
        run.world.end(all)
        #expect(cuts(run, a, b).isEmpty)
    }

    @Test func `stays around a healed majority, and not within it`() {
        var system = ToySystem()
        system.size = 3
        var run = toy(system)
        let c = NodeID(2)
        run.world.begin(.blocked(.streams, from: [a], to: [b, c], isBothWays: true))
        run.world.healAround([a, b], keepingOthers: true)
        #expect(cuts(run, a, b).isEmpty)
        #expect(cuts(run, a, c) == [.streams])
    }

    @Test func `of a silent stream is noticed, though nobody sends`() {
        var run = connected()
        run.world.begin(.pair(a, b))
        run.run(for: .seconds(21))
        #expect(run.system.events(of: 0).last == .closed(near))
        #expect(run.system.events(of: 1).last == .closed(far))
        #expect(count("a stream was given up", run) == 2)
    }
}
