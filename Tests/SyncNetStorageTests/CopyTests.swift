import Foundation
import GRDB
import StateMachine
import SyncNetProtocol
import Testing

@testable import SyncNetStorage

extension StorageSuite {
    /// Copies of a store, and what may come of them.
    @Suite struct CopyTests {
        let directory: TemporaryDirectory
        let place: TemporaryDirectory
        var file: String { place.path + "/copy.db" }
        var restored: String { place.path + "/server2" }

        init() throws {
            directory = try TemporaryDirectory()
            place = try TemporaryDirectory()
        }

        /// A store with six entries, of which four are applied.
        private func store() throws -> ServerStore {
            let (store, _) = try directory.open()
            try store.commit([.form(Sample.formation), .ceiling(Stamp(900))])
            try store.commit([
                .ballot(Ballot(round: Epoch(7), vote: NodeID(1))), .append(Sample.chats(1...4)),
                .apply(Sample.delta(1...4)),
            ])
            try store.commit([.append(Sample.chats(5...6))])
            return store
        }

        private func error(_ body: () throws -> Void) -> StorageError? {
            do {
                try body()
                return nil
            } catch {
                return error as? StorageError
            }
        }

        private func open(_ path: String, disk: UInt64 = 99) throws -> Recovered {
            let (store, recovered) = try ServerStore.open(directory: path, freshDisk: DiskID(disk))
            store.close()
            return recovered
        }

        @Test func `a copy is taken while the store goes on, and holds what it held`() throws {
            let store = try store()
            let copy = try Backup.write(from: directory.path, to: file)
            try store.commit([.append(Sample.chats(7...9))])
            #expect(copy.last == LogIndex(6))
            #expect(copy.applied == LogIndex(4))
            #expect(copy.rooms == 1)
            #expect(copy.formation == Sample.formation)
            #expect(try StoreCopy(verifying: file) == copy)
            store.close()
            #expect(try FileManager.default.contentsOfDirectory(atPath: place.path) == ["copy.db"])
        }

        @Test func `a file that is there is not overwritten`() throws {
            let store = try store()
            defer { store.close() }
            try Data("dear".utf8).write(to: URL(fileURLWithPath: file))
            let error = error { _ = try Backup.write(from: directory.path, to: file) }
            #expect(error?.description.contains("copy.db is there already") == true)
            #expect(FileManager.default.contents(atPath: file) == Data("dear".utf8))
        }

        @Test func `a copy that was interrupted has not its name, and stays`() throws {
            let store = try store()
            defer { store.close() }
            try Data("half".utf8).write(to: URL(fileURLWithPath: file + ".part"))
            let error = error { _ = try Backup.write(from: directory.path, to: file) }
            #expect(error?.description.contains("copy.db.part is there already") == true)
            #expect(!FileManager.default.fileExists(atPath: file))
            #expect(FileManager.default.contents(atPath: file + ".part") == Data("half".utf8))
        }

        @Test func `a store that has lost what it acknowledged is not taken for a backup`() throws {
            let store = try store()
            let old = try Backup.write(from: directory.path, to: file)
            try store.commit([.append(Sample.chats(7...9))])
            store.close()
            let database = directory.path + "/syncnet.db"
            try FileManager.default.removeItem(atPath: database)
            try FileManager.default.copyItem(atPath: file, toPath: database)
            let other = place.path + "/other.db"
            let error = error { _ = try Backup.write(from: directory.path, to: other) }
            #expect(error?.failure == .damaged)
            #expect(error?.description.contains("log ends at entry 6") == true, "\(old)")
            #expect(!FileManager.default.fileExists(atPath: other))
        }

        @Test func `a copy that is laid into a directory by hand does not start`() throws {
            let store = try store()
            _ = try Backup.write(from: directory.path, to: file)
            store.close()
            try FileManager.default.createDirectory(
                atPath: restored, withIntermediateDirectories: true)
            try FileManager.default.copyItem(atPath: file, toPath: restored + "/syncnet.db")
            let error = error {
                try ServerStore.open(directory: restored, freshDisk: DiskID(9)).0.close()
            }
            #expect(error?.failure == .damaged)
            #expect(error?.description.contains("evidence is missing") == true)
        }

        @Test func `one server's copy comes back as another disk, which recovers`() throws {
            let store = try store()
            _ = try Backup.write(from: directory.path, to: file)
            store.close()
            _ = try Restore.make(restored, from: file, as: .recovering(DiskID(1_234)))
            let recovered = try open(restored)
            #expect(recovered.disk == DiskID(1_234))
            #expect(recovered.boot == Boot(1))
            #expect(recovered.isRecovering)
            #expect(recovered.ballot == Ballot(round: Epoch(7), vote: nil), "no vote is claimed")
            #expect(recovered.formation == Sample.formation)
            #expect(recovered.last == LogIndex(6))
            #expect(recovered.tail == Sample.chats(5...6))
            #expect(recovered.ceiling == Stamp(900))
            #expect(try open(restored).boot == Boot(2), "it starts again")
        }

        @Test func `a cluster that is founded anew has the history and none of the disks`() throws {
            let store = try store()
            var delta = AppliedDelta(through: LogIndex(5))
            delta.admitted = [MemberDisk(node: NodeID(1), disk: DiskID(55))]
            try store.commit([.apply(delta)])
            _ = try Backup.write(from: directory.path, to: file)
            store.close()
            var formation = Sample.formation
            formation.cluster = ClusterID(78)
            formation.disks = [
                MemberDisk(node: NodeID(0), disk: DiskID(10)),
                MemberDisk(node: NodeID(1), disk: DiskID(11)),
            ]
            _ = try Restore.make(restored, from: file, as: .founding(DiskID(11), formation))
            let recovered = try open(restored)
            #expect(recovered.disk == DiskID(11))
            #expect(!recovered.isRecovering)
            #expect(recovered.formation == formation)
            #expect(recovered.admitted.isEmpty)
            #expect(recovered.ballot == Ballot(round: Epoch(7), vote: nil))
            #expect(recovered.last == LogIndex(6))
            #expect(recovered.applied == LogIndex(5))
            #expect(recovered.rooms.map(\.name) == ["r"])
        }

        @Test func `an admission that is not applied yet founds no cluster`() throws {
            let store = try store()
            let admission = Entry(
                index: LogIndex(7), epoch: Epoch(1), stamp: Stamp(500),
                payload: .diskAdmitted(NodeID(1), DiskID(55)))
            try store.commit([.append([admission])])
            _ = try Backup.write(from: directory.path, to: file)
            store.close()
            let error = error {
                _ = try Restore.make(
                    restored, from: file, as: .founding(DiskID(11), Sample.formation))
            }
            #expect(error?.description.contains("use another backup") == true)
            #expect(try !Restore.hasData(restored))
        }

        @Test func `a directory with data or with a server is left as it is`() throws {
            let store = try store()
            _ = try Backup.write(from: directory.path, to: file)
            let purpose = Restore.Purpose.recovering(DiskID(5))
            let used = error { _ = try Restore.make(directory.path, from: file, as: purpose) }
            #expect(used?.description.contains("in use by another server") == true)
            store.close()
            let full = error { _ = try Restore.make(directory.path, from: file, as: purpose) }
            #expect(full?.description.contains("holds data already") == true)
            #expect(try open(directory.path).disk == DiskID(1))
        }

        @Test func `a copy with one wrong byte is refused, and nothing is made`() throws {
            let store = try store()
            _ = try Backup.write(from: directory.path, to: file)
            store.close()
            var data = try #require(FileManager.default.contents(atPath: file))
            let place = try #require(data.firstRange(of: Data("text 3".utf8)))
            data[place.lowerBound] ^= 1
            try data.write(to: URL(fileURLWithPath: file))
            let error = error {
                _ = try Restore.make(restored, from: file, as: .recovering(DiskID(5)))
            }
            #expect(error?.failure == .damaged)
            #expect(error?.description.contains("copy.db is damaged: entry 3") == true)
            #expect(error?.description.contains("take another backup") == true)
            #expect(try !Restore.hasData(restored))
        }

        @Test func `a directory that is set aside is whole under its new name`() throws {
            let store = try store()
            let aside = place.path + "/aside"
            let used = error { try SetAside.move(directory.path, to: aside) }
            #expect(used?.description.contains("in use by another server") == true)
            store.close()
            try SetAside.move(directory.path, to: aside)
            #expect(!FileManager.default.fileExists(atPath: directory.path))
            #expect(try open(aside).last == LogIndex(6))
        }
    }
}
