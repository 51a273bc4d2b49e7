import Foundation
import GRDB
import StateMachine
import SyncNetProtocol
import Testing

@testable import SyncNetStorage

extension StorageSuite {
    /// Starts that leave closed segments of the log for later.
    @Suite struct LongHistoryTests {
        let directory: TemporaryDirectory
        private static let brief = StorageOptions.brief(segments: 4)

        init() throws { directory = try TemporaryDirectory() }

        /// Nineteen entries in two rooms and three epochs: sixteen in closed segments, one
        /// applied behind them, two not applied.
        private func fill() throws {
            let (store, _) = try directory.open(options: Self.brief)
            var previous: [String: LogIndex] = [:]
            for index in UInt64(1)...19 {
                let room: Text = index % 3 == 0 ? "den" : "r"
                let epoch: UInt64 = index < 6 ? 1 : index < 17 ? 4 : 5
                let entry = Sample.chat(index, epoch: epoch, room: room)
                try store.commit([.append([entry])])
                guard index <= 17 else { continue }
                var delta = AppliedDelta(through: LogIndex(index))
                delta.posts = [
                    Post(
                        room: room, index: LogIndex(index), previous: previous[room.string] ?? .zero
                    )
                ]
                previous[room.string] = LogIndex(index)
                try store.commit([.apply(delta)])
            }
            store.close()
        }

        private func change(_ sql: String) throws {
            let queue = try DatabaseQueue(path: directory.path + "/syncnet.db")
            try queue.inDatabase { try $0.execute(sql: sql) }
            try queue.close()
        }

        private func expectDamage(
            _ words: String, _ body: () throws -> Void, _ place: SourceLocation = #_sourceLocation
        ) {
            let error = #expect(throws: StorageError.self, sourceLocation: place, performing: body)
            guard case .damaged(let text) = error else {
                Issue.record("not damage: \(String(describing: error))", sourceLocation: place)
                return
            }
            #expect(text.contains(words), "\(text)", sourceLocation: place)
        }

        @Test func `a start that leaves history finds what one finds that reads all`() throws {
            try fill()
            let (brief, left) = try directory.open(options: Self.brief)
            #expect(brief.unverified.segments.map(\.through.number) == [4, 8, 12, 16])
            #expect(brief.unverified.rooms.map(\.through.number) == [15, 16])
            brief.close()
            var whole = Self.brief
            whole.verifiedAtStart = 16
            let (store, read) = try directory.open(options: whole)
            #expect(store.unverified.isEmpty)
            var expected = read
            expected.boot = left.boot
            #expect(left == expected)
            #expect(left.runs.map(\.first.number) == [1, 6, 17])
            store.close()
        }

        @Test func `what is left is verified in bounded steps`() throws {
            try fill()
            let (store, _) = try directory.open(options: Self.brief)
            var steps = 1
            while try store.verifyMore() { steps += 1 }
            // Sixteen entries and sixteen messages, four at a time.
            #expect((8...10).contains(steps))
            #expect(try !store.verifyMore())
            store.close()
        }

        @Test func `a store that goes on closes segments as before`() throws {
            try fill()
            let (store, found) = try directory.open(options: Self.brief)
            try store.commit([.apply(AppliedDelta(through: found.last))])
            let next = (20...30).map { Sample.chat($0, epoch: 5) }
            try store.commit([.append(next)])
            try store.commit([.apply(AppliedDelta(through: LogIndex(30)))])
            store.close()
            let (again, later) = try directory.open(options: Self.brief)
            #expect(again.unverified.segments.count == 7)
            #expect(later.applied == LogIndex(30))
            while try again.verifyMore() {}
            again.close()
        }

        /// An entry that is right by itself: what a page of another day may hold.
        private func replace(_ index: UInt64) throws {
            let entry = Sample.chat(index, epoch: 4, text: "never applied")
            let other = try TemporaryDirectory()
            let (store, _) = try other.open()
            try store.commit([.append(Sample.chats(1...index - 1) + [entry])])
            store.close()
            let row = try DatabaseQueue(path: other.path + "/syncnet.db").inDatabase {
                try #require(try Row.fetchOne($0, sql: "SELECT * FROM log WHERE idx = \(index)"))
            }
            let queue = try DatabaseQueue(path: directory.path + "/syncnet.db")
            try queue.inDatabase {
                try $0.execute(
                    sql: "INSERT OR REPLACE INTO log VALUES (?, ?, ?, ?, ?)",
                    arguments: StatementArguments(row.databaseValues))
            }
            try queue.close()
        }

        @Test func `an entry of another day is given to nobody`() throws {
            try fill()
            try replace(7)
            let (store, _) = try directory.open(options: Self.brief)
            _ = try store.answer(.entries(from: LogIndex(9), count: 11, bytes: .max))
            #expect(store.unverified.segments.map(\.through.number) == [4, 8])
            expectDamage("entries 5 to 8 of its log are not of one time") {
                _ = try store.answer(.entries(from: LogIndex(7), count: 1, bytes: .max))
            }
            expectDamage("entries 5 to 8") { try store.commit([.ceiling(Stamp(999))]) }
            store.close()
        }

        @Test func `an entry of another day is shown to nobody`() throws {
            try fill()
            try replace(7)
            let (store, _) = try directory.open(options: Self.brief)
            expectDamage("entries 5 to 8") {
                _ = try store.answer(.before(LogIndex(8), room: "r", limit: 1))
            }
            store.close()
        }

        @Test(arguments: [
            ("DELETE FROM log WHERE idx = 7", "entry 7 of its log is missing"),
            ("DELETE FROM log WHERE idx = 8", "entry 8 of its log is missing"),
            ("UPDATE log SET stamp = 0 WHERE idx = 2", "entry 2 of its log has a wrong checksum"),
            ("DELETE FROM posts WHERE idx = 1", "a message of room r is missing"),
            ("DELETE FROM posts WHERE idx = 15", "a message of room den is missing"),
            ("UPDATE posts SET previous = 3 WHERE idx = 9", "a message of room den is missing"),
        ])
        func `what is wrong in old history is found while the server works`(
            sql: String, says words: String
        ) throws {
            try fill()
            try change(sql)
            let (store, _) = try directory.open(options: Self.brief)
            expectDamage(words) { while try store.verifyMore() {} }
            expectDamage(words) { try store.commit([.ceiling(Stamp(999))]) }
            store.close()
        }

        @Test(arguments: [
            "DELETE FROM segments WHERE through = 8", "DELETE FROM segments WHERE through = 16",
            "UPDATE segments SET sum = sum + 1 WHERE through = 4", "DELETE FROM runs",
            "DELETE FROM runs WHERE first = 6", "UPDATE runs SET epoch = 3 WHERE first = 6",
            "DELETE FROM posts WHERE idx = 17", "DELETE FROM log WHERE idx = 17",
            "DELETE FROM rooms WHERE name = x'64656e'",
        ])
        func `what stands for old history is verified at the start`(sql: String) throws {
            try fill()
            try change(sql)
            expectDamage("is damaged") {
                _ = try directory.open(options: Self.brief)
            }
        }

        @Test func `a start that reads all demands the segments' sums`() throws {
            try fill()
            try replace(7)
            var whole = Self.brief
            whole.verifiedAtStart = .max
            expectDamage("of one time") { _ = try directory.open(options: whole) }
        }

        /// A page that is in use, listed as free: rows and sums are right.
        private func listUsedPageAsFree() throws {
            let queue = try DatabaseQueue(path: directory.path + "/syncnet.db")
            let leaf = try queue.inDatabase { db in
                try db.execute(
                    sql: """
                        CREATE TABLE t (x); INSERT INTO t VALUES (zeroblob(40000)); DROP TABLE t;
                        PRAGMA wal_checkpoint(TRUNCATE);
                        """)
                let page = try Int.fetchOne(
                    db, sql: "SELECT rootpage FROM sqlite_master WHERE name = 'rooms'")
                return try #require(page)
            }
            try queue.close()
            let file = try FileHandle(
                forUpdating: URL(fileURLWithPath: directory.path + "/syncnet.db"))
            let header = try #require(try file.read(upToCount: 100))
            let first = header[32..<36].reduce(0) { $0 << 8 | Int($1) }
            try #require(first > 0)
            // Behind the next trunk and the count come the pages.
            try file.seek(toOffset: UInt64((first - 1) * 4_096 + 8))
            try file.write(contentsOf: withUnsafeBytes(of: UInt32(leaf).bigEndian) { Data($0) })
            try file.close()
        }

        @Test func `a page that is in use and listed as free is found while the server works`()
            throws
        {
            try fill()
            try listUsedPageAsFree()
            let (store, _) = try directory.open(options: Self.brief)
            while try store.verifyMore() {}
            let check = try #require(store.structureCheck)
            expectDamage("SQLite says: ") { try check.run() }
            store.close()
            // The next start reads all, whatever it would have left.
            expectDamage("SQLite says: ") { _ = try directory.open(options: Self.brief) }
        }

        @Test func `a start after damage reads all, until all is well`() throws {
            try fill()
            let files = StoreFiles(directory: directory.path)
            files.suspect()
            let (whole, _) = try directory.open(options: Self.brief)
            #expect(whole.unverified.isEmpty && whole.structureCheck == nil)
            whole.close()
            #expect(!files.isSuspect)
            let (brief, _) = try directory.open(options: Self.brief)
            #expect(!brief.unverified.isEmpty)
            let check = try #require(brief.structureCheck)
            try check.run()
            check.cancel()
            brief.close()
        }

        @Test func `a large segment is verified in more steps than one`() throws {
            let (store, _) = try directory.open(options: Self.brief)
            let text = String(repeating: "x", count: 600_000)
            for index in UInt64(1)...9 {
                try store.commit([
                    .append([Sample.chat(index, text: text)]),
                    .apply(AppliedDelta(through: LogIndex(index))),
                ])
            }
            store.close()
            let (again, _) = try directory.open(options: Self.brief)
            var steps = 1
            while try again.verifyMore() { steps += 1 }
            #expect(steps >= 4)
            again.close()
            let (third, _) = try directory.open(options: Self.brief)
            _ = try third.verifyMore()
            // The rest of a segment that was begun is read as a whole.
            _ = try third.answer(.entries(from: LogIndex(6), count: 1, bytes: .max))
            while try third.verifyMore() {}
            third.close()
        }

        @Test func `a log whose first epoch is zero is none of another kind`() throws {
            let (store, _) = try directory.open(options: Self.brief)
            let entries = Sample.chats(1...6, epoch: 0)
            try store.commit([.append(entries), .apply(AppliedDelta(through: LogIndex(6)))])
            store.close()
            let (again, found) = try directory.open(options: Self.brief)
            #expect(found.runs == [EpochRun(first: LogIndex(1), epoch: .zero)])
            again.close()
        }

        @Test func `a backup is verified to its first entry`() throws {
            try fill()
            let path = directory.path + "/copy"
            #expect(try Backup.write(from: directory.path, to: path).last == LogIndex(19))
            try replace(7)
            expectDamage("of one time") {
                _ = try Backup.write(from: directory.path, to: path + "2")
            }
        }
    }
}
