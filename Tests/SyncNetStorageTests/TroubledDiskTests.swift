import GRDBSQLite
import StateMachine
import SyncNetProtocol
import Testing

@testable import SyncNetSimulation
@testable import SyncNetStorage

extension StorageSuite {
    /// Every trouble of a disk, at every operation that it can befall.
    @Suite struct TroubledDiskTests {
        private let trial = CrashTrial(messages: 10, seed: 8)

        /// Lets one operation of a kind go wrong, the first one, then the second one, …, and
        /// calls `body` with the number of it until it is never reached.
        private func each(
            _ kind: DiskOperation.Kind, _ fault: @escaping (DiskOperation) -> DiskFault,
            _ body: (SimulatedDisks, SimulatedDisk, Int) throws -> Void
        ) rethrows {
            try SimulatedDisks.exclusively(seed: 2) { disks in
                for number in 0..<10_000 {
                    let disk = disks.make()
                    defer { disks.remove(disk) }
                    var left = number
                    var isReached = false
                    disk.fault = { operation in
                        guard operation.kind == kind, !isReached else { return .none }
                        left -= 1
                        isReached = left < 0
                        return isReached ? fault(operation) : .none
                    }
                    try body(disks, disk, number)
                    guard isReached else { return #expect(number > 20) }
                }
            }
        }

        @Test func `what was answered survives a sync that fails, and what is found is durable`() {
            each(.sync, { _ in .drop }) { _, disk, number in
                let answered = trial.work(on: disk) ?? 0
                disk.fault = nil
                // The process ended; the kernel still shows what it dropped.
                disk.kill()
                let found = trial.judge(disk, in: answered...answered + 1)
                guard case .whole(let count) = found else {
                    Issue.record("sync \(number): \(found)")
                    return
                }
                disk.crash { _, _ in 0 }
                let after = trial.judge(disk, in: count...count + 1)
                guard case .whole = after else {
                    Issue.record("sync \(number), then without power: \(after)")
                    return
                }
            }
        }

        @Test func `after a sync that failed, the power may go at once`() {
            each(.sync, { _ in .drop }) { _, disk, number in
                let answered = trial.work(on: disk) ?? 0
                disk.fault = nil
                disk.crash { _, _ in 0 }
                let found = trial.judge(disk, in: answered...answered + 1)
                guard case .whole = found else {
                    Issue.record("sync \(number): \(found)")
                    return
                }
            }
        }

        @Test func `a full disk is told, loses nothing, and is used again when there is room`() {
            SimulatedDisks.exclusively(seed: 2) { disks in
                var refusals = 0
                for room in stride(from: 0, to: 400_000, by: 1_500) {
                    let disk = disks.make()
                    defer { disks.remove(disk) }
                    var ailment = DiskAilment()
                    ailment.room = room
                    disk.ailment = ailment
                    let answered = trial.work(on: disk)
                    if answered != trial.commits.count {
                        refusals += 1
                        disk.kill()
                        do throws(StorageError) {
                            _ = try trial.open(disk)
                        } catch {
                            #expect(error.failure == .full, "\(room): \(error)")
                        }
                    }
                    disk.ailment = nil
                    disk.crash { _, _ in 0 }
                    let least = answered ?? 0
                    let found = trial.judge(disk, in: least...least + 1)
                    guard case .whole = found else {
                        Issue.record("\(room) bytes: \(found)")
                        return
                    }
                }
                #expect(refusals > 20)
            }
        }

        @Test(arguments: [DiskFault.fail(ResultCode.readFailed), .short(by: 1), .short(by: 700)])
        func `a read that fails is never taken for the end of anything`(fault: DiskFault) throws {
            try SimulatedDisks.exclusively(seed: 2) { disks in
                let disk = disks.make()
                let count = try #require(trial.work(on: disk, closing: false))
                disk.kill()
                var refusals = 0
                for number in 0..<10_000 {
                    let copy = disks.make()
                    defer { disks.remove(copy) }
                    disk.copy(to: copy)
                    var left = number
                    copy.fault = { operation in
                        guard operation.kind == .read else { return .none }
                        left -= 1
                        return left == -1 ? fault : .none
                    }
                    switch trial.judge(copy, in: count...count) {
                    case .whole: break
                    case .refused:
                        refusals += 1
                        copy.fault = nil
                        copy.crash { _, _ in 0 }
                        let later = trial.judge(copy, in: count...count + 1)
                        if case .wrong(let what) = later { Issue.record("read \(number): \(what)") }
                        if fault == .fail(ResultCode.readFailed), case .refused(let error) = later {
                            Issue.record("read \(number), for good: \(error)")
                        }
                    case .wrong(let what): Issue.record("read \(number): \(what)")
                    }
                    if left >= 0 { break }
                }
                #expect(refusals > 10)
            }
        }

        @Test(arguments: [1, 2, 5])
        func `bytes of another page are refused, or do no harm`(distance: Int) throws {
            try SimulatedDisks.exclusively(seed: 2) { disks in
                let disk = disks.make()
                let count = try #require(trial.work(on: disk))
                disk.kill()
                for number in 0..<10_000 {
                    let copy = disks.make()
                    defer { disks.remove(copy) }
                    disk.copy(to: copy)
                    var ailment = DiskAilment()
                    ailment.readsUntilAstray = UInt64(number)
                    ailment.distance = UInt64(distance)
                    copy.ailment = ailment
                    let found = trial.judge(copy, in: count...count)
                    if case .wrong(let what) = found { Issue.record("read \(number): \(what)") }
                    if copy.ailment?.readsUntilAstray != nil { return #expect(number > 20) }
                }
            }
        }

        @Test(arguments: [0, 1, 3, 11])
        func `a write that lands elsewhere is noticed, or does no harm`(distance: Int) {
            SimulatedDisks.exclusively(seed: 2) { disks in
                for number in 0..<10_000 {
                    let disk = disks.make()
                    defer { disks.remove(disk) }
                    var ailment = DiskAilment()
                    ailment.writesUntilAstray = UInt64(number)
                    ailment.distance = UInt64(distance)
                    disk.ailment = ailment
                    let answered = trial.work(on: disk, closing: number % 2 == 0) ?? 0
                    disk.kill()
                    let found = trial.judge(disk, in: answered...answered + 1)
                    if case .wrong(let what) = found { Issue.record("write \(number): \(what)") }
                    if disk.ailment?.writesUntilAstray != nil { return #expect(number > 40) }
                }
            }
        }

        @Test func `a disk that lied is refused, or holds whole commits of an earlier time`() {
            SimulatedDisks.exclusively(seed: 2) { disks in
                for number in 0..<60 {
                    for keeping in Keeping.allCases {
                        let disk = disks.make()
                        defer { disks.remove(disk) }
                        var left = number
                        disk.fault = { operation in
                            guard operation.kind == .sync else { return .none }
                            left -= 1
                            return left < 0 ? .lie : .none
                        }
                        let answered = trial.work(on: disk) ?? 0
                        disk.fault = nil
                        disk.crash(keeping.chooser(seed: UInt64(number)))
                        let found = trial.judge(disk, in: 0...answered)
                        if case .wrong(let what) = found {
                            Issue.record("from sync \(number) on, \(keeping): \(what)")
                        }
                    }
                }
            }
        }
    }
}
