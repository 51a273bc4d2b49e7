/// A committed message of a room, as it is shown.
public struct Post: Equatable, Sendable {
    /// The room.
    public var room: String
    /// Where it stands in the log: rising in a room.
    public var index: UInt64
    /// Its Lamport stamp.
    public var stamp: UInt64
    /// Who said it.
    public var sender: String
    /// What was said.
    public var text: String
    /// When, in seconds since 1970.
    public var createdAt: Double

    /// Makes a post.
    public init(
        room: String, index: UInt64, stamp: UInt64, sender: String, text: String,
        createdAt: Double
    ) {
        self.room = room
        self.index = index
        self.stamp = stamp
        self.sender = sender
        self.text = text
        self.createdAt = createdAt
    }
}

/// Up to where a room was shown.
public struct Bookmark: Equatable, Sendable, Codable {
    /// The room.
    public var room: String
    /// The index of the last message shown, or of the join where none was.
    public var index: UInt64
    /// That message's stamp; nil where none was shown.
    public var stamp: UInt64?

    /// Makes a bookmark.
    public init(room: String, index: UInt64, stamp: UInt64?) {
        self.room = room
        self.index = index
        self.stamp = stamp
    }
}
