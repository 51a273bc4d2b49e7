public import StateMachine

/// Why a request was not applied, as a word for programs.
public enum NackReason: UInt8, Equatable, Sendable, CaseIterable {
    /// No server knows who leads right now; try again.
    case noLeader
    /// The request makes no sense.
    case badRequest
    /// Something in the request is over its limit.
    case tooLarge
    /// The sender is no member of the room.
    case notJoined
    /// The server has more to do than it takes on.
    case overloaded
    /// An earlier request of the session is missing: send again from there.
    case gap
    /// The session was never seen or was forgotten long ago.
    case unknownSession
    /// It is not known whether the request was applied.
    case unknownOutcome
    /// The server is not ready to serve: it starts, recovers or stops.
    case unavailable
    /// The cluster is not ready for a change of its members.
    case notReady
    /// The room is private, and the sender is no member of it.
    case notAMember = 20
    /// The room is there already, and open to everybody.
    case roomIsOpen
    /// The name belongs to an account, or names have to: log in first.
    case loginRequired
    /// The password is wrong, or there is no such account.
    case badLogin
    /// Only an operator may do that.
    case notAllowed
    /// There is no account of that name.
    case noSuchAccount
    /// The server speaks only TLS, and the connection does not.
    case tlsRequired

    /// The word on the wire.
    public var word: StaticString {
        switch self {
        case .noLeader: "no_leader"
        case .badRequest: "bad_request"
        case .tooLarge: "too_large"
        case .notJoined: "not_joined"
        case .overloaded: "overloaded"
        case .gap: "gap"
        case .unknownSession: "unknown_session"
        case .unknownOutcome: "unknown_outcome"
        case .unavailable: "unavailable"
        case .notReady: "not_ready"
        case .notAMember: "not_a_member"
        case .roomIsOpen: "room_is_open"
        case .loginRequired: "login_required"
        case .badLogin: "bad_login"
        case .notAllowed: "not_allowed"
        case .noSuchAccount: "no_such_account"
        case .tlsRequired: "tls_required"
        }
    }
}

/// What a client sends.
public struct ClientRequest: Equatable, Sendable {
    /// The client's name.
    public var sender: Text
    /// What its clock showed, in seconds since 1970; nil where that was no finite number.
    public var createdAt: Double?
    /// Its session, if it numbers its requests.
    public var session: Text?
    /// The request's number, or a number for matching only.
    public var request: UInt64?
    /// What it asks for.
    public var body: ClientRequestBody

    /// Makes a request.
    public init(
        sender: Text, createdAt: Double?, session: Text?, request: UInt64?,
        body: ClientRequestBody
    ) {
        self.sender = sender
        self.createdAt = createdAt
        self.session = session
        self.request = request
        self.body = body
    }
}

/// What a client asks for.
public enum ClientRequestBody: Equatable, Sendable {
    /// Membership of a room, and its messages on this connection: with `after`, first
    /// those after that index. A private one is made so that only members read it.
    case createJoin(room: Text, after: LogIndex?, isPrivate: Bool = false)
    /// Membership of a private room for somebody else.
    case invite(room: Text, guest: Text)
    /// Say something in a room.
    case chat(room: Text, text: Text)
    /// Give up membership.
    case leave(room: Text)
    /// A page of a room's messages.
    case history(HistoryRequest)
    /// The servers of the cluster; with `status`, also how this server sees them.
    case discovery(status: Bool)
    /// The sender proves by a password who they are, on this connection.
    case login(password: Text)
    /// Somebody who reads a server's data directory proves it by the token in there.
    case operatorLogin(token: Text)
    /// An account is to be made, or changed.
    case setAccount(name: Text, password: Text, isOperator: Bool)
    /// An account is to be removed.
    case removeAccount(name: Text)
    /// The accounts whose names stand after this one.
    case listAccounts(after: Text)
    /// An operator changes who is a member of the cluster.
    case membership(add: Bool, id: Text)
    /// The guide's monitor asks with a line of its own.
    case statusLine
    /// The codec could not make sense of the line.
    case invalid(NackReason, detail: Text, closes: Bool)
}

/// Which page of a room's messages.
public struct HistoryRequest: Equatable, Sendable {
    /// The room.
    public var room: Text
    /// The first `limit` after this index.
    public var after: LogIndex?
    /// The last `limit` before this index.
    public var before: LogIndex?
    /// At most so many; nil for the default.
    public var limit: UInt64?
    /// Whether the page has to show all that was acknowledged before it was asked for.
    public var isLinearizable: Bool
    /// The highest index that the client has seen.
    public var seen: LogIndex
    /// Whether the members are wanted as well.
    public var wantsMembers: Bool
    /// Only messages in which all of these words stand; then an empty room means all rooms of
    /// which the reader is a member.
    public var search: Text?

    /// Makes a request for the last messages of a room.
    public init(
        room: Text, after: LogIndex? = nil, before: LogIndex? = nil, limit: UInt64? = nil,
        isLinearizable: Bool = false, seen: LogIndex = .zero, wantsMembers: Bool = false,
        search: Text? = nil
    ) {
        self.room = room
        self.after = after
        self.before = before
        self.limit = limit
        self.isLinearizable = isLinearizable
        self.seen = seen
        self.wantsMembers = wantsMembers
        self.search = search
    }
}

/// What a server sends to a client.
public enum ClientReply: Equatable, Sendable {
    /// A write was applied: at `index`, by request `request` where it had one.
    case done(request: UInt64?, room: Text, index: LogIndex)
    /// A page of history.
    case history(request: UInt64?, HistoryPage)
    /// The request was not applied (or, for `unknownOutcome`, nobody knows).
    case nack(request: UInt64?, NackReason, detail: Text)
    /// The servers of the cluster, a view of them where it was asked for, and the cluster's name,
    /// nil from a server that is in none yet. Another name than before says that all data were
    /// replaced.
    case servers(request: UInt64?, [ServerAddress], ServerStatus?, cluster: ClusterID? = nil)
    /// The accounts, in byte order of their names, and whether there are more.
    case accounts(request: UInt64?, [AccountEntry], hasMore: Bool)
    /// A committed message of a room that this connection follows.
    case pushed(RoomMessage)
    /// The answer to the guide's monitor: a line without its end.
    case statusLine(Text)
}

/// A page of a room's messages.
public struct HistoryPage: Equatable, Sendable {
    /// The room.
    public var room: Text
    /// Rising by index.
    public var messages: [RoomMessage]
    /// Whether there are more in the direction asked.
    public var hasMore: Bool
    /// The members in byte order, where they were asked for.
    public var members: [Text]?
    /// Whether only its members read the room, so that it is not multicast. False for a page of a
    /// search in all rooms.
    public var isPrivate: Bool

    /// Makes a page.
    public init(
        room: Text, messages: [RoomMessage], hasMore: Bool, members: [Text]?,
        isPrivate: Bool = false
    ) {
        self.room = room
        self.messages = messages
        self.hasMore = hasMore
        self.members = members
        self.isPrivate = isPrivate
    }
}

/// Where a server listens for clients.
public struct ServerAddress: Equatable, Sendable {
    /// The server's id.
    public var id: Text
    /// Its host.
    public var host: Text
    /// Its TCP port.
    public var port: UInt16
    /// Whether the answering server takes it for the leader.
    public var isLeader: Bool

    /// Makes an address.
    public init(id: Text, host: Text, port: UInt16, isLeader: Bool) {
        self.id = id
        self.host = host
        self.port = port
        self.isLeader = isLeader
    }
}

/// What a server is.
public enum ServerRole: UInt8, Equatable, Sendable, CaseIterable {
    /// It finds out whether the cluster is new, or recovers from an empty disk.
    case recovering
    /// It knows no leader.
    case searching
    /// It follows a leader.
    case following
    /// It leads, and a quorum has confirmed that within about a second.
    case leading
}

/// How a server sees itself and its peers.
public struct ServerStatus: Equatable, Sendable {
    /// The answering server.
    public var id: Text
    /// What it is.
    public var role: ServerRole
    /// The highest round it knows.
    public var epoch: Epoch
    /// The last index that it knows to be committed.
    public var commit: LogIndex
    /// The last index that it has applied.
    public var applied: LogIndex
    /// The last index of its log.
    public var last: LogIndex
    /// Whom it takes for the leader.
    public var leader: Text?
    /// The others.
    public var peers: [PeerStatus]

    /// Makes a status.
    public init(
        id: Text, role: ServerRole, epoch: Epoch, commit: LogIndex, applied: LogIndex,
        last: LogIndex, leader: Text?, peers: [PeerStatus]
    ) {
        self.id = id
        self.role = role
        self.epoch = epoch
        self.commit = commit
        self.applied = applied
        self.last = last
        self.leader = leader
        self.peers = peers
    }
}

/// How a server sees a peer.
public struct PeerStatus: Equatable, Sendable {
    /// The peer.
    public var id: Text
    /// Whether it is believed to live.
    public var isAlive: Bool
    /// How long ago it was last heard, nil for never since this start.
    public var silence: Interval?
    /// The last commit index that it told.
    public var commit: LogIndex

    /// Makes a status.
    public init(id: Text, isAlive: Bool, silence: Interval?, commit: LogIndex) {
        self.id = id
        self.isAlive = isAlive
        self.silence = silence
        self.commit = commit
    }
}
