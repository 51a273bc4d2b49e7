import DeterministicSimulation
import StateMachine
import Testing

private let a = NodeID(0)

/// A run in which the first node has kept 1 to 8, each in a commit of its own.
private func filled(
    _ system: ToySystem = ToySystem(), decisions: consuming Decisions = .seeded(1)
) -> ToyRun {
    var run = toy(system, decisions: decisions)
    for value in 1...8 as ClosedRange<UInt64> {
        run.world.input(.keep([value]), to: a)
        run.run(for: .milliseconds(100))
    }
    run.system.told.removeAll()
    return run
}

extension ToyRun {
    fileprivate mutating func ask(_ input: Toy.Input) -> Event<Toy>? {
        world.input(input, to: a)
        run(for: .seconds(1))
        return system.events(of: 0).last
    }

    /// What a node finds that loses its power and starts again.
    fileprivate mutating func rebooted() -> Event<Toy>? {
        world.crash(a, .powerLoss)
        world.start(a)
        run(for: .seconds(1))
        return system.events(of: 0).last
    }
}

private func spoilt(_ run: borrowing ToyRun) -> [NodeID] {
    var found: [NodeID] = []
    for node in run.world.members where run.world.isSpoilt(node) { found.append(node) }
    return found
}

private let all = Event<Toy>.started([1, 2, 3, 4, 5, 6, 7, 8])

@Suite struct `A disk in trouble` {
    @Test func `fails a sync, and a loss of power takes what it did not sync`() {
        var run = filled()
        run.world.begin(.disk(a, .failedSync), lasting: .seconds(2))
        #expect(run.ask(.keep([9])) == .journalFailed(.broken))
        run.run(for: .seconds(2))
        #expect(run.ask(.read) == .fetched([1, 2, 3, 4, 5, 6, 7, 8, 9], Ticket(10)))
        #expect(run.ask(.keep([10])) == .written(Ticket(11)), "syncing again proves nothing")
        #expect(run.rebooted() == all)
        #expect(spoilt(run) == [], "it said so")
    }

    @Test func `lies about a sync, which a kill does not show and a loss of power does`() {
        for kind in CrashKind.allCases {
            var run = filled()
            run.world.begin(.disk(a, .lyingSync), lasting: .seconds(2))
            #expect(run.ask(.keep([9])) == .written(Ticket(9)))
            run.world.crash(a, kind)
            run.world.start(a)
            run.run(for: .seconds(1))
            let found = run.system.events(of: 0).last
            #expect(found == (kind == .kill ? .started(Array(1...9)) : all))
            #expect(spoilt(run) == [a])
        }
    }

    @Test func `has no space left until it has`() {
        var run = filled()
        run.world.begin(.disk(a, .full), lasting: .seconds(2))
        #expect(run.ask(.keep([9])) == .journalFailed(.full))
        run.run(for: .seconds(2))
        #expect(run.ask(.keep([10])) == .written(Ticket(10)))
        #expect(run.rebooted() == .started([1, 2, 3, 4, 5, 6, 7, 8, 10]))
    }

    @Test func `can't be read, and a node that starts then comes up when that is over`() {
        var run = filled()
        run.world.begin(.disk(a, .readError), lasting: .seconds(5))
        #expect(run.ask(.read) == .journalFailed(.broken))
        run.world.crash(a, .kill)
        run.world.start(a)
        run.run(for: .seconds(2))
        #expect(run.machine(of: a) == nil)
        #expect(run.system.changes.last?.0 == .startFailed(.broken))
        run.run(for: .seconds(5))
        #expect(run.system.events(of: 0).last == all)
    }

    @Test func `reads less than there is`() {
        var run = filled()
        run.world.begin(.disk(a, .shortRead), lasting: .seconds(2))
        guard case .fetched(let found, _) = run.ask(.read) else {
            Issue.record("no answer")
            return
        }
        #expect(found == Array((1...8).prefix(min(found.count, 7))))
        run.run(for: .seconds(2))
        #expect(run.ask(.read) == .fetched([1, 2, 3, 4, 5, 6, 7, 8], Ticket(10)))
    }

    @Test func `has a flipped bit for good, which checksums find`() {
        var run = filled()
        run.world.begin(.disk(a, .bitFlip), lasting: .milliseconds(1))
        #expect(run.ask(.read) == .journalFailed(.broken))
        run.world.crash(a, .powerLoss)
        run.world.start(a)
        run.run(for: .seconds(1))
        #expect(run.system.changes.last?.0 == .startFailed(.broken))
    }

    @Test func `has a flipped bit that nobody finds where there are no checksums`() {
        var system = ToySystem()
        system.damage = { write, bits in write ^ (1 << (8 + bits % 8)) }
        var run = filled(system)
        run.world.begin(.disk(a, .bitFlip), lasting: .milliseconds(1))
        guard case .fetched(let found, _) = run.ask(.read) else {
            Issue.record("no answer")
            return
        }
        #expect(found.filter { $0 > 255 }.count == 1)
        #expect(found.map { $0 & 255 } == Array(1...8))
    }

    @Test func `reads from another place while that lasts`() {
        var system = ToySystem()
        var checked = filled(system)
        checked.world.begin(.disk(a, .misdirectedRead), lasting: .seconds(2))
        #expect(checked.ask(.read) == .journalFailed(.broken))
        checked.run(for: .seconds(2))
        #expect(checked.ask(.read) == .fetched([1, 2, 3, 4, 5, 6, 7, 8], Ticket(10)))
        system.damage = { write, _ in write }
        var run = filled(system)
        run.world.begin(.disk(a, .misdirectedRead))
        guard case .fetched(let found, _) = run.ask(.read) else {
            Issue.record("no answer")
            return
        }
        let wrong = (0..<8).filter { found[$0] != UInt64($0 + 1) }
        #expect(wrong.count == 1 && (1...8).contains(found[wrong[0]]))
    }

    @Test func `writes to another place, and what was there is lost`() {
        var system = ToySystem()
        var checked = filled(system)
        checked.world.begin(.disk(a, .misdirectedWrite), lasting: .seconds(2))
        #expect(checked.ask(.keep([9])) == .written(Ticket(9)))
        #expect(checked.ask(.read) == .journalFailed(.broken))
        system.damage = { write, _ in write + 100 }
        var run = filled(system)
        run.world.begin(.disk(a, .misdirectedWrite), lasting: .milliseconds(500))
        _ = run.ask(.keep([9]))
        guard case .started(let found)? = run.rebooted() else {
            Issue.record("no start")
            return
        }
        #expect(found.count == 9)
        #expect(found.filter { $0 == 109 }.count == 2, "at the wrong place, and its own")
    }

    @Test func `stalls: nothing finishes until it goes on`() {
        var run = filled()
        run.world.begin(.disk(a, .stall), lasting: .seconds(10))
        run.world.input(.keep([9]), to: a)
        run.world.input(.read, to: a)
        run.run(for: .seconds(9))
        #expect(!run.system.events(of: 0).contains(.written(Ticket(9))))
        run.run(for: .seconds(2))
        let answers = run.system.events(of: 0).suffix(2)
        #expect(
            Array(answers)
                == [.written(Ticket(9)), .fetched([1, 2, 3, 4, 5, 6, 7, 8, 9], Ticket(10))])
        #expect(count("an operation waited for a stalled disk", run) == 1)
    }

    @Test func `that stalls lets nobody start`() {
        var run = filled()
        run.world.begin(.disk(a, .stall), lasting: .seconds(10))
        run.world.input(.keep([9]), to: a)
        run.run(for: .seconds(1))
        run.world.crash(a, .powerLoss)
        run.world.start(a)
        run.run(for: .seconds(8))
        #expect(run.machine(of: a) == nil)
        run.run(for: .seconds(2))
        let found = run.system.events(of: 0).last
        #expect(found == all || found == .started(Array(1...9)), "the interrupted commit")
        #expect(count("a start waited for a stalled disk", run) == 1)
    }

    @Test func `that is wiped is empty at the next start`() {
        var run = filled()
        run.world.begin(.wipe(a), lasting: .seconds(2))
        let isUp = run.world.isUp(a)
        #expect(!isUp)
        run.run(for: .seconds(3))
        #expect(run.system.events(of: 0).last == .started([]))
        #expect(spoilt(run) == [a])
        run.world.declareWhole(a)
        #expect(spoilt(run) == [])
    }

    @Test func `stays spoilt while the trouble lasts, whatever is declared`() {
        var run = filled()
        let lie = run.world.begin(.disk(a, .lyingSync))
        run.world.declareWhole(a)
        #expect(spoilt(run) == [a])
        run.world.end(lie)
        #expect(spoilt(run) == [a], "nobody knows yet what was lost")
        run.world.declareWhole(a)
        #expect(spoilt(run) == [])
    }

    @Test func `is one of a minority, as long as nobody declares it whole`() {
        for seed in 0..<10 as Range<UInt64> {
            var system = ToySystem()
            system.size = 5
            let kinds: [FaultKind] = [.lyingSync, .bitFlip, .misdirectedWrite, .wipe]
            system.profile = FaultProfile(
                kinds.map { FaultChoice($0, lasting: .milliseconds(1)...(.seconds(1))) },
                pause: .zero...(.milliseconds(500)), atOnce: 100)
            var run = toy(system, decisions: .seeded(seed))
            run.run(for: .seconds(60))
            #expect(spoilt(run).count == 2, "seed \(seed)")
        }
    }
}
