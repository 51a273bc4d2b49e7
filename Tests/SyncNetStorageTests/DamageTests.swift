import Foundation
import GRDB
import StateMachine
import SyncNetProtocol
import Testing

@testable import SyncNetStorage

extension StorageSuite {
    /// What an operator, a backup or a bad disk can do to a directory.
    @Suite struct DamageTests {
        let directory: TemporaryDirectory

        init() throws { directory = try TemporaryDirectory() }

        private func file(_ name: String) -> URL {
            URL(fileURLWithPath: directory.path).appendingPathComponent(name)
        }

        private func delete(_ names: String...) throws {
            for name in names where FileManager.default.fileExists(atPath: file(name).path) {
                try FileManager.default.removeItem(at: file(name))
            }
        }

        /// Leaves the directory as `kill -9` would: nothing closed, all of the files there.
        private func killed() throws -> TemporaryDirectory {
            let copy = try TemporaryDirectory()
            let (store, _) = try directory.open()
            try store.commit([.append(Sample.chats(1...5))])
            try store.commit([.ballot(Ballot(round: Epoch(4), vote: NodeID(1)))])
            try store.commit([.append(Sample.chats(6...7, epoch: 4))])
            for name in try FileManager.default.contentsOfDirectory(atPath: directory.path) {
                let target = URL(fileURLWithPath: copy.path).appendingPathComponent(name)
                try FileManager.default.copyItem(at: file(name), to: target)
            }
            store.close()
            return copy
        }

        private func filled() throws {
            let (store, _) = try directory.open()
            try store.commit([.append(Sample.chats(1...5))])
            store.close()
        }

        private func expectDamage(in directory: TemporaryDirectory, says words: String) {
            do throws(StorageError) {
                let (store, _) = try directory.open(disk: 2)
                store.close()
                Issue.record("it opened, but should have said: \(words)")
            } catch {
                guard case .damaged(let text) = error else {
                    Issue.record("not damage: \(error)")
                    return
                }
                #expect(text.contains(words), "\(text)")
                #expect(text.contains(directory.path))
                #expect(text.contains("aside and start again"))
                #expect(!text.contains("\n"))
            }
        }

        @Test func `a killed process leaves nothing behind that hurts`() throws {
            let (store, found) = try killed().open()
            #expect(found.tail.count == 7)
            #expect(found.boot == Boot(2))
            #expect(found.ballot.vote == NodeID(1))
            store.close()
        }

        @Test func `without its write-ahead log a database is damaged, not shorter`() throws {
            let copy = try killed()
            let log = URL(fileURLWithPath: copy.path).appendingPathComponent("syncnet.db-wal")
            try FileManager.default.removeItem(at: log)
            expectDamage(in: copy, says: "it is empty")
        }

        @Test(arguments: [1, 100, 4_120, 8_240, 12_360])
        func `a write-ahead log that lost its end is noticed`(lost: Int) throws {
            let copy = try killed()
            let log = URL(fileURLWithPath: copy.path).appendingPathComponent("syncnet.db-wal")
            let bytes = try Data(contentsOf: log)
            try bytes.dropLast(lost).write(to: log)
            do throws(StorageError) {
                let (store, found) = try copy.open(disk: 2)
                store.close()
                // What was lost was left over from before the last checkpoint.
                #expect(found.tail.count == 7)
                #expect(found.ballot.vote == NodeID(1))
            } catch {
                guard case .damaged = error else { throw error }
            }
        }

        @Test func `a deleted database is an empty disk with another name`() throws {
            try filled()
            try delete("syncnet.db", "syncnet.db-wal", "syncnet.db-shm")
            let (store, found) = try directory.open(disk: 2)
            #expect(found == Recovered(disk: DiskID(2), boot: Boot(1)))
            #expect(store.notices == [.databaseMissing(file("syncnet.db").path)])
            store.close()
            let (again, next) = try directory.open(disk: 3)
            #expect(next.disk == DiskID(2))
            #expect(again.notices.isEmpty)
            again.close()
        }

        @Test func `a write-ahead log without its database is not read`() throws {
            let copy = try killed()
            let database = URL(fileURLWithPath: copy.path).appendingPathComponent("syncnet.db")
            try FileManager.default.removeItem(at: database)
            let (store, found) = try copy.open(disk: 2)
            #expect(found == Recovered(disk: DiskID(2), boot: Boot(1)))
            store.close()
        }

        @Test func `a database without a byte in it is a deleted one`() throws {
            try filled()
            try Data().write(to: file("syncnet.db"))
            let (store, found) = try directory.open(disk: 2)
            #expect(found == Recovered(disk: DiskID(2), boot: Boot(1)))
            #expect(!store.notices.isEmpty)
            store.close()
        }

        @Test func `deleting all of it begins anew without a word`() throws {
            try filled()
            try delete("syncnet.db", "syncnet.db-wal", "syncnet.db-shm", "evidence", "lock")
            let (store, found) = try directory.open(disk: 2)
            #expect(found == Recovered(disk: DiskID(2), boot: Boot(1)))
            #expect(store.notices.isEmpty)
            store.close()
        }

        @Test func `without its evidence a database is not trusted`() throws {
            try filled()
            try delete("evidence")
            expectDamage(in: directory, says: "evidence is missing")
        }

        @Test func `evidence that can't be read is damage`() throws {
            try filled()
            try Data(repeating: 7, count: 8_192).write(to: file("evidence"))
            expectDamage(in: directory, says: "unreadable")
        }

        @Test func `one readable half of the evidence is enough`() throws {
            try filled()
            var bytes = try Data(contentsOf: file("evidence"))
            bytes[8] ^= 1
            try bytes.write(to: file("evidence"))
            try directory.open().0.close()
        }

        @Test func `a database of another day is older than the evidence`() throws {
            try filled()
            let backup = try Data(contentsOf: file("syncnet.db"))
            let (store, _) = try directory.open()
            try store.commit([.append(Sample.chats(6...6))])
            store.close()
            try backup.write(to: file("syncnet.db"))
            expectDamage(in: directory, says: "entry 6 of epoch 1 was acknowledged")
        }

        @Test func `a database of another server does not fit the evidence`() throws {
            try filled()
            let other = try TemporaryDirectory()
            try other.open(disk: 9).0.close()
            let theirs = URL(fileURLWithPath: other.path).appendingPathComponent("syncnet.db")
            try Data(contentsOf: theirs).write(to: file("syncnet.db"))
            expectDamage(in: directory, says: "another disk")
        }

        @Test func `something that is no database is damage`() throws {
            try filled()
            try Data("hello, this is a text and no database".utf8).write(to: file("syncnet.db"))
            expectDamage(in: directory, says: "not an SQLite database")
        }

        @Test func `a database that lost its end is damage`() throws {
            try filled()
            let bytes = try Data(contentsOf: file("syncnet.db"))
            try bytes.prefix(bytes.count - 4_096).write(to: file("syncnet.db"))
            expectDamage(in: directory, says: "malformed")
        }

        @Test(arguments: [
            ("UPDATE log SET payload = zeroblob(30) WHERE idx = 3", "entry 3 of its log has a"),
            ("UPDATE log SET stamp = stamp + 1 WHERE idx = 3", "entry 3 of its log has a"),
            ("DELETE FROM log WHERE idx = 3", "entry 3 of its log is missing"),
            ("UPDATE log SET idx = 9 WHERE idx = 5", "entry 9 of its log has a"),
            ("DELETE FROM log WHERE idx = 5", "its log ends at entry 4"),
            ("UPDATE facts SET round = 99", "facts has a wrong checksum"),
            ("UPDATE facts SET recovering = 1", "facts has a wrong checksum"),
            ("DELETE FROM facts", "facts is empty"),
            ("UPDATE rooms SET latest = 1", "rooms has a wrong checksum"),
            ("UPDATE members SET member = x'61'", "members has a wrong checksum"),
            ("UPDATE sessions SET last = 3", "sessions has a wrong checksum"),
            ("UPDATE formation SET value = x'00'", "formation has a wrong checksum"),
            ("UPDATE admitted SET node = 1", "admitted has a wrong checksum"),
        ])
        func `a row that was changed is damage`(sql: String, says words: String) throws {
            let (store, _) = try directory.open()
            try store.commit([.append(Sample.chats(1...5)), .form(Sample.formation)])
            var delta = Sample.delta(1...2)
            delta.admitted = [MemberDisk(node: NodeID(0), disk: DiskID(4))]
            try store.commit([.apply(delta)])
            try store.queue.inDatabase { try $0.execute(sql: sql) }
            store.close()
            expectDamage(in: directory, says: words)
        }

        @Test(arguments: [
            "UPDATE log SET payload = zeroblob(9) WHERE idx = 2", "DELETE FROM log WHERE idx = 2",
            "UPDATE posts SET previous = 0 WHERE idx = 3", "DELETE FROM posts WHERE idx = 2",
        ])
        func `a row that changes under a running store is noticed when it is read`(
            sql: String
        ) throws {
            let (store, _) = try directory.open()
            try store.commit([.append(Sample.chats(1...5)), .apply(Sample.delta(1...5))])
            try store.queue.inDatabase { try $0.execute(sql: sql) }
            let query = JournalQuery.after(.zero, room: "r", limit: 10)
            do throws(StorageError) {
                _ = try store.answer(query)
                Issue.record("the page was answered")
            } catch {
                guard case .damaged = error else { throw error }
            }
            #expect(throws: StorageError.self) { try store.commit([.ceiling(Stamp(99))]) }
            store.close()
        }

        @Test(arguments: ["log WHERE idx = 5", "members", "sessions", "accounts", "facts"])
        func `a row that is not found where it is to be changed is damage`(rows: String) throws {
            let (store, _) = try directory.open()
            var delta = Sample.delta(1...2)
            delta.memberships = [MembershipChange(room: "r", member: "anna", isMember: true)]
            delta.accounts = [
                AccountChange(
                    name: "anna", account: Account(name: "anna", verifier: "v", isOperator: false))
            ]
            let name = try #require(delta.sessions.first?.name)
            try store.commit([.append(Sample.chats(1...5)), .apply(delta)])
            // What a short read makes SQLite believe, as it takes the missing bytes for zeros.
            try store.queue.inDatabase { try $0.execute(sql: "DELETE FROM \(rows)") }
            var next = AppliedDelta(through: LogIndex(3))
            next.memberships = [MembershipChange(room: "r", member: "anna", isMember: false)]
            next.accounts = [AccountChange(name: "anna", account: nil)]
            next.evicted = [name]
            do throws(StorageError) {
                try store.commit([.apply(next), .cut(from: LogIndex(4))])
                Issue.record("the change was stored")
            } catch {
                guard case .damaged = error else { throw error }
                #expect("\(error)".contains("were to be changed, and"))
            }
            store.close()
        }

        @Test func `a newer schema is left alone`() throws {
            let (store, _) = try directory.open()
            try store.queue.inDatabase { try $0.execute(sql: "PRAGMA user_version = 7") }
            store.close()
            #expect(
                throws: StorageError.cannotOpen(
                    "\(file("syncnet.db").path) was written by a newer SyncNet (schema 7, this "
                        + "one knows \(Schema.version)); start the newer program.")
            ) { try directory.open() }
        }

        @Test func `another program's database is left alone`() throws {
            let queue = try DatabaseQueue(path: file("syncnet.db").path)
            try queue.inDatabase { try $0.execute(sql: "CREATE TABLE photos (id)") }
            try queue.close()
            #expect(throws: StorageError.self) { try directory.open() }
            let again = try DatabaseQueue(path: file("syncnet.db").path)
            #expect(try again.inDatabase { try $0.tableExists("photos") })
        }
    }
}
