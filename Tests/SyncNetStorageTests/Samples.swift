import Foundation
import StateMachine
import SyncNetProtocol

@testable import SyncNetStorage

/// Entries and facts for tests.
enum Sample {
    static func chat(
        _ index: UInt64, epoch: UInt64 = 1, room: Text = "r", text: String? = nil
    ) -> Entry {
        let command = Command(
            sender: "anna", request: SessionRequest(session: "s", number: index),
            createdAt: 1.5, action: .chat(room: room, text: Text(text ?? "text \(index)")))
        return Entry(
            index: LogIndex(index), epoch: Epoch(epoch), stamp: Stamp(index * 10 + epoch),
            payload: .command(command))
    }

    static func chats(_ range: ClosedRange<UInt64>, epoch: UInt64 = 1) -> [Entry] {
        range.map { chat($0, epoch: epoch) }
    }

    /// What applying the chats of one room changes.
    static func delta(_ range: ClosedRange<UInt64>, room: Text = "r") -> AppliedDelta {
        var delta = AppliedDelta(through: LogIndex(range.upperBound))
        delta.posts = range.map {
            Post(room: room, index: LogIndex($0), previous: LogIndex($0 - 1))
        }
        delta.memberships = [MembershipChange(room: room, member: "anna", isMember: true)]
        let outcomes = range.map { Outcome.done(LogIndex($0)) }
        delta.sessions = [
            SessionRecord(
                name: "s", last: range.upperBound, lastUsed: delta.through, outcomes: outcomes)
        ]
        return delta
    }

    static let formation = Formation(
        cluster: ClusterID(77), members: ["server1", "sérver2"],
        disks: [MemberDisk(node: NodeID(0), disk: DiskID(.max))])
}

/// A directory of the real file system, removed at the end of the test.
final class TemporaryDirectory {
    let path: String

    init() throws {
        let base = FileManager.default.temporaryDirectory
        let url = base.appendingPathComponent("syncnet-storage-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path
    }

    deinit {
        // Some tests take rights away.
        try? FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
        try? FileManager.default.removeItem(atPath: path)
    }

    func open(
        disk: UInt64 = 1, options: StorageOptions = StorageOptions()
    ) throws(StorageError) -> (ServerStore, Recovered) {
        try ServerStore.open(directory: path, freshDisk: DiskID(disk), options: options)
    }
}

extension StorageOptions {
    /// With segments so short that every history is a long one.
    static func brief(segments count: Int) -> StorageOptions {
        var options = StorageOptions()
        options.segmentEntries = count
        options.verifiedAtStart = 0
        return options
    }
}
