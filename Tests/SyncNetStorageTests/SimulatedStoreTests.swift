import StateMachine
import SyncNetProtocol
import Testing

@testable import SyncNetSimulation
@testable import SyncNetStorage

/// How a workload went until the power went off.
struct Acknowledged {
    var log: [Entry] = []
    var ballot = Ballot(round: .zero, vote: nil)
    var boot = Boot(0)
    var applied = LogIndex.zero
    var isOver = false
}

/// What a small server does, commit by commit.
enum Workload {
    static let steps: [[JournalWrite]] = [
        [.form(Sample.formation), .ballot(Ballot(round: Epoch(1), vote: NodeID(0)))],
        [.append(Sample.chats(1...2)), .ceiling(Stamp(1_000))],
        [.append(Sample.chats(3...3))],
        [.append(Sample.chats(4...6)), .apply(Sample.delta(1...3))],
        [.ballot(Ballot(round: Epoch(2), vote: nil))],
        [.cut(from: LogIndex(5))],
        [.append(Sample.chats(5...5, epoch: 2))],
        [.cut(from: LogIndex(4)), .append(Sample.chats(4...5, epoch: 3))],
        [.ballot(Ballot(round: Epoch(3), vote: NodeID(2)))],
        [.append(Sample.chats(6...9, epoch: 3))],
    ]

    /// The logs after no step, one step, two steps, …
    static func log(after count: Int) -> [Entry] {
        var log: [Entry] = []
        for write in steps.prefix(count).joined() {
            switch write {
            case .append(let entries): log += entries
            case .cut(let index): log.removeLast(log.count - Int(index.number) + 1)
            default: break
            }
        }
        return log
    }

    static func ballot(after count: Int) -> Ballot {
        var result = Ballot(round: .zero, vote: nil)
        for write in steps.prefix(count).joined() {
            if case .ballot(let ballot) = write { result = ballot }
        }
        return result
    }

    /// Runs all steps; answers how many were acknowledged and whether the start was.
    static func run(
        on disk: SimulatedDisk, options: StorageOptions
    ) -> (started: Boot?, steps: Int) {
        guard
            let (store, found) = try? ServerStore.open(
                directory: disk.directory, freshDisk: DiskID(1), options: options)
        else { return (nil, 0) }
        for (number, step) in steps.enumerated() {
            do { try store.commit(step) } catch { return (found.boot, number) }
        }
        store.close()
        return (found.boot, steps.count)
    }
}

/// What a crash keeps.
enum Keeping: CaseIterable {
    case nothing, all, some, more

    func chooser(seed: UInt64) -> (StaticString, UInt64) -> UInt64 {
        let seeds = Seeds(seed)
        return { name, bound in
            switch self {
            case .nothing: 0
            case .all: "\(name)".hasPrefix("crash keeps of a file") ? 1 : bound - 1
            case .some: seeds.below(bound)
            case .more: "\(name)".hasPrefix("crash keeps of a file") ? 2 : seeds.below(bound)
            }
        }
    }
}

final class Seeds {
    private var generator: Generator
    init(_ seed: UInt64) { generator = Generator(seed: seed) }
    func below(_ bound: UInt64) -> UInt64 { generator.below(bound) }
}

extension StorageSuite {
    @Suite struct SimulatedStoreTests {
        /// Cuts the power at one operation of the workload and looks what is left; nil where
        /// all that was acknowledged is there.
        private func violation(
            in disks: SimulatedDisks, fuse: UInt64, keeping: Keeping, options: StorageOptions
        ) -> (String?, isOver: Bool) {
            let disk = disks.make()
            disk.fuse = fuse
            let (started, steps) = Workload.run(on: disk, options: options)
            let isOver = !disk.isOut
            disk.crash(keeping.chooser(seed: fuse))
            do {
                let (store, found) = try ServerStore.open(
                    directory: disk.directory, freshDisk: DiskID(2), options: options)
                defer { store.close() }
                return (judge(found, started: started, steps: steps, isOver: isOver), isOver)
            } catch {
                return ("\(error)", isOver)
            }
        }

        private func judge(
            _ found: Recovered, started: Boot?, steps: Int, isOver: Bool
        ) -> String? {
            if let started, found.boot <= started { return "boot \(found.boot.number) again" }
            if started != nil, found.disk != DiskID(1) { return "another disk" }
            // The step that was cut short may have happened or not.
            for count in steps...min(steps + (isOver ? 0 : 1), Workload.steps.count) {
                let log = Workload.log(after: count)
                let isLogThere =
                    found.tail == log.filter { $0.index > found.applied }
                    && found.last.number == UInt64(log.count)
                if isLogThere, found.ballot == Workload.ballot(after: count) { return nil }
            }
            return "after \(steps) steps: \(found.last.number) entries, \(found.ballot)"
        }

        private func violations(
            of options: StorageOptions, keeping: Keeping
        ) -> (found: [String], crashes: UInt64) {
            SimulatedDisks.exclusively(seed: 1) { disks in
                var found: [String] = []
                var fuse: UInt64 = 1
                while true {
                    let (violation, isOver) = violation(
                        in: disks, fuse: fuse, keeping: keeping, options: options)
                    if let violation { found.append("power cut at \(fuse): \(violation)") }
                    if isOver { return (found, fuse) }
                    fuse += 1
                }
            }
        }

        @Test(arguments: Keeping.allCases, [false, true])
        func `whenever the power is cut, what was acknowledged is there`(
            keeping: Keeping, isExclusive: Bool
        ) {
            var options = StorageOptions.simulated
            options.isExclusive = isExclusive
            // Once with evidence that is nearly always durable, once with checkpoints all the
            // time.
            for (interval, pages) in [(1, 128), (256, 4)] {
                options.evidenceInterval = interval
                options.checkpointPages = pages
                let (found, crashes) = violations(of: options, keeping: keeping)
                #expect(found == [])
                #expect(crashes > 60)
            }
        }

        @Test(arguments: [Keeping.nothing, .some])
        func `bug S1 is found by the same test`(keeping: Keeping) {
            var options = StorageOptions.simulated
            options.bugs = .s1SynchronousOff
            #expect(!violations(of: options, keeping: keeping).found.isEmpty)
        }

        @Test func `two runs ask the disk for the same, in the same order`() {
            func run(_ seed: UInt64) -> (UInt64, DiskCounters) {
                SimulatedDisks.exclusively(seed: seed) { disks in
                    let disk = disks.make()
                    _ = Workload.run(on: disk, options: .simulated)
                    disk.crash { _, _ in 0 }
                    _ = Workload.run(on: disk, options: .simulated)
                    return (disk.traceHash, disk.counters)
                }
            }
            let first = run(7)
            #expect(first.0 == run(7).0)
            #expect(first.1 == run(7).1)
            #expect(first.1.syncs > 10)
        }
    }
}
