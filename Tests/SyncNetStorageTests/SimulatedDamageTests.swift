import GRDB
import GRDBSQLite
import StateMachine
import SyncNetProtocol
import Testing

@testable import SyncNetSimulation
@testable import SyncNetStorage

extension StorageSuite {
    /// Damage on the simulated disk, where every place can be tried.
    @Suite struct SimulatedDamageTests {
        /// A server that was killed after the whole workload, with its write-ahead log.
        private func killed(on disks: SimulatedDisks) throws -> SimulatedDisk {
            let disk = disks.make()
            var options = StorageOptions.simulated
            // Nothing of it has been copied into the database.
            options.checkpointPages = 128
            let (store, _) = try ServerStore.open(
                directory: disk.directory, freshDisk: DiskID(1), options: options)
            for step in Workload.steps { try store.commit(step) }
            disk.crash(Keeping.all.chooser(seed: 0))
            return disk
        }

        /// What is wrong with what a start and all reads find; nil for nothing, and for
        /// damage that was noticed.
        private func silentLoss(on disk: SimulatedDisk, noticed: inout Int) -> String? {
            guard
                let (store, found) = try? ServerStore.open(
                    directory: disk.directory, freshDisk: DiskID(2), options: .simulated)
            else {
                noticed += 1
                return nil
            }
            defer { store.close() }
            if found.disk != DiskID(1) { return "another disk" }
            let log = Workload.log(after: Workload.steps.count)
            let everything = JournalQuery.entries(from: LogIndex(1), count: 99, bytes: .max)
            guard let entries = try? store.answer(everything) else { return nil }

            if entries != .entries(log) { return "another log" }
            if found.ballot != Workload.ballot(after: Workload.steps.count) { return "ballot" }
            if found.sessions != Sample.delta(1...3).sessions { return "sessions" }
            if found.rooms.map(\.members) != [["anna"]] { return "members" }
            if found.formation != Sample.formation { return "formation" }
            let page = JournalQuery.after(.zero, room: "r", limit: 99)
            guard let messages = try? store.answer(page) else { return nil }
            guard case .messages(let texts, _) = messages, texts.map(\.index.number) == [1, 2, 3]
            else { return "messages" }
            return nil
        }

        @Test(arguments: ["syncnet.db", "syncnet.db-wal", "evidence"], [false, true])
        func `a flipped bit is noticed or does no harm`(file: String, isClosed: Bool) throws {
            try SimulatedDisks.exclusively(seed: 3) { disks in
                var choice = Generator(seed: 4)
                var noticed = 0
                for _ in 0..<400 {
                    let disk = try killed(on: disks)
                    if isClosed {
                        let (store, _) = try ServerStore.open(
                            directory: disk.directory, freshDisk: DiskID(2), options: .simulated)
                        store.close()
                    }
                    guard let size = disk.size(of: file), size > 0 else { continue }
                    let bit = Int(choice.below(UInt64(size * 8)))
                    disk.flip(bit: bit, of: file)
                    let loss = silentLoss(on: disk, noticed: &noticed)
                    #expect(loss == nil, "bit \(bit) of \(file)")
                    disks.remove(disk)
                }
                // The other half of the evidence stands; the rest is noticed.
                if file == "evidence" { #expect(noticed == 0) }
                if file == "syncnet.db-wal", !isClosed { #expect(noticed > 100) }
                if file == "syncnet.db", isClosed { #expect(noticed > 0) }
            }
        }

        @Test func `a write-ahead log that lost any of its sectors is noticed`() throws {
            try SimulatedDisks.exclusively(seed: 3) { disks in
                let size = try killed(on: disks).size(of: "syncnet.db-wal") ?? 0
                #expect(size > 20_000)
                var noticed = 0
                for sector in 0..<(size / 512) {
                    let disk = try killed(on: disks)
                    for bit in 0..<512 * 8 where bit % 5 == 0 {
                        disk.flip(bit: sector * 4_096 + bit, of: "syncnet.db-wal")
                    }
                    #expect(silentLoss(on: disk, noticed: &noticed) == nil, "sector \(sector)")
                    disks.remove(disk)
                }
                #expect(noticed == size / 512)
            }
        }

        @Test(arguments: [0, 4_096])
        func `after a cut either half of the evidence is enough`(slot: Int) throws {
            try SimulatedDisks.exclusively(seed: 3) { disks in
                let disk = disks.make()
                let (store, _) = try ServerStore.open(
                    directory: disk.directory, freshDisk: DiskID(1), options: .simulated)
                try store.commit([
                    .append(Sample.chats(1...9)), .ballot(Ballot(round: Epoch(1), vote: nil)),
                ])
                try store.commit([.cut(from: LogIndex(4))])
                disk.crash(Keeping.all.chooser(seed: 0))
                disk.flip(bit: slot * 8 + 100, of: "evidence")
                let (_, found) = try ServerStore.open(
                    directory: disk.directory, freshDisk: DiskID(2), options: .simulated)
                #expect(found.tail == Sample.chats(1...3))
            }
        }

        @Test func `a full disk is said to be full, and the store stays shut`() throws {
            try SimulatedDisks.exclusively(seed: 3) { disks in
                let disk = disks.make()
                let (store, _) = try ServerStore.open(
                    directory: disk.directory, freshDisk: DiskID(1), options: .simulated)
                disk.fault = { $0.kind == .write ? .fail(SQLITE_FULL) : .none }
                let full = StorageError.full(
                    "\(disk.directory)/syncnet.db: no space is left on the disk; make room and "
                        + "start again.")
                #expect(throws: full) { try store.commit([.append(Sample.chats(1...1))]) }
                disk.fault = nil
                #expect(throws: full) { try store.commit([.append(Sample.chats(1...1))]) }
                #expect(full.failure == .full)
            }
        }

        @Test func `after a sync that failed nothing is acknowledged any more`() throws {
            try SimulatedDisks.exclusively(seed: 3) { disks in
                let disk = disks.make()
                let (store, _) = try ServerStore.open(
                    directory: disk.directory, freshDisk: DiskID(1), options: .simulated)
                disk.fault = { $0.kind == .sync ? .fail(SQLITE_IOERR) : .none }
                #expect(throws: StorageError.self) {
                    try store.commit([.append(Sample.chats(1...1))])
                }
                disk.fault = nil
                #expect(throws: StorageError.self) {
                    try store.commit([.append(Sample.chats(1...1))])
                }
                disk.crash { _, _ in 0 }
                let (_, found) = try ServerStore.open(
                    directory: disk.directory, freshDisk: DiskID(1), options: .simulated)
                #expect(found.tail.isEmpty)
            }
        }

        @Test(arguments: [DiskOperation.Kind.write, .sync, .read])
        func `a disk that fails at a start fails the start`(kind: DiskOperation.Kind) throws {
            try SimulatedDisks.exclusively(seed: 3) { disks in
                let disk = try killed(on: disks)
                disk.fault = { $0.kind == kind ? .fail(SQLITE_IOERR) : .none }
                #expect(throws: StorageError.self) {
                    try ServerStore.open(
                        directory: disk.directory, freshDisk: DiskID(2), options: .simulated)
                }
                disk.fault = nil
                var noticed = 0
                #expect(silentLoss(on: disk, noticed: &noticed) == nil)
                #expect(noticed == 0)
            }
        }

        @Test func `the power may go again while a server starts`() throws {
            try SimulatedDisks.exclusively(seed: 3) { disks in
                var choice = Generator(seed: 5)
                for _ in 0..<300 {
                    let disk = disks.make()
                    disk.fuse = 20 + choice.below(60)
                    let (started, steps) = Workload.run(on: disk, options: .simulated)
                    for _ in 0...choice.below(3) {
                        disk.crash(Keeping.more.chooser(seed: choice.next()))
                        disk.fuse = 1 + choice.below(12)
                        _ = try? ServerStore.open(
                            directory: disk.directory, freshDisk: DiskID(1),
                            options: .simulated)
                    }
                    disk.crash(Keeping.more.chooser(seed: choice.next()))
                    let (_, found) = try ServerStore.open(
                        directory: disk.directory, freshDisk: DiskID(1), options: .simulated)
                    let possible = [steps, min(steps + 1, Workload.steps.count)]
                    let logs = possible.map { Workload.log(after: $0) }
                    #expect(logs.contains { $0.filter { $0.index > found.applied } == found.tail })
                    if let started { #expect(found.boot > started) }
                    disks.remove(disk)
                }
            }
        }

        @Test func `two connections share a database, with one writer at a time`() throws {
            try SimulatedDisks.exclusively(seed: 3) { disks in
                let disk = disks.make()
                let (store, _) = try ServerStore.open(
                    directory: disk.directory, freshDisk: DiskID(1), options: .simulated)
                try store.commit([.append(Sample.chats(1...3))])
                let (other, found) = try ServerStore.open(
                    directory: disk.directory, freshDisk: DiskID(2), options: .simulated)
                #expect(found.tail == Sample.chats(1...3))
                try store.queue.inDatabase { db in
                    try db.execute(sql: "BEGIN IMMEDIATE")
                    #expect(throws: StorageError.self) { try other.commit([.ceiling(Stamp(1))]) }
                    try db.execute(sql: "COMMIT")
                }
                other.close()
                try store.commit([.append(Sample.chats(4...4))])
                store.close()
            }
        }
    }
}
