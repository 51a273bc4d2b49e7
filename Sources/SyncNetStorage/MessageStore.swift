import StateMachine
public import SyncNetProtocol

/// Messages in a directory of their own, without a cluster: the storage alone.
///
/// Each message is an entry of the same log that a server keeps, durable when
/// ``store(_:from:in:at:)`` returns. Used from one thread at a time; other processes may read
/// the database beside it.
public final class MessageStore {
    private let store: ServerStore
    private var end: LogIndex
    private var stamp: Stamp
    private var rooms: [RoomRecord]

    /// Opens the messages of a directory, or begins with none.
    public init(directory: String) throws(StorageError) {
        var random = SystemRandomNumberGenerator()
        let (store, found) = try ServerStore.open(
            directory: directory, freshDisk: DiskID(random.next()), options: .verifyingAll)
        self.store = store
        end = found.last
        stamp = store.state.lastStamp
        rooms = found.rooms
    }

    /// Keeps a message, and answers it with its place.
    @discardableResult
    public func store(
        _ text: String, from sender: String, in room: String, at createdAt: Double
    ) throws(StorageError) -> RoomMessage {
        let latest = rooms.first { $0.name == Text(room) }?.latest ?? .zero
        let message = RoomMessage(
            room: Text(room), index: end.next, previous: latest, stamp: Stamp(stamp.number + 1),
            sender: Text(sender), createdAt: createdAt, text: Text(text))
        let command = Command(
            sender: message.sender, request: nil, createdAt: createdAt,
            action: .chat(room: message.room, text: message.text))
        let entry = Entry(
            index: message.index, epoch: Epoch(1), stamp: message.stamp,
            payload: .command(command))
        var delta = AppliedDelta(through: message.index)
        delta.posts = [Post(room: message.room, index: message.index, previous: latest)]
        try store.commit([.append([entry]), .apply(delta)])
        end = message.index
        stamp = message.stamp
        rooms.removeAll { $0.name == message.room }
        rooms.append(RoomRecord(name: message.room, latest: message.index, members: []))
        return message
    }

    /// The last messages of a room, the latest one at the end.
    public func recent(_ count: Int, in room: String) throws(StorageError) -> [RoomMessage] {
        let query = JournalQuery.before(.zero, room: Text(room), limit: count)
        guard case .messages(let messages, _) = try store.answer(query) else { return [] }
        return messages
    }

    /// Closes the files.
    public func close() { store.close() }
}
