import DeterministicSimulation
import StateMachine
import Testing

private func nodes(_ ranks: ClosedRange<UInt32>) -> [NodeID] { ranks.map { NodeID($0) } }

/// Who hears whom of a number of nodes, as rows of 0 and 1.
private func map(_ run: borrowing ToyRun, _ count: UInt32) -> [String] {
    (0..<count).map { from in
        (0..<count).map { run.world.isCut(from: NodeID(from), to: NodeID($0)) ? "0" : "1" }
            .joined()
    }
}

private func partitioned(_ fault: Fault, size: UInt32 = 5) -> [String] {
    var system = ToySystem()
    system.size = size
    var run = toy(system)
    let id = run.world.begin(fault)
    let found = map(run, size)
    run.world.end(id)
    #expect(map(run, size).allSatisfy { !$0.contains("0") }, "heals")
    return found
}

@Suite struct `A partition` {
    @Test func `isolates one`() {
        #expect(
            partitioned(.isolate(NodeID(0)))
                == ["10000", "01111", "01111", "01111", "01111"])
    }

    @Test func `splits into parts`() {
        #expect(
            partitioned(.split([nodes(0...1), nodes(2...3), nodes(4...4)]))
                == ["11000", "11000", "00110", "00110", "00001"])
    }

    @Test func `works in one direction`() {
        #expect(
            partitioned(.oneWay(from: [NodeID(0)], to: nodes(1...4)))
                == ["10000", "11111", "11111", "11111", "11111"])
    }

    @Test func `leaves a bridge`() {
        #expect(
            partitioned(.bridge(NodeID(2), nodes(0...1), nodes(3...4)))
                == ["11100", "11100", "11111", "00111", "00111"])
    }

    @Test func `gives each node of a ring a majority of its own`() {
        for size in 3...9 as ClosedRange<UInt32> {
            let found = partitioned(.majoritiesRing(nodes(0...size - 1)), size: size)
            for row in found {
                #expect(row.filter { $0 == "1" }.count > Int(size) / 2)
            }
            #expect(Set(found).count == Int(size), "no two see the same one")
        }
        #expect(partitioned(.majoritiesRing(nodes(0...2)), size: 3) == ["110", "111", "011"])
        #expect(
            partitioned(.majoritiesRing(nodes(0...4)))
                == ["11001", "11100", "01110", "00111", "10011"])
    }

    @Test func `of two kinds heals one after the other`() {
        var run = toy()
        let first = run.world.begin(.pair(NodeID(0), NodeID(1)))
        let second = run.world.begin(.isolate(NodeID(0)))
        run.world.end(first)
        #expect(map(run, 3) == ["100", "011", "011"])
        run.world.end(second)
        #expect(map(run, 3) == ["111", "111", "111"])
    }

    @Test func `flaps`() {
        var run = toy()
        run.world.begin(
            .flapping(NodeID(0), [NodeID(1)], period: .seconds(2)), lasting: .seconds(10))
        var seen: [Bool] = []
        for _ in 0..<6 {
            seen.append(run.world.isCut(from: NodeID(0), to: NodeID(1)))
            run.run(for: .seconds(1))
        }
        #expect(seen == [true, false, true, false, true, false])
        run.run(for: .seconds(10))
        #expect(map(run, 2) == ["11", "11"])
    }

    @Test func `swizzles: all are cut off, one after the other, and let in again`() {
        var run = toy()
        run.world.begin(.swizzle(nodes(0...2)))
        #expect(map(run, 3) == ["100", "011", "011"])
        let isReached = run.run(within: .seconds(10)) { map($0, 3) == ["100", "010", "001"] }
        #expect(isReached)
        run.run(for: .seconds(10))
        #expect(map(run, 3) == ["111", "111", "111"])
    }

    @Test func `in act two leaves the chosen nodes whole, and the others outside`() {
        var system = ToySystem()
        system.size = 5
        var run = toy(system)
        run.world.begin(.crash(NodeID(0), nil))
        run.world.begin(.crash(NodeID(4), nil))
        run.world.begin(.split([nodes(0...1), nodes(2...4)]))
        run.world.healAround(nodes(0...2))
        run.run(for: .seconds(1))
        #expect(map(run, 5) == ["11100", "11100", "11100", "00011", "00011"])
        #expect(run.machine(of: NodeID(0)) != nil)
        #expect(run.machine(of: NodeID(4)) == nil)
    }

    @Test func `ends with all others when everything is healed`() {
        var run = toy()
        run.world.begin(.isolate(NodeID(0)))
        run.world.begin(.pause(NodeID(1)))
        run.world.begin(.crash(NodeID(2), .kill))
        run.world.begin(.loss(perMillion: 1_000_000))
        run.world.healAll()
        run.world.input(.ping(NodeID(2), 1), to: NodeID(0), after: .milliseconds(10))
        run.run(for: .seconds(1))
        #expect(run.system.events(of: 0).last == .datagram(.pong(1), from: NodeID(2)))
    }
}
