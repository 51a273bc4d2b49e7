public import StateMachine

/// The identifier that LCR compares: the largest has the most complete log.
public struct CandidateID: Comparable, Sendable {
    /// The epoch of the last durable entry.
    public var epoch: Epoch
    /// The index of the last durable entry.
    public var index: LogIndex
    /// Who.
    public var node: NodeID

    /// Makes an identifier.
    public init(epoch: Epoch, index: LogIndex, node: NodeID) {
        self.epoch = epoch
        self.index = index
        self.node = node
    }

    /// By epoch, then index, then node.
    public static func < (lhs: Self, rhs: Self) -> Bool {
        if lhs.epoch != rhs.epoch { return lhs.epoch < rhs.epoch }
        if lhs.index != rhs.index { return lhs.index < rhs.index }
        return lhs.node < rhs.node
    }
}

/// Tells tokens of one origin apart: a token sent again gets a new number.
public struct TokenSerial: Comparable, Sendable {
    /// The origin's boot.
    public var boot: Boot
    /// Rises with every token that the origin sends in that boot. What is above its lower half
    /// tells the disks of an origin apart, since each counts its boots from 1 on.
    public var number: UInt64

    /// Makes a serial.
    public init(boot: Boot, number: UInt64) {
        self.boot = boot
        self.number = number
    }

    /// Makes the serial of the so-manieth token that a server sends in a boot.
    package init(disk: DiskID, boot: Boot, count: UInt64) {
        self.init(boot: boot, number: Self.mark(of: disk) << 32 | count & 0xFFFF_FFFF)
    }

    /// Whether a server sent it in a boot on a disk.
    package func isFrom(_ disk: DiskID, _ boot: Boot) -> Bool {
        self.boot == boot && mark == Self.mark(of: disk)
    }

    /// Tells the disk.
    package var mark: UInt64 { number >> 32 }

    /// Of the 63 bits that a counter has on the wire.
    private static func mark(of disk: DiskID) -> UInt64 {
        (disk.number ^ disk.number >> 32) & 0x7FFF_FFFF
    }

    /// By boot, then number.
    public static func < (lhs: Self, rhs: Self) -> Bool {
        lhs.boot != rhs.boot ? lhs.boot < rhs.boot : lhs.number < rhs.number
    }
}

/// First lap of an election: LCR finds the candidate (Chang & Roberts 1979).
public struct Token: Equatable, Sendable {
    /// The round that the origin wants to lead.
    public var round: Epoch
    /// The origin's identifier.
    public var candidate: CandidateID
    /// Tells it from the origin's other tokens.
    public var serial: TokenSerial
    /// How many servers it has passed, its origin included.
    public var passed: UInt32

    /// Makes a token.
    public init(round: Epoch, candidate: CandidateID, serial: TokenSerial, passed: UInt32) {
        self.round = round
        self.candidate = candidate
        self.serial = serial
        self.passed = passed
    }
}

/// Second lap: collects durable votes.
public struct Elected: Equatable, Sendable {
    /// The round that is voted on.
    public var round: Epoch
    /// The candidate and its claim to a complete log.
    public var candidate: CandidateID
    /// Tells it from the origin's other tokens.
    public var serial: TokenSerial
    /// Who has voted durably, each with its disk; in the order of the ring.
    public var voters: [MemberDisk]
    /// The highest round of a server that refused, zero for none.
    public var refusedRound: Epoch
    /// Whether it goes back to its origin at once, for the ring does not get round. Said from
    /// version 2 of the format on; formerly it goes on.
    public var isDirect: Bool

    /// Makes a second-lap token.
    public init(
        round: Epoch, candidate: CandidateID, serial: TokenSerial, voters: [MemberDisk],
        refusedRound: Epoch, isDirect: Bool = false
    ) {
        self.round = round
        self.candidate = candidate
        self.serial = serial
        self.voters = voters
        self.refusedRound = refusedRound
        self.isDirect = isDirect
    }
}

/// The lap of a token.
public enum Lap: UInt8, Equatable, Sendable, CaseIterable {
    /// LCR's.
    case first
    /// The vote.
    case second
}

/// A neighbour has taken a token.
public struct TokenTaken: Equatable, Sendable {
    /// Which lap.
    public var lap: Lap
    /// The token's origin.
    public var origin: NodeID
    /// The token.
    public var serial: TokenSerial

    /// Makes an acknowledgement.
    public init(lap: Lap, origin: NodeID, serial: TokenSerial) {
        self.lap = lap
        self.origin = origin
        self.serial = serial
    }
}

/// "I live", by datagram to every member.
public struct Heartbeat: Equatable, Sendable {
    /// The sender's boot.
    public var boot: Boot
    /// Rises with every heartbeat of the boot, so that an old one is known.
    public var sequence: UInt64
    /// The sender's disk.
    public var disk: DiskID
    /// The cluster it belongs to, nil where it doesn't know yet.
    public var cluster: ClusterID?
    /// The sender's round: the epoch it leads, where it leads.
    public var round: Epoch
    /// Whether the sender leads `round`.
    public var isLeading: Bool
    /// Its commit index.
    public var commit: LogIndex
    /// When it was sent, by the sender's clock; an answer repeats it.
    public var sentAt: Instant
    /// Whether an answer is wanted now (a probe).
    public var wantsAnswer: Bool
    /// Whether the sender's disk was wiped, so that it does not count yet. Version 1 of the
    /// format does not say: nil.
    public var isRecovering: Bool?

    /// Makes a heartbeat.
    public init(
        boot: Boot, sequence: UInt64, disk: DiskID, cluster: ClusterID?, round: Epoch,
        isLeading: Bool, commit: LogIndex, sentAt: Instant, wantsAnswer: Bool,
        isRecovering: Bool? = false
    ) {
        self.boot = boot
        self.sequence = sequence
        self.disk = disk
        self.cluster = cluster
        self.round = round
        self.isLeading = isLeading
        self.commit = commit
        self.sentAt = sentAt
        self.wantsAnswer = wantsAnswer
        self.isRecovering = isRecovering
    }
}

/// Answers a heartbeat: is itself one, and repeats when the other was sent.
public struct HeartbeatAnswer: Equatable, Sendable {
    /// How the answering server is.
    public var heartbeat: Heartbeat
    /// The boot of the heartbeat that is answered.
    public var echoedBoot: Boot
    /// `round` of the heartbeat that is answered.
    public var echoedRound: Epoch
    /// `sentAt` of the heartbeat that is answered.
    public var echo: Instant

    /// Makes an answer.
    public init(heartbeat: Heartbeat, echoedBoot: Boot, echoedRound: Epoch, echo: Instant) {
        self.heartbeat = heartbeat
        self.echoedBoot = echoedBoot
        self.echoedRound = echoedRound
        self.echo = echo
    }
}

/// A server with an empty disk, or one that looks for its cluster, introduces itself.
public struct Introduction: Equatable, Sendable {
    /// Its boot.
    public var boot: Boot
    /// Its disk.
    public var disk: DiskID
    /// Its members' ids, by rank: another list is another cluster.
    public var members: [Text]
    /// Whether it has never voted and stored nothing.
    public var isNew: Bool
    /// How its cluster was formed, where it was, with later admitted disks in place.
    public var formation: Formation?
    /// The highest round it knows.
    public var round: Epoch
    /// The last index of its log.
    public var last: LogIndex
    /// Whether an answer is wanted.
    public var wantsAnswer: Bool
    /// Tells questions of one start from those of another; an answer repeats it. Nil where
    /// nobody asked, and in version 1 of the message format.
    public var nonce: UInt64?

    /// Makes an introduction.
    public init(
        boot: Boot, disk: DiskID, members: [Text], isNew: Bool, formation: Formation?,
        round: Epoch, last: LogIndex, wantsAnswer: Bool, nonce: UInt64? = nil
    ) {
        self.boot = boot
        self.disk = disk
        self.members = members
        self.isNew = isNew
        self.formation = formation
        self.round = round
        self.last = last
        self.wantsAnswer = wantsAnswer
        self.nonce = nonce
    }
}

/// Entries for a follower, or none: then it confirms the leader.
public struct Append: Equatable, Sendable {
    /// The leader's epoch.
    public var epoch: Epoch
    /// The leader.
    public var leader: NodeID
    /// The cluster.
    public var cluster: ClusterID
    /// The index before the first entry.
    public var previousIndex: LogIndex
    /// The epoch of the entry at `previousIndex`.
    public var previousEpoch: Epoch
    /// Rising without gap from the index after `previousIndex`.
    public var entries: [Entry]
    /// The leader's commit index.
    public var commit: LogIndex
    /// When it was sent, by the sender's clock; an answer repeats it.
    public var sentAt: Instant
    /// Whether the sender is the leader itself, and not a server that feeds for it
    /// (then all entries are committed, and the answer goes to that server).
    public var isFromLeader: Bool

    /// Makes an append.
    public init(
        epoch: Epoch, leader: NodeID, cluster: ClusterID, previousIndex: LogIndex,
        previousEpoch: Epoch, entries: [Entry], commit: LogIndex, sentAt: Instant,
        isFromLeader: Bool
    ) {
        self.epoch = epoch
        self.leader = leader
        self.cluster = cluster
        self.previousIndex = previousIndex
        self.previousEpoch = previousEpoch
        self.entries = entries
        self.commit = commit
        self.sentAt = sentAt
        self.isFromLeader = isFromLeader
    }
}

/// What came of an append.
public enum AppendResult: Equatable, Sendable {
    /// The log is the leader's, durably, up to here.
    case matches(LogIndex)
    /// The previous entry is not there: try from this index on.
    case tryFrom(LogIndex)
    /// The answering server has promised a higher round.
    case refused(Epoch)
}

/// Answers an append.
public struct AppendAnswer: Equatable, Sendable {
    /// The epoch of the append.
    public var epoch: Epoch
    /// The answering server's disk.
    public var disk: DiskID
    /// What came of it.
    public var result: AppendResult
    /// `sentAt` of the append.
    public var echo: Instant

    /// Makes an answer.
    public init(epoch: Epoch, disk: DiskID, result: AppendResult, echo: Instant) {
        self.epoch = epoch
        self.disk = disk
        self.result = result
        self.echo = echo
    }
}

/// What a server asks of the leader, for a client or for itself.
public enum RelayedRequest: Equatable, Sendable {
    /// Put this into the log.
    case command(Command, stamp: Stamp)
    /// Tell me an index that holds all that is acknowledged by now.
    case readIndex
    /// My wiped disk has caught up: make me a member again.
    case admission(MemberDisk)
    /// An operator changes who is a member.
    case membership(MemberChange)
}

/// A change of who is a member, one server at a time.
public enum MemberChange: Equatable, Sendable {
    /// The server becomes a member, with the disk that it has.
    case add(NodeID)
    /// The server is a member no more.
    case remove(NodeID)

    /// Which server.
    public var node: NodeID {
        switch self {
        case .add(let node), .remove(let node): node
        }
    }
}

/// What the leader answers.
public enum RelayedAnswer: Equatable, Sendable {
    /// The command stands in the log at this index, put there in this epoch; it is done
    /// when that is committed.
    case appended(LogIndex, Epoch)
    /// The command changes nothing, since the sender is a member already, as of this index.
    case unchanged(LogIndex)
    /// An index that holds all that was acknowledged when the question came.
    case readIndex(LogIndex)
    /// Not applied.
    case refused(NackReason)
}

/// The body of a message.
public enum Body: Equatable, Sendable {
    // By datagram, between servers.
    indirect case heartbeat(Heartbeat)
    indirect case heartbeatAnswer(HeartbeatAnswer)
    indirect case token(Token)
    indirect case elected(Elected)
    indirect case tokenTaken(TokenTaken)
    /// To the origin of a token: a leader lives, and who tells so serves you for it.
    case leaderLives(Epoch, leader: NodeID)
    /// To the origin of a token: its round is over, this is the highest one known.
    case roundOver(Epoch)
    indirect case introduction(Introduction)
    // By stream, between servers.
    indirect case append(Append)
    indirect case appendAnswer(AppendAnswer)
    /// Asks the leader, or a server that hears it, for something; answered by the number.
    indirect case relay(UInt64, RelayedRequest)
    indirect case relayAnswer(UInt64, RelayedAnswer)
    // Between clients and servers.
    indirect case request(ClientRequest)
    indirect case reply(ClientReply)
}

extension Body {
    /// The highest round that whoever believes it takes over; zero for none.
    package var round: Epoch {
        switch self {
        case .heartbeat(let heartbeat): heartbeat.round
        case .heartbeatAnswer(let answer): answer.heartbeat.round
        case .token(let token): token.round
        case .elected(let elected): max(elected.round, elected.refusedRound)
        case .leaderLives(let round, _), .roundOver(let round): round
        case .introduction(let introduction): introduction.round
        case .append(let append): append.epoch
        case .appendAnswer(let answer): answer.result.round
        case .tokenTaken, .relay, .relayAnswer, .request, .reply: .zero
        }
    }
}

extension AppendResult {
    /// The round for which it was refused; zero where it was not.
    fileprivate var round: Epoch {
        guard case .refused(let round) = self else { return .zero }
        return round
    }
}

/// What nodes say to each other. Every message carries a Lamport stamp.
public struct Message: Equatable, Sendable {
    /// The sender's Lamport clock.
    public var stamp: Stamp
    /// What is said.
    public var body: Body

    /// Makes a message.
    public init(stamp: Stamp, body: Body) {
        self.stamp = stamp
        self.body = body
    }
}
