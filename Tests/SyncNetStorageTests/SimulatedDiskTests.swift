import GRDBSQLite
import SyncNetProtocol
import Testing

@testable import SyncNetSimulation
@testable import SyncNetStorage

extension StorageSuite {
    /// What the simulated disk keeps, without SQLite in between.
    @Suite struct SimulatedDiskTests {
        private func contents(of path: String, count: Int) throws -> [UInt8] {
            try VFSFile(path).read(count: count, at: 0)
        }

        /// Runs `body` on a synced file of four sectors of ones.
        private func withFile<T>(_ body: (SimulatedDisk, VFSFile, String) throws -> T) throws -> T {
            try SimulatedDisks.exclusively(seed: 1) { disks in
                let disk = disks.make()
                let path = disk.directory + "/file"
                let file = try VFSFile(path)
                try file.write([UInt8](repeating: 1, count: 2_048), at: 0)
                try file.sync()
                return try body(disk, file, path)
            }
        }

        @Test func `what was synced survives, what was not may not`() throws {
            try withFile { disk, file, path in
                try file.write([UInt8](repeating: 2, count: 512), at: 512)
                disk.crash { _, _ in 0 }
                #expect(try contents(of: path, count: 2_048) == [UInt8](repeating: 1, count: 2_048))
                #expect(disk.size(of: "file") == 2_048)
            }
        }

        @Test func `a sector keeps any of its versions, and no other sector's`() throws {
            var seen: [[UInt8]] = []
            var choice = 0
            while choice < 3 * 2 {
                try withFile { disk, file, path in
                    try file.write([UInt8](repeating: 2, count: 1_024), at: 0)
                    try file.write([UInt8](repeating: 3, count: 512), at: 0)
                    var choices = [2, 1, choice % 3, choice / 3]
                    disk.crash { _, bound in
                        let next = choices.removeFirst()
                        #expect(next < bound)
                        return UInt64(next)
                    }
                    let bytes = try contents(of: path, count: 2_048)
                    seen.append([bytes[0], bytes[511], bytes[512], bytes[1_024]])
                }
                choice += 1
            }
            #expect(
                seen == [
                    [1, 1, 1, 1], [2, 2, 1, 1], [3, 3, 1, 1], [1, 1, 2, 1], [2, 2, 2, 1],
                    [3, 3, 2, 1],
                ])
        }

        @Test func `a size that was not synced may be kept without its bytes`() throws {
            try withFile { disk, file, path in
                try file.write([UInt8](repeating: 2, count: 1_024), at: 2_048)
                var choices: [UInt64] = [2, 1, 0, 1]
                disk.crash { _, _ in choices.removeFirst() }
                let bytes = try contents(of: path, count: 3_072)
                #expect(disk.size(of: "file") == 3_072)
                #expect(bytes[2_048] == 0)
                #expect(bytes[2_560] == 2)
            }
        }

        @Test func `a name that was not synced may be lost with all that is in it`() throws {
            try SimulatedDisks.exclusively(seed: 1) { disks in
                let disk = disks.make()
                let file = try VFSFile(disk.directory + "/file")
                try file.write([1], at: 0)
                disk.crash { _, _ in 0 }
                #expect(disk.files == [])
            }
        }

        @Test func `a deletion that was not synced may be undone`() throws {
            try withFile { disk, _, path in
                guard let vfs = sqlite3_vfs_find(nil) else { return }
                #expect(vfs.pointee.xDelete(vfs, path, 0) == SQLITE_OK)
                #expect(disk.files == [])
                disk.crash { _, _ in 0 }
                #expect(disk.files == ["file"])
                try VFSFile.delete(path)
                disk.crash { _, _ in 0 }
                #expect(disk.files == [])
            }
        }

        @Test func `after the fuse has blown everything fails until the crash`() throws {
            try withFile { disk, file, path in
                disk.fuse = 2
                try file.write([2], at: 0)
                #expect(throws: SQLiteFailure.self) { try file.write([3], at: 0) }
                #expect(disk.isOut)
                #expect(throws: SQLiteFailure.self) { try file.read(count: 1, at: 0) }
                #expect(throws: SQLiteFailure.self) { try file.sync() }
                disk.crash { _, bound in min(1, bound - 1) }
                // The write that blew the fuse may have happened.
                #expect(try contents(of: path, count: 1) == [3])
                #expect(throws: SQLiteFailure.self) { try file.write([4], at: 0) }
            }
        }

        @Test func `a wiped disk is empty, and files open before are dead`() throws {
            try withFile { disk, file, _ in
                disk.wipe()
                #expect(disk.files == [])
                #expect(throws: SQLiteFailure.self) { try file.write([4], at: 0) }
            }
        }

        @Test func `real directories go on working beside simulated ones`() throws {
            let directory = try TemporaryDirectory()
            let files = try SimulatedDisks.exclusively(seed: 1) { disks in
                let (store, _) = try directory.open()
                try store.commit([.append(Sample.chats(1...3))])
                store.close()
                return disks.make().files
            }
            #expect(files == [])
            #expect(try directory.open().1.tail == Sample.chats(1...3))
        }

        @Test func `SQLite's random numbers follow from the seed`() {
            func draw(_ seed: UInt64) -> [UInt8] {
                SimulatedDisks.exclusively(seed: seed) { _ in
                    var bytes = [UInt8](repeating: 0, count: 16)
                    sqlite3_randomness(16, &bytes)
                    return bytes
                }
            }
            #expect(draw(1) == draw(1))
            #expect(draw(1) != draw(2))
        }
    }
}
