import StateMachine
package import SyncNetProtocol

/// Cuts the power at every single change that a workload makes to its disk, keeps every
/// legal subset of what was not synced, starts again and looks what is there.
///
/// Of each sector that was written since the last sync, a disk may have any of its versions,
/// each sector for itself; of each file any of its sizes; of each name whether it is there.
/// Where all of that together makes no more than `subsetsMost` outcomes, all of them are
/// tried, and else so many that are drawn, with nothing kept and all kept among them.
package struct CrashPoints {
    /// How many messages are said.
    package var messages = 50
    /// What draws the workload and the samples.
    package var seed: UInt64 = 1
    /// The most outcomes of one point that are tried without exception.
    package var subsetsMost: UInt64 = 1_024
    /// How many are drawn where there are more.
    package var samples: UInt64 = 64
    /// What is planted.
    package var bugs: PlantedBugs = []

    /// Makes the usual search.
    package init() {}

    /// Tries all of them.
    package func run() -> CrashPointReport {
        SimulatedDisks.exclusively(seed: seed) { disks in
            var search = CrashPointSearch(self, disks)
            return search.run()
        }
    }
}

/// One search, point by point.
struct CrashPointSearch: ~Copyable {
    private let options: CrashPoints
    private let disks: SimulatedDisks
    private let trial: CrashTrial
    private var generator: Generator
    private var report = CrashPointReport()

    init(_ options: CrashPoints, _ disks: SimulatedDisks) {
        self.options = options
        self.disks = disks
        trial = CrashTrial(messages: options.messages, seed: options.seed, bugs: options.bugs)
        generator = Generator(seed: options.seed)
    }

    mutating func run() -> CrashPointReport {
        report.commits = trial.commits.count
        var fuse: UInt64 = 1
        while crash(at: fuse) { fuse += 1 }
        return report
    }

    /// False: the workload was over before.
    private mutating func crash(at fuse: UInt64) -> Bool {
        let disk = disks.make()
        defer { disks.remove(disk) }
        disk.fuse = fuse
        var last = DiskOperation(kind: .create, file: "", offset: 0, count: 0)
        disk.fault = { operation in
            if operation.kind != .read { last = operation }
            return .none
        }
        let answered = trial.work(on: disk)
        guard disk.isOut else { return false }
        let isExhaustive = disk.outcomes <= options.subsetsMost
        var point = CrashPointReport.Point(
            number: fuse, operation: last, tried: 0, isExhaustive: isExhaustive, failures: [])
        if isExhaustive {
            var choices = Choices.counting()
            repeat { attempt(disk, answered, &choices, &point) } while choices.advance()
        } else {
            for number in 0..<options.samples {
                var choices = Choices.drawing(number, generator.next())
                attempt(disk, answered, &choices, &point)
            }
        }
        report.add(point)
        return true
    }

    private func attempt(
        _ disk: SimulatedDisk, _ answered: Int?, _ choices: inout Choices,
        _ point: inout CrashPointReport.Point
    ) {
        point.tried += 1
        let copy = disks.make()
        defer { disks.remove(copy) }
        disk.copy(to: copy)
        copy.crash { _, bound in choices.next(bound) }
        // The commit that was cut short may be there or not.
        let least = answered ?? 0
        switch trial.judge(copy, in: least...least + 1) {
        case .whole: return
        case .refused(let error): point.failures.append("\(error) (kept: \(choices.words))")
        case .wrong(let what):
            point.failures.append("after \(least) commits \(what) (kept: \(choices.words))")
        }
    }
}
