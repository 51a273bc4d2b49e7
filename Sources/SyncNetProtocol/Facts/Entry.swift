public import StateMachine

/// One position of the replicated log.
public struct Entry: Equatable, Sendable {
    /// Where it stands.
    public var index: LogIndex
    /// In which epoch its leader put it there.
    public var epoch: Epoch
    /// Its Lamport stamp; rises strictly along the log.
    public var stamp: Stamp
    /// What it says.
    public var payload: Payload

    /// Makes an entry.
    public init(index: LogIndex, epoch: Epoch, stamp: Stamp, payload: Payload) {
        self.index = index
        self.epoch = epoch
        self.stamp = stamp
        self.payload = payload
    }
}

/// What a log entry says.
public enum Payload: Equatable, Sendable {
    /// A leader's first entry: those of earlier epochs commit through it (Raft, section 5.4.2).
    case epochStarted(by: NodeID)
    /// This disk of a server counts: of a wiped member, or of a server that becomes one.
    case diskAdmitted(NodeID, DiskID)
    /// The server is a member no more; the disk with which it counted, zero for none.
    case memberRemoved(NodeID, DiskID)
    /// A client's request.
    indirect case command(Command)
}

/// A client's request that changes what all servers hold.
public struct Command: Equatable, Sendable {
    /// The client's name.
    public var sender: Text
    /// Which request of which session; nil for a client that does not number.
    public var request: SessionRequest?
    /// What the client's clock showed, in seconds since 1970; always finite.
    public var createdAt: Double
    /// What it asks for.
    public var action: Action

    /// Makes a command.
    public init(sender: Text, request: SessionRequest?, createdAt: Double, action: Action) {
        self.sender = sender
        self.request = request
        self.createdAt = createdAt
        self.action = action
    }
}

/// One request of one session.
public struct SessionRequest: Equatable, Sendable {
    /// The session's opaque name.
    public var session: Text
    /// 1, 2, 3, … in the order in which the client made its requests.
    public var number: UInt64

    /// Makes the name of a request.
    public init(session: Text, number: UInt64) {
        self.session = session
        self.number = number
    }
}

/// What a command does when it is applied.
public enum Action: Equatable, Sendable {
    /// The sender becomes a member of the room, which is made where there was none.
    case join(room: Text)
    /// The sender is no longer a member of the room.
    case leave(room: Text)
    /// The sender, a member, says something.
    case chat(room: Text, text: Text)
    /// The same as `join`, where the sender is a member; and where there is no such room, makes
    /// it one that only members read and that nobody gets into uninvited.
    case makePrivate(room: Text)
    /// The sender, a member of a private room, makes somebody else a member.
    case invite(room: Text, guest: Text)
    /// An account is made, or changed.
    indirect case setAccount(Account)
    /// An account is removed.
    case removeAccount(Text)
}
