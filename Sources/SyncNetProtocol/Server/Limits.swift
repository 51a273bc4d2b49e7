/// How much a server takes on. What is over a limit is refused, dropped or sent later, and counted.
public struct Limits: Equatable, Sendable {
    /// Members that the core can order; a configuration takes up to 64.
    public static let membersMax = 1_024
    /// Bytes of the words that somebody searches for.
    public static let searchBytesMax = 256
    /// Rooms in which is searched at once.
    public static let searchRoomsMax = 500
    /// The largest Lamport stamp: every JSON reader has integers up to 2^53 exactly.
    public static let stampMax: UInt64 = 1 << 53
    /// How far the clock of a server follows clients that are ahead of it, in one leap or in all
    /// together, before it waits (see ``stampLeapsPerSecond``).
    public static let stampLeapMax: UInt64 = 1 << 32
    /// How much further it follows them with each second. More than a server uses itself, and yet
    /// it takes strangers 68 years to use up all stamps that there are.
    public static let stampLeapsPerSecond: UInt64 = 1 << 22
    /// The highest round that a message may bear. No elections get there, and whoever believed
    /// the last number of all would be out of rounds.
    public static let roundMax: UInt64 = 1 << 62
    /// Questions to the journal without an answer, beyond which clients' pages are refused.
    public static let fetchesMax = 1_024
    /// A line of the client protocol, in bytes, without its end.
    public static let lineBytesMax = 65_536

    /// A message's text, in bytes.
    public var textBytes = 16_384
    /// A name, a room or a session, in bytes.
    public var nameBytes = 128
    /// Messages of a page of history where the client names no number.
    public var pageDefault = 100
    /// Messages of a page of history at the most.
    public var pageMax = 1_000
    /// Requests of a session without an answer; also how many answers are kept.
    public var sessionWindow = 1_024
    /// Sessions that are remembered.
    public var sessions = 10_000
    /// Entries in one append to a follower.
    public var appendEntries = 1_024
    /// Bytes of text in one append to a follower.
    public var appendBytes = 1 << 20
    /// Appends to a follower without an answer.
    public var appendsInFlight = 4
    /// Applied entries whose changes are not yet asked to be stored.
    public var unstored = 4_096
    /// Entries that are kept in memory after they are applied, to feed followers.
    public var cachedEntries = 4_096
    /// Entries that a leader takes on before they commit.
    public var uncommitted = 16_384
    /// Client connections of a server.
    public var connections = 20_000
    /// Rooms that one connection follows.
    public var subscriptions = 1_024
    /// Rooms of the cluster. A request for one more is refused where so many are known.
    public var rooms = 100_000
    /// Members of a room, likewise.
    public var roomMembers = 100_000
    /// Requests of all clients that wait in one server.
    public var waiting = 65_536
    /// Accounts of the cluster. One more is refused where so many are known.
    public var accounts = 10_000
    /// A password, in bytes.
    public var passwordBytes = 1_024
    /// Passwords that wait in one server to be worked out; one is at a time. The world lets no
    /// origin have them all.
    public var passwordJobs = 1_024
    /// Wrong passwords on one connection before it is closed.
    public var loginTries = 3
    /// How far the Lamport clock's ceiling is raised ahead of use.
    public var stampBlock: UInt64 = 1_000_000

    /// Stamps that are left for one event: each request that waits may be answered in it and
    /// sent on, each once; and the same again for timers, which go on when nothing more is taken.
    /// And a message may go to all connections.
    public var stampHeadroom: UInt64 { 4 * UInt64(waiting) + UInt64(connections) + 4_096 }

    /// Makes the defaults.
    public init() {}
}
