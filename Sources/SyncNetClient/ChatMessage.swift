import SyncNetProtocol

/// A committed message of a room.
public struct ChatMessage: Equatable, Sendable {
    /// The room.
    public var room: String
    /// Where it stands in the replicated log: the same on every server, rising in a room.
    public var index: UInt64
    /// The index of the room's preceding message, 0 for none.
    public var previous: UInt64
    /// Its Lamport stamp.
    public var stamp: UInt64
    /// Who said it.
    public var sender: String
    /// What its author's clock showed, in seconds since 1970.
    public var createdAt: Double
    /// What was said.
    public var text: String

    init(_ message: RoomMessage) {
        room = message.room.string
        index = message.index.number
        previous = message.previous.number
        stamp = message.stamp.number
        sender = message.sender.string
        createdAt = message.createdAt
        text = message.text.string
    }
}

/// A page of a room's history.
public struct ChatPage: Equatable, Sendable {
    /// Rising by index.
    public var messages: [ChatMessage]
    /// Whether there are more in the direction asked.
    public var hasMore: Bool
}

/// Which page of a room's history.
public enum ChatRange: Equatable, Sendable {
    /// The last messages.
    case latest
    /// The last messages before an index.
    case before(UInt64)
    /// The first messages after an index.
    case after(UInt64)
}

/// Something that happened to the connection.
public enum ChatEvent: Equatable, Sendable {
    /// Connected to a server.
    case connected(ChatAddress)
    /// The connection is lost. The client looks for another server by itself, and sends again
    /// what was not answered.
    case disconnected
    /// The connected server knows no leader: too few servers are up, or none was elected yet. What
    /// is asked for waits.
    case leaderless
    /// There is a leader again.
    case led
    /// The servers take the password no more: it was changed, or the account removed.
    case lockedOut(detail: String)
    /// The servers are another cluster than before. The client is closed, as
    /// ``ChatError/replaced`` says.
    case replaced
    /// The membership of this private room has ended, though not by this client.
    case excluded(String)
}
