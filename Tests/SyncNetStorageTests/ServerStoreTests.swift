import GRDB
import StateMachine
import SyncNetProtocol
import Testing

@testable import SyncNetStorage

extension StorageSuite {
    @Suite struct ServerStoreTests {
        let directory: TemporaryDirectory

        init() throws { directory = try TemporaryDirectory() }

        @Test func `an empty directory is a fresh disk at its first boot`() throws {
            let (store, found) = try directory.open(disk: 5)
            #expect(found == Recovered(disk: DiskID(5), boot: Boot(1)))
            store.close()
        }

        @Test func `the boot counter rises with every start, the disk stays`() throws {
            for boot in 1...5 {
                let (store, found) = try directory.open(disk: UInt64(boot) + 10)
                #expect(found.boot == Boot(UInt64(boot)))
                #expect(found.disk == DiskID(11))
                store.close()
            }
        }

        @Test func `the journal is WAL and synchronous is FULL on an open connection`() throws {
            let (store, _) = try directory.open()
            try store.commit([.append(Sample.chats(1...2))])
            let (journal, synchronous, locking) = try store.queue.inDatabase { db in
                (
                    try String.fetchOne(db, sql: "PRAGMA journal_mode"),
                    try Int.fetchOne(db, sql: "PRAGMA synchronous"),
                    try String.fetchOne(db, sql: "PRAGMA locking_mode")
                )
            }
            #expect(journal == "wal")
            #expect(synchronous == 2)
            #expect(locking == "normal")
            store.close()
        }

        @Test func `all that was written is found again`() throws {
            let (store, _) = try directory.open()
            let entries = Sample.chats(1...4) + Sample.chats(5...6, epoch: 3)
            try store.commit([
                .append(entries), .ballot(Ballot(round: Epoch(3), vote: NodeID(0))),
                .ceiling(Stamp(9_000)), .form(Sample.formation), .recovering(true),
            ])
            var delta = Sample.delta(1...4)
            delta.admitted = [
                MemberDisk(node: NodeID(2), disk: DiskID(.max)),
                MemberDisk(node: NodeID(1), disk: DiskID(4)),
            ]
            delta.memberships.append(
                MembershipChange(room: "empty", member: "bob", isMember: true))
            delta.memberships.append(
                MembershipChange(room: "empty", member: "bob", isMember: false))
            try store.commit([.apply(delta)])
            store.close()

            let (again, found) = try directory.open()
            #expect(found.ballot == Ballot(round: Epoch(3), vote: NodeID(0)))
            #expect(found.ceiling == Stamp(9_000))
            #expect(found.formation == Sample.formation)
            #expect(found.isRecovering)
            #expect(found.last == LogIndex(6))
            #expect(
                found.runs == [
                    EpochRun(first: LogIndex(1), epoch: Epoch(1)),
                    EpochRun(first: LogIndex(5), epoch: Epoch(3)),
                ])
            #expect(found.tail == Array(entries[4...]))
            #expect(found.applied == LogIndex(4))
            #expect(
                found.rooms == [
                    RoomRecord(name: "empty", latest: .zero, members: []),
                    RoomRecord(name: "r", latest: LogIndex(4), members: ["anna"]),
                ])
            #expect(found.sessions == delta.sessions)
            #expect(found.admitted == delta.admitted)
            again.close()
        }

        @Test func `a cut removes the tail, and the log goes on from there`() throws {
            let (store, _) = try directory.open()
            try store.commit([.append(Sample.chats(1...9))])
            try store.commit([.cut(from: LogIndex(4)), .append(Sample.chats(4...5, epoch: 2))])
            try store.commit([.cut(from: LogIndex(5))])
            store.close()
            let (again, found) = try directory.open()
            #expect(found.tail == Sample.chats(1...3) + Sample.chats(4...4, epoch: 2))
            try again.commit([.cut(from: LogIndex(1))])
            try again.commit([.append(Sample.chats(1...1, epoch: 3))])
            again.close()
            #expect(try directory.open().1.tail == Sample.chats(1...1, epoch: 3))
        }

        @Test func `entries come by count and by bytes, at least one`() throws {
            let (store, _) = try directory.open()
            try store.commit([.append(Sample.chats(1...9))])
            func entries(_ from: UInt64, _ count: Int, _ bytes: Int) throws -> JournalAnswer {
                try store.answer(.entries(from: LogIndex(from), count: count, bytes: bytes))
            }
            #expect(try entries(3, 2, 1 << 20) == .entries(Sample.chats(3...4)))
            #expect(try entries(3, 9, 1) == .entries(Sample.chats(3...3)))
            #expect(try entries(8, 9, 1 << 20) == .entries(Sample.chats(8...9)))
            #expect(try entries(10, 9, 1 << 20) == .entries([]))
            store.close()
        }

        @Test func `pages of a room say whether there is more`() throws {
            let (store, _) = try directory.open()
            try store.commit([.append(Sample.chats(1...9)), .apply(Sample.delta(1...9))])
            func indexes(_ query: JournalQuery) throws -> ([UInt64], Bool) {
                guard case .messages(let messages, let more) = try store.answer(query) else {
                    return ([], false)
                }
                return (messages.map(\.index.number), more)
            }
            #expect(try indexes(.after(LogIndex(2), room: "r", limit: 3)) == ([3, 4, 5], true))
            #expect(try indexes(.after(LogIndex(6), room: "r", limit: 3)) == ([7, 8, 9], false))
            #expect(try indexes(.before(.zero, room: "r", limit: 3)) == ([7, 8, 9], true))
            #expect(try indexes(.before(LogIndex(3), room: "r", limit: 3)) == ([1, 2], false))
            #expect(try indexes(.after(.zero, room: "other", limit: 3)) == ([], false))
            store.close()
        }

        @Test func `impossible writes are refused and change nothing`() throws {
            let impossible: [[JournalWrite]] = [
                [.append(Sample.chats(5...5))], [.append(Sample.chats(3...3))],
                [.append(Sample.chats(4...4, epoch: 0))], [.cut(from: LogIndex(2))],
                [.apply(AppliedDelta(through: LogIndex(4)))],
                [.ballot(Ballot(round: .zero, vote: nil))],
            ]
            let (store, _) = try directory.open()
            try store.commit([
                .append(Sample.chats(1...3)), .apply(Sample.delta(1...2)),
                .ballot(Ballot(round: Epoch(1), vote: nil)),
            ])
            store.close()
            for writes in impossible {
                let (store, _) = try directory.open()
                #expect(throws: StorageError.self) { try store.commit(writes) }
                store.close()
            }
            let (_, found) = try directory.open()
            #expect(found.last == LogIndex(3))
            #expect(found.ballot.round == Epoch(1))
        }

        @Test func `bug C2 forgets the sessions`() throws {
            var options = StorageOptions()
            options.bugs = .c2SessionsNotDurable
            let (store, _) = try directory.open(options: options)
            try store.commit([.append(Sample.chats(1...3)), .apply(Sample.delta(1...2))])
            store.close()
            #expect(try directory.open().1.sessions.isEmpty)
        }
    }
}
