public import StateMachine

/// The highest round that a server has seen, and whom it voted for in it. Durable.
public struct Ballot: Equatable, Sendable {
    /// The round.
    public var round: Epoch
    /// The candidate that got this server's vote, if one did.
    public var vote: NodeID?

    /// Makes a ballot.
    public init(round: Epoch, vote: NodeID?) {
        self.round = round
        self.vote = vote
    }
}

/// Which disk a member promised with.
public struct MemberDisk: Equatable, Sendable {
    /// The member.
    public var node: NodeID
    /// Its disk.
    public var disk: DiskID

    /// Makes the pair.
    public init(node: NodeID, disk: DiskID) {
        self.node = node
        self.disk = disk
    }
}

/// How the cluster began: made durable once by each of its servers.
public struct Formation: Equatable, Sendable {
    /// The cluster's name.
    public var cluster: ClusterID
    /// The ids of all members, by rank.
    public var members: [Text]
    /// The disks with which it was formed, rising by node. A member that is missing
    /// here has to be admitted first.
    public var disks: [MemberDisk]

    /// Makes a formation.
    public init(cluster: ClusterID, members: [Text], disks: [MemberDisk]) {
        self.cluster = cluster
        self.members = members
        self.disks = disks
    }
}

/// A room's message as the index of rooms has it; its text is in the log.
public struct Post: Equatable, Sendable {
    /// The room.
    public var room: Text
    /// Where the message stands in the log.
    public var index: LogIndex
    /// The room's preceding message, zero for none.
    public var previous: LogIndex

    /// Makes a post.
    public init(room: Text, index: LogIndex, previous: LogIndex) {
        self.room = room
        self.index = index
        self.previous = previous
    }
}

/// A room as applied.
public struct RoomRecord: Equatable, Sendable {
    /// Its name.
    public var name: Text
    /// Its latest message, zero for none.
    public var latest: LogIndex
    /// Its members in byte order.
    public var members: [Text]
    /// Whether only they read it.
    public var isPrivate: Bool

    /// Makes a record.
    public init(name: Text, latest: LogIndex, members: [Text], isPrivate: Bool = false) {
        self.name = name
        self.latest = latest
        self.members = members
        self.isPrivate = isPrivate
    }
}

/// What came of an applied request.
public enum Outcome: Equatable, Sendable {
    /// It was done, at this index.
    case done(LogIndex)
    /// It changed nothing, for this reason; it stands at this index.
    case refused(NackReason, LogIndex)
}

/// A session as applied.
public struct SessionRecord: Equatable, Sendable {
    /// Its opaque name.
    public var name: Text
    /// The number of its last applied request.
    public var last: UInt64
    /// The log position that used it last; the session used longest ago is evicted first.
    public var lastUsed: LogIndex
    /// The outcomes of its last requests, oldest first; the last one belongs to `last`.
    public var outcomes: [Outcome]

    /// Makes a record.
    public init(name: Text, last: UInt64, lastUsed: LogIndex, outcomes: [Outcome]) {
        self.name = name
        self.last = last
        self.lastUsed = lastUsed
        self.outcomes = outcomes
    }
}

/// A change of a room's membership.
public struct MembershipChange: Equatable, Sendable {
    /// The room.
    public var room: Text
    /// Who.
    public var member: Text
    /// In, or out.
    public var isMember: Bool

    /// Makes a change.
    public init(room: Text, member: Text, isMember: Bool) {
        self.room = room
        self.member = member
        self.isMember = isMember
    }
}

/// What applying a stretch of the log changed; stored so that a start need not replay it.
public struct AppliedDelta: Equatable, Sendable {
    /// All entries up to here are applied when this is.
    public var through: LogIndex
    /// New messages, rising by index.
    public var posts: [Post] = []
    /// Changes of membership, in order. A room's first join makes the room.
    public var memberships: [MembershipChange] = []
    /// Rooms that were made private; each has its first member in `memberships`.
    public var restricted: [Text] = []
    /// Changes of accounts, in order.
    public var accounts: [AccountChange] = []
    /// Sessions as they are now; replaces what was stored under their names.
    public var sessions: [SessionRecord] = []
    /// Sessions that were evicted. Never one that is also in `sessions`.
    public var evicted: [Text] = []
    /// Disks admitted since, in order; of number zero where a member was removed.
    public var admitted: [MemberDisk] = []

    /// Makes a delta without changes.
    public init(through: LogIndex) { self.through = through }
}

/// What a server asks its journal to make durable.
public enum JournalWrite: Equatable, Sendable {
    /// Adds entries right after the last one.
    case append([Entry])
    /// Removes every entry from this index on.
    case cut(from: LogIndex)
    /// Keeps round and vote.
    case ballot(Ballot)
    /// Raises the Lamport clock's ceiling: no stamp above it is in use.
    case ceiling(Stamp)
    /// Keeps how the cluster was formed.
    case form(Formation)
    /// Keeps whether this server still recovers from an empty disk.
    case recovering(Bool)
    /// Keeps what applying changed.
    indirect case apply(AppliedDelta)
}

/// What a server asks its journal to read.
public enum JournalQuery: Equatable, Sendable {
    /// Log entries from an index on: at most `count`, and no more than one beyond
    /// `bytes` of payload; at least one where there is one.
    case entries(from: LogIndex, count: Int, bytes: Int)
    /// Messages of a room: the first `limit` after an index, rising.
    case after(LogIndex, room: Text, limit: Int)
    /// Messages of a room: the last `limit` before an index (zero: before the end), rising.
    case before(LogIndex, room: Text, limit: Int)
    /// Messages in which words stand.
    indirect case search(SearchQuery)
}

/// Which messages to look for.
public struct SearchQuery: Equatable, Sendable {
    /// Words that all have to stand in a message, divided by spaces.
    public var words: Text
    /// The rooms to look in.
    public var rooms: [Text]
    /// Only messages before this index; zero for all.
    public var before: LogIndex
    /// At most so many, the last ones.
    public var limit: Int

    /// Makes a query.
    public init(words: Text, rooms: [Text], before: LogIndex, limit: Int) {
        self.words = words
        self.rooms = rooms
        self.before = before
        self.limit = limit
    }
}

/// What a journal answers.
public enum JournalAnswer: Equatable, Sendable {
    /// Entries, rising without gap.
    case entries([Entry])
    /// Messages, rising, and whether there are more in the direction asked.
    case messages([RoomMessage], more: Bool)
    /// Not all that was said is indexed yet; a step was done, and the same query does another.
    case indexing
    /// The words can't be looked up now. Nothing else is wrong.
    case unsearchable
}

/// A committed message of a room.
public struct RoomMessage: Equatable, Sendable {
    /// The room.
    public var room: Text
    /// Where it stands in the log.
    public var index: LogIndex
    /// The room's preceding message, zero for none.
    public var previous: LogIndex
    /// Its Lamport stamp.
    public var stamp: Stamp
    /// Who said it.
    public var sender: Text
    /// What its client's clock showed, in seconds since 1970.
    public var createdAt: Double
    /// What was said.
    public var text: Text

    /// Makes a message.
    public init(
        room: Text, index: LogIndex, previous: LogIndex, stamp: Stamp, sender: Text,
        createdAt: Double, text: Text
    ) {
        self.room = room
        self.index = index
        self.previous = previous
        self.stamp = stamp
        self.sender = sender
        self.createdAt = createdAt
        self.text = text
    }
}

/// A stretch of the log written in one epoch.
public struct EpochRun: Equatable, Sendable {
    /// The first index of the stretch.
    public var first: LogIndex
    /// The epoch of all its entries.
    public var epoch: Epoch

    /// Makes a stretch.
    public init(first: LogIndex, epoch: Epoch) {
        self.first = first
        self.epoch = epoch
    }
}

/// All that a journal kept, as read at a start.
public struct Recovered: Equatable, Sendable {
    /// The disk's name.
    public var disk: DiskID
    /// This start's number, already durable.
    public var boot: Boot
    /// Round and vote.
    public var ballot = Ballot(round: .zero, vote: nil)
    /// The Lamport clock's ceiling.
    public var ceiling = Stamp.zero
    /// How the cluster was formed, if it was.
    public var formation: Formation?
    /// Whether the server was recovering from an empty disk.
    public var isRecovering = false
    /// The epochs of the whole log, rising.
    public var runs: [EpochRun] = []
    /// The last index of the log.
    public var last = LogIndex.zero
    /// The entries after `applied`, all of them.
    public var tail: [Entry] = []
    /// Everything up to here is in `rooms`, `sessions` and `admitted`.
    public var applied = LogIndex.zero
    /// Rooms in byte order of their names.
    public var rooms: [RoomRecord] = []
    /// Sessions in the order of their last use.
    public var sessions: [SessionRecord] = []
    /// Disks admitted by applied entries, in order; of number zero where a member was removed.
    public var admitted: [MemberDisk] = []
    /// Accounts in byte order of their names.
    public var accounts: [Account] = []

    /// Makes what a journal finds on an empty disk.
    public init(disk: DiskID, boot: Boot) {
        self.disk = disk
        self.boot = boot
    }
}
