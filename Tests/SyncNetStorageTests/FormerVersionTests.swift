import GRDB
import StateMachine
import SyncNetProtocol
import Testing

@testable import SyncNetStorage

extension StorageSuite {
    @Suite struct FormerVersionTests {
        let directory: TemporaryDirectory

        init() throws { directory = try TemporaryDirectory() }

        /// Turns what is there into what version 1 would have left.
        private func makeFormer() throws {
            let queue = try DatabaseQueue(path: directory.path + "/syncnet.db")
            try queue.inDatabase { db in
                let row = try #require(try Row.fetchOne(db, sql: "SELECT * FROM facts"))
                var sum = Checksum(.facts)
                for name in ["disk", "boot", "round", "vote", "ceiling", "applied"] {
                    let word: Int64? = row[name]
                    sum.add(word.map { UInt64(bitPattern: $0) } ?? .max)
                }
                for name in ["recovering", "evidenced", "revision"] {
                    sum.add(UInt64(bitPattern: row[name]))
                }
                try db.execute(
                    sql: "UPDATE facts SET checksum = ?",
                    arguments: [Int64(bitPattern: sum.value)])
                try db.execute(
                    sql: "ALTER TABLE facts DROP COLUMN sum; DROP TABLE restricted; "
                        + "DROP TABLE accounts; "
                        + "PRAGMA user_version = 1")
            }
            try queue.close()
        }

        private func filled() throws {
            let (store, _) = try directory.open()
            try store.commit([
                .append(Sample.chats(1...5)), .ballot(Ballot(round: Epoch(2), vote: NodeID(1))),
            ])
            try store.commit([.apply(Sample.delta(1...3))])
            store.close()
            try makeFormer()
        }

        @Test func `a directory of version 1 is taken over with all that is in it`() throws {
            try filled()
            for boot in 2...3 {
                let (store, found) = try directory.open()
                #expect(found.boot == Boot(UInt64(boot)))
                #expect(found.tail == Sample.chats(4...5))
                #expect(found.ballot == Ballot(round: Epoch(2), vote: NodeID(1)))
                #expect(found.sessions == Sample.delta(1...3).sessions)
                store.close()
            }
        }

        @Test func `a directory of version 2 is taken over, and its rooms are open`() throws {
            let (store, _) = try directory.open()
            try store.commit([.append(Sample.chats(1...5)), .apply(Sample.delta(1...3))])
            store.close()
            let queue = try DatabaseQueue(path: directory.path + "/syncnet.db")
            try queue.inDatabase {
                try $0.execute(
                    sql: "DROP TABLE restricted; DROP TABLE accounts; "
                        + "PRAGMA user_version = 2")
            }
            try queue.close()
            let (later, found) = try directory.open()
            #expect(found.rooms.map(\.isPrivate) == [false])
            var delta = AppliedDelta(through: LogIndex(4))
            delta.restricted = ["den"]
            delta.memberships = [MembershipChange(room: "den", member: "anna", isMember: true)]
            delta.posts = [Post(room: "r", index: LogIndex(4), previous: LogIndex(3))]
            try later.commit([.apply(delta)])
            later.close()
            let (last, again) = try directory.open()
            #expect(again.rooms.map(\.name) == ["den", "r"])
            #expect(again.rooms.map(\.isPrivate) == [true, false])
            last.close()
        }

        @Test func `damage in a directory of version 1 is noticed before it is taken over`()
            throws
        {
            try filled()
            let queue = try DatabaseQueue(path: directory.path + "/syncnet.db")
            try queue.inDatabase { try $0.execute(sql: "UPDATE facts SET round = 1") }
            try queue.close()
            #expect(throws: StorageError.self) { try directory.open() }
            let again = try DatabaseQueue(path: directory.path + "/syncnet.db")
            #expect(try again.inDatabase { try Int.fetchOne($0, sql: "PRAGMA user_version") } == 1)
        }
    }
}
