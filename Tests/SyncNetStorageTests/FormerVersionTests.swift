import GRDB
import StateMachine
import SyncNetProtocol
import Testing

@testable import SyncNetStorage

extension StorageSuite {
    @Suite struct FormerVersionTests {
        let directory: TemporaryDirectory

        init() throws { directory = try TemporaryDirectory() }

        /// Turns what is there, without segments, into what a former version would have left.
        private func makeFormer(_ version: Int) throws {
            let queue = try DatabaseQueue(path: directory.path + "/syncnet.db")
            try queue.inDatabase { db in
                try takeBackSum(in: db)
                try db.execute(sql: "DROP TABLE segments; DROP TABLE runs")
                if version < 4 { try db.execute(sql: "DROP TABLE accounts") }
                if version < 3 { try db.execute(sql: "DROP TABLE restricted") }
                if version < 2 { try takeSum(in: db) }
                try db.execute(sql: "PRAGMA user_version = \(version)")
            }
            try queue.close()
        }

        /// Where epochs begin was not counted, and the index of the rooms was.
        private func takeBackSum(in db: Database) throws {
            func sum(of table: String) throws -> UInt64 {
                try Int64.fetchAll(db, sql: "SELECT checksum FROM \(table)")
                    .reduce(0) { $0 &+ UInt64(bitPattern: $1) }
            }
            var loader = Loader(db: db, files: StoreFiles(directory: directory.path), bugs: [])
            var facts = try loader.facts()
            facts.sum = try facts.sum &- sum(of: "runs") &+ sum(of: "posts")
            try facts.write(PreparedStatement(try db.makeStatement(sql: FactsRow.update)))
        }

        /// Leaves a row of facts without a sum.
        private func takeSum(in db: Database) throws {
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
            try db.execute(sql: "ALTER TABLE facts DROP COLUMN sum")
        }

        private func filled() throws {
            let (store, _) = try directory.open()
            try store.commit([
                .append(Sample.chats(1...5)), .ballot(Ballot(round: Epoch(2), vote: NodeID(1))),
            ])
            try store.commit([.apply(Sample.delta(1...3))])
            store.close()
            try makeFormer(1)
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
            try makeFormer(2)
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

        @Test(arguments: 1...4)
        func `what a former version kept is closed into segments`(version: Int) throws {
            let (store, _) = try directory.open()
            let chats = Sample.chats(1...9) + Sample.chats(10...13, epoch: 3)
            try store.commit([.append(chats), .apply(Sample.delta(1...12))])
            store.close()
            try makeFormer(version)
            let brief = StorageOptions.brief(segments: 4)
            let (migrated, found) = try directory.open(options: brief)
            #expect(migrated.unverified.isEmpty)
            migrated.close()
            let (later, again) = try directory.open(options: brief)
            #expect(later.unverified.segments.map(\.through.number) == [4, 8])
            #expect(again.runs == found.runs)
            #expect(again.runs.map(\.first.number) == [1, 10])
            while try later.verifyMore() {}
            later.close()
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
