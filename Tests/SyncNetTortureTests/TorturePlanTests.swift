import StateMachine
import Testing

@testable import SyncNetTorture

@Suite struct `The plan of a torture` {
    private func plan(
        _ seed: UInt64, servers: Int = 5, kinds: [TormentKind] = all, rounds: Int = 200
    ) -> TorturePlan {
        TorturePlan(seed: seed, servers: servers, kinds: kinds, rounds: rounds)
    }

    private static let all = TormentKind.allCases.filter { $0 != .rolledBack }

    @Test func `is the same for the same seed, and another for another one`() {
        #expect(plan(7) == plan(7))
        #expect(plan(7) != plan(8))
    }

    @Test func `begins alike, however long it is`() {
        #expect(Array(plan(7).rounds.prefix(20)) == plan(7, rounds: 20).rounds)
    }

    @Test(arguments: 3...9) func `makes every kind, on any number of servers`(servers: Int) {
        let made = Set(plan(1, servers: servers).rounds.flatMap(\.steps).map(\.torment.kind))
        #expect(made == Set(Self.all))
    }

    @Test func `makes only what is asked for`() {
        let kinds: [TormentKind] = [.freeze, .halves]
        let made = plan(1, kinds: kinds).rounds.flatMap(\.steps).map(\.torment.kind)
        #expect(Set(made) == Set(kinds))
    }

    @Test(arguments: 3...9) func `takes the disks of a minority only`(servers: Int) {
        for round in plan(2, servers: servers, kinds: [.wipe, .removal, .fullDisk, .kill]).rounds {
            let ofDisks: [TormentKind] = [.wipe, .removal, .fullDisk]
            let disks = round.steps.count { ofDisks.contains($0.torment.kind) }
            #expect(disks <= (servers - 1) / 2)
        }
    }

    @Test func `does one thing at a time to a process`() {
        let kinds: [TormentKind] = [
            .kill, .restart, .wipe, .removal, .freeze, .blackout, .fullDisk,
        ]
        for round in plan(3, kinds: kinds).rounds {
            let victims = round.steps.flatMap(\.torment.actions).compactMap(\.victim)
            #expect(victims.count == Set(victims).count, "\(round)")
        }
    }

    @Test func `lets servers go one by one, and come back in another order`() {
        let rounds = plan(6, kinds: [.swizzle]).rounds.filter { $0.steps.count > 4 }
        for round in rounds { #expect(round.steps.map(\.at) == round.steps.map(\.at).sorted()) }
        #expect(rounds.contains { $0.steps.map(\.end) != $0.steps.map(\.end).sorted() })
    }

    @Test func `ends every round`() {
        for round in plan(4).rounds {
            #expect(round.length <= 10_000)
            #expect(round.steps.allSatisfy { $0.end <= round.length })
        }
    }
}

extension Torment.Action {
    /// Whose process or disk suffers.
    fileprivate var victim: Int? {
        switch self {
        case .kill(let server), .restart(let server), .wipe(let server), .remove(let server),
            .freeze(let server), .fill(let server):
            server
        default: nil
        }
    }
}

@Suite struct `A cut` {
    /// Who reaches whom after it, for many draws.
    private func reach(
        _ kind: TormentKind, servers: Int, _ body: (Set<Link>, (Int) -> Set<Int>) -> Void
    ) {
        var dice = Generator(seed: 5)
        for _ in 0..<50 {
            let torment = Torment.drawn(kind, 1, among: servers, &dice)
            var open = Set(Link.all(among: servers))
            for case .weather(let weather, let links) in torment.actions where weather.isCut {
                open.subtract(links)
            }
            #expect(open.count < servers * (servers - 1), "something is cut")
            body(open) { server in
                Set((0..<servers).filter { open.contains(Link(from: server, to: $0)) })
            }
        }
    }

    @Test(arguments: 3...9) func `isolates one server, and no other`(servers: Int) {
        reach(.isolation, servers: servers) { _, reached in
            #expect(reached(1) == [])
            #expect(reached(0) == Set(2..<servers))
        }
    }

    @Test(arguments: 3...9) func `in halves leaves two groups`(servers: Int) {
        reach(.halves, servers: servers) { _, reached in
            let groups = Set((0..<servers).map { reached($0).union([$0]) })
            #expect(groups.count == 2)
            #expect(groups.map(\.count).max() == servers - servers / 2)
        }
    }

    @Test(arguments: 3...9) func `one way leaves the other way open`(servers: Int) {
        reach(.oneWay, servers: servers) { open, _ in
            let cut = Set(Link.all(among: servers)).subtracting(open)
            #expect(cut.count == servers - 1)
            #expect(cut.allSatisfy { open.contains(Link(from: $0.to, to: $0.from)) })
        }
    }

    @Test(arguments: 3...9) func `with a bridge leaves one that reaches all`(servers: Int) {
        reach(.bridge, servers: servers) { _, reached in
            let bridges = (0..<servers).filter { reached($0).count == servers - 1 }
            #expect(bridges.count == 1)
        }
    }

    @Test(arguments: 4...9) func `in a ring lets each see a majority, and none see all`(
        servers: Int
    ) {
        reach(.ring, servers: servers) { _, reached in
            for server in 0..<servers {
                #expect((servers / 2 + 1..<servers).contains(reached(server).count + 1))
            }
        }
    }
}
