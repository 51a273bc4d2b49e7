import Foundation
import GRDB
import StateMachine
import SyncNetProtocol
import Testing

@testable import SyncNetStorage

extension StorageSuite {
    /// Who may use a directory, and when.
    @Suite struct DirectoryTests {
        let directory: TemporaryDirectory

        init() throws { directory = try TemporaryDirectory() }

        private func error(_ path: String) -> StorageError? {
            do throws(StorageError) {
                try ServerStore.open(directory: path, freshDisk: DiskID(1)).0.close()
                return nil
            } catch {
                return error
            }
        }

        @Test func `a directory that is missing is made, with those above it`() throws {
            let path = directory.path + "/a/b/c/"
            #expect(error(path) == nil)
            #expect(FileManager.default.fileExists(atPath: directory.path + "/a/b/c/syncnet.db"))
        }

        @Test func `a second server on one directory is refused, until the first ends`() throws {
            let (store, _) = try directory.open()
            #expect(
                error(directory.path)
                    == .locked(
                        "\(directory.path) is in use by another server process; stop that one "
                            + "first, or give this one a directory of its own."))
            store.close()
            #expect(error(directory.path) == nil)
        }

        @Test func `a file in the directory's place is named`() throws {
            let path = directory.path + "/file"
            try Data().write(to: URL(fileURLWithPath: path))
            #expect(
                error(path)
                    == .cannotOpen("\(path) is a file; name a directory, or move the file away."))
        }

        @Test func `a directory that can't be made is named`() {
            let path = "/proc/none/data"
            #expect(
                error(path)
                    == .cannotOpen(
                        "\(path) can't be made; make it yourself, or choose another directory."))
        }

        @Test(.enabled(if: geteuid() != 0, "root may write anywhere"))
        func `a directory without the right to write is named`() throws {
            let manager = FileManager.default
            try manager.setAttributes([.posixPermissions: 0o555], ofItemAtPath: directory.path)
            guard case .cannotOpen(let text) = error(directory.path) else {
                Issue.record("it opened")
                return
            }
            #expect(text.contains("Permission denied"))
        }

        @Test(.enabled(if: geteuid() != 0, "root may write anywhere"))
        func `a database that is read-only is named`() throws {
            try directory.open().0.close()
            try FileManager.default.setAttributes(
                [.posixPermissions: 0o444], ofItemAtPath: directory.path + "/syncnet.db")
            guard case .cannotOpen(let text) = error(directory.path) else {
                Issue.record("it opened")
                return
            }
            #expect(text.contains("syncnet.db"))
        }

        @Test func `readers beside a writing server never find the database locked`() async throws {
            let (store, _) = try directory.open()
            let path = directory.path + "/syncnet.db"
            let readers = (0..<4).map { _ in
                Task.detached {
                    var configuration = Configuration()
                    configuration.readonly = true
                    var counts: [Int] = []
                    for _ in 0..<25 {
                        let queue = try DatabaseQueue(path: path, configuration: configuration)
                        for _ in 0..<4 {
                            let sql = "SELECT count(*) FROM log"
                            let count = try await queue.read { try Int.fetchOne($0, sql: sql) }
                            counts.append(count ?? -1)
                        }
                        try queue.close()
                    }
                    return counts
                }
            }
            for index in 1...400 {
                try store.commit([.append([Sample.chat(UInt64(index))])])
            }
            for reader in readers {
                let counts = try await reader.value
                #expect(counts == counts.sorted())
            }
            store.close()
        }

        @Test func `a commit waits for another writer, but not for ever`() throws {
            var options = StorageOptions()
            options.busyTimeout = .milliseconds(50)
            let (store, _) = try directory.open(options: options)
            let other = try DatabaseQueue(path: directory.path + "/syncnet.db")
            try other.inDatabase { db in
                try db.execute(sql: "BEGIN IMMEDIATE")
                #expect(
                    throws: StorageError.locked(
                        "\(directory.path)/syncnet.db is held by another process; end that one "
                            + "and start again.")
                ) { try store.commit([.ceiling(Stamp(1))]) }
                try db.execute(sql: "COMMIT")
            }
            store.close()
        }

        @Test func `stores that start and stop at once don't wait for each other`() async throws {
            let base = directory.path
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<8 {
                    group.addTask {
                        for _ in 0..<5 {
                            let (store, _) = try ServerStore.open(
                                directory: "\(base)/\(number)", freshDisk: DiskID(1))
                            store.close()
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
    }
}
