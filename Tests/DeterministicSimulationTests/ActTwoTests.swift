import DeterministicSimulation
import StateMachine
import Testing

private func nodes(_ ranks: ClosedRange<UInt32>) -> [NodeID] { ranks.map { NodeID($0) } }

private func world(of size: UInt32 = 5) -> ToyRun {
    var system = ToySystem()
    system.size = size
    return toy(system)
}

/// Who hears whom, as rows of 0 and 1.
private func map(_ run: borrowing ToyRun, _ count: UInt32 = 5) -> [String] {
    (0..<count).map { from in
        (0..<count).map { run.world.isCut(from: NodeID(from), to: NodeID($0)) ? "0" : "1" }
            .joined()
    }
}

/// Nodes 0 to 2 are healed, 3 and 4 are not.
@Suite struct `The second act` {
    @Test func `keeps every cut that touches an outsider, in its direction, for ever`() {
        var run = world()
        run.world.begin(.oneWay(from: nodes(0...0), to: nodes(1...4)), lasting: .seconds(1))
        run.world.begin(.pair(NodeID(1), NodeID(4)), lasting: .seconds(1))
        run.world.begin(.pair(NodeID(3), NodeID(4)), lasting: .seconds(1))
        run.world.begin(.pair(NodeID(1), NodeID(2)), lasting: .seconds(1))
        run.world.healAround(nodes(0...2), keepingOthers: true)
        run.run(for: .seconds(60))
        #expect(map(run) == ["11100", "11110", "11111", "11110", "10101"])
    }

    @Test func `stops what flaps and swizzles where it is`() {
        var run = world()
        run.world.begin(.flapping(NodeID(3), nodes(0...2), period: .seconds(2)))
        run.world.begin(.swizzle(nodes(0...4)))
        run.world.healAround(nodes(0...2), keepingOthers: true)
        let cuts = map(run)
        #expect(cuts.prefix(3).allSatisfy { $0.hasPrefix("111") })
        #expect(cuts[3] == "00011", "the first to be swizzled was node 0")
        run.run(for: .seconds(60))
        #expect(map(run) == cuts)
    }

    @Test func `heals crashed, stopped, slow and crooked insiders, and no outsiders`() {
        var run = world(of: 10)
        for (inside, outside) in [(0, 5), (1, 6), (2, 7), (3, 8), (4, 9)] as [(UInt32, UInt32)] {
            for node in [NodeID(inside), NodeID(outside)] {
                let fault: Fault =
                    switch inside {
                    case 0: .crash(node, nil)
                    case 1: .pause(node)
                    case 2: .slowNode(node, by: .seconds(5))
                    case 3: .clockRate(node, perMillion: 1_500_000)
                    default: .disk(node, .full)
                    }
                run.world.begin(fault, lasting: .seconds(1))
            }
        }
        run.world.healAround(nodes(0...4), keepingOthers: true)
        run.run(for: .seconds(10))
        run.system.told.removeAll()
        for rank in 0..<10 as Range<UInt32> { run.world.input(.keep([1]), to: NodeID(rank)) }
        run.run(for: .seconds(1))
        let done = (0..<10 as Range<UInt32>).filter {
            run.system.events(of: $0).contains(.written(Ticket(1)))
        }
        #expect(done == [0, 1, 2, 3, 4, 8])
        #expect(run.system.events(of: 9).last == .journalFailed(.full))
        let rates = [3, 8].compactMap { run.world.clock(of: NodeID($0))?.rate }
        #expect(rates == [1_000_000, 1_500_000])
    }

    @Test func `leaves clocks of insiders where they are, at the true rate`() {
        var options = SimulationOptions()
        options.clockRate = 900_000...950_000
        var run = toy(options: options)
        run.world.begin(.wallStep(NodeID(0), byMicroseconds: 60_000_000), lasting: .seconds(5))
        run.world.begin(.wallStep(NodeID(2), byMicroseconds: 60_000_000), lasting: .seconds(5))
        run.run(for: .seconds(1))
        let before = run.world.clock(of: NodeID(0))?.reading(at: run.world.now)
        run.world.healAround(nodes(0...1), keepingOthers: true)
        let after = run.world.clock(of: NodeID(0))?.reading(at: run.world.now)
        #expect(before == after)
        run.run(for: .seconds(20))
        let walls = (0..<3 as Range<UInt32>).compactMap {
            run.world.clock(of: NodeID($0))?.wall(at: run.world.now).microseconds
        }
        #expect(walls[0] - walls[1] > 59_000_000 && walls[2] - walls[1] > 55_000_000)
        let rates = (0..<3 as Range<UInt32>).compactMap { run.world.clock(of: NodeID($0))?.rate }
        #expect(rates[0] == 1_000_000 && rates[1] == 1_000_000 && rates[2] <= 950_000)
    }

    @Test func `keeps bad weather, but not over links among insiders`() {
        for weather in [
            Fault.loss(perMillion: 1_000_000), .truncation(beyond: 1), .delay(.seconds(900)),
            .bandwidth(nil, bytesPerSecond: 1, bufferBytes: 1),
        ] {
            var run = world()
            run.world.begin(weather, lasting: .seconds(1))
            run.world.healAround(nodes(0...2), keepingOthers: true)
            for _ in 0..<3 {
                run.world.input(.ping(NodeID(1), 1), to: NodeID(0))
                run.world.input(.ping(NodeID(4), 2), to: NodeID(0))
                run.world.input(.ping(NodeID(0), 3), to: NodeID(4))
            }
            run.run(for: .seconds(5))
            let inside = run.system.events(of: 1)
            #expect(inside == Array(repeating: .datagram(.ping(1), from: NodeID(0)), count: 3))
            #expect(!run.system.events(of: 4).contains(.datagram(.ping(2), from: NodeID(0))))
            #expect(!run.system.events(of: 0).contains(.datagram(.ping(3), from: NodeID(4))))
        }
    }

    @Test func `can be followed by the healing of all`() {
        var run = world()
        run.world.begin(.loss(perMillion: 1_000_000))
        run.world.begin(.isolate(NodeID(4)))
        run.world.begin(.crash(NodeID(3), nil))
        run.world.healAround(nodes(0...2), keepingOthers: true)
        run.world.healAll()
        run.run(for: .seconds(1))
        #expect(map(run).allSatisfy { $0 == "11111" })
        run.world.input(.ping(NodeID(3), 1), to: NodeID(4))
        run.run(for: .seconds(1))
        #expect(run.system.events(of: 4).last == .datagram(.pong(1), from: NodeID(3)))
    }
}
