import StateMachine
package import SyncNetProtocol
package import SyncNetSimulation
import SyncNetStorage

/// Reads what a server that has ended keeps on its disk.
package enum DiskReader {
    /// So much is read at once.
    private static let entriesMost = 1_000
    private static let bytesMost = 8 << 20

    /// The whole log, and all messages of the rooms.
    /// - Throws: ``StorageError`` where it can't be read or is damaged.
    package static func read(
        _ directory: String, name: Text, rooms: [Text]
    ) throws -> RecordedServer {
        // A directory without a database gets one of this name, which says enough.
        let (store, found) = try ServerStore.open(
            directory: directory, freshDisk: DiskID(1), options: .verifyingAll)
        defer { store.close() }
        var server = RecordedServer(name: name, applied: found.applied)
        while server.last < found.last {
            let query = JournalQuery.entries(
                from: server.last.next, count: entriesMost, bytes: bytesMost)
            guard case .entries(let entries) = try store.answer(query), !entries.isEmpty else {
                break
            }
            for entry in entries { server.append(entry) }
        }
        for room in rooms { server.rooms.append(try messages(of: room, in: store)) }
        return server
    }

    private static func messages(
        of room: Text, in store: ServerStore
    ) throws -> [RoomMessage] {
        var messages: [RoomMessage] = []
        while true {
            let query = JournalQuery.after(
                messages.last?.index ?? .zero, room: room, limit: entriesMost)
            guard case .messages(let page, let more) = try store.answer(query) else { break }
            messages += page
            guard more, !page.isEmpty else { break }
        }
        return messages
    }
}
