package import StateMachine

/// What a full member does.
package enum Role: Equatable, Sendable {
    case searching(Search)
    case following(Following)
    case leading(Leading)
}

/// A server that knows no leader.
package struct Search: Equatable, Sendable {
    /// Whether it still waits for a leader to show itself, and has sent no token.
    package var isWaiting: Bool
    /// The highest round in which it sent a token of its own.
    package var ownRound = Epoch.zero
    /// How often it sent one without result.
    package var attempts: UInt64 = 0
    /// Whether the last of them was given to all.
    package var isAskingAll = false
    /// How often one came home without having passed a quorum, and second laps with too few votes
    /// that nobody had refused.
    package var shortCircuits: UInt64 = 0
    /// The last second lap of which that was noted.
    package var shortLap: TokenSerial?
    /// The second lap that it asked for.
    package var candidacy: Candidacy?
    /// A vote that is not yet durable, and the token that waits for it.
    package var held: Elected?
    /// From whom that token came.
    package var heldFrom: NodeID?

    package init(isWaiting: Bool) { self.isWaiting = isWaiting }
}

/// A server's second lap.
package struct Candidacy: Equatable, Sendable {
    /// The round.
    package var round: Epoch
    /// The claim that goes round with it.
    package var candidate: CandidateID
    /// Who has voted, as far as it came home.
    package var voters: [MemberDisk] = []
    /// How often the token was sent.
    package var tries: UInt32 = 0
    /// Whether one of them came home short, refused by nobody, which was counted.
    package var wasShort = false
    /// Whether every server is asked by itself.
    package var isDirect = false
    /// Who has answered such a question, with a vote or without.
    package var answered: [NodeID] = []
}

/// A server that follows a leader.
package struct Following: Equatable, Sendable {
    /// The leader.
    package var leader: NodeID
    /// Its epoch.
    package var epoch: Epoch
    /// Who feeds this server: the leader, or a peer in its place.
    package var via: NodeID
    /// When the feeder was heard last, where it is not the leader.
    package var viaHeard: Instant
    /// When a heartbeat of the leader, as leader of this epoch, came last; nil for never.
    package var leaderHeard: Instant?
    /// Since when the leader is known to have committed more than this server has, and nothing of
    /// that has come; nil where it has all.
    package var behindSince: Instant?
    /// This server's log is the leader's up to here.
    package var verified: LogIndex
    /// An answer that waits until the log is durable: `sentAt` of the newest append.
    package var owedEcho: Instant?
    /// What the last answer said, so that progress is told once.
    package var told = LogIndex.zero
    /// Tokens kept back until the leader has answered a probe, with their senders.
    package var kept: [KeptToken] = []

    package init(leader: NodeID, epoch: Epoch, via: NodeID, now: Instant, verified: LogIndex) {
        self.leader = leader
        self.epoch = epoch
        self.via = via
        self.viaHeard = now
        self.verified = verified
    }
}

/// A token kept back while the leader is probed.
package struct KeptToken: Equatable, Sendable {
    package var token: Token
    package var from: NodeID
}

/// A server that leads.
package struct Leading: Equatable, Sendable {
    /// Its epoch.
    package var epoch: Epoch
    /// Since when.
    package var since: Instant
    /// Its first entry in this epoch.
    package var firstIndex: LogIndex
    /// How far each other server is, by rank; its own slot is unused.
    package var progress: [Progress]
    /// Requests that wait for a quorum to confirm this leader.
    package var reads: [ConfirmedRead] = []
    /// The latest time at which a quorum is asked for confirmation.
    package var confirmSentAt: Instant?
    /// Requests of sessions that stand in the log and are not applied yet.
    package var tails = TextMap<SessionTail>()

    package init(
        epoch: Epoch, since: Instant, firstIndex: LogIndex, members: Int, next: LogIndex
    ) {
        self.epoch = epoch
        self.since = since
        self.firstIndex = firstIndex
        progress = Array(repeating: Progress(next: next), count: members)
    }
}

/// A question that the leader answers once a quorum has confirmed it.
package struct ConfirmedRead: Equatable, Sendable {
    /// When it came.
    package var since: Instant
    /// The commit index at that time, zero where none of this epoch had committed yet.
    package var index: LogIndex
    /// What waits for it.
    package var purpose: Purpose

    package enum Purpose: Equatable, Sendable {
        case relay(RelayOrigin, id: UInt64)
        /// A join without session by somebody who is a member already.
        case unchanged(RelayOrigin, id: UInt64, Command, Stamp)
        /// A session's request that can't be the next one, as far as this server's log goes.
        case refusal(RelayOrigin, id: UInt64, Command, SessionRequest)
        /// A change of the members that has been made, as far as this server's log goes.
        case change(RelayOrigin, id: UInt64, MemberChange)
        case statusLine(StreamID)
        /// A client asks how this server sees itself.
        case status(StreamID, request: UInt64?)
    }
}

/// Where the leader's answer to a relayed request goes.
package enum RelayOrigin: Equatable, Sendable {
    /// To a request that waits in this very server.
    case own
    /// To a peer.
    case peer(NodeID)
}

/// An answer to what a peer relayed, to be sent later.
package struct LateAnswer: Equatable, Sendable {
    package var peer: NodeID
    package var id: UInt64
    package var answer: RelayedAnswer
    package var since: Instant
}

/// Requests of one session in the log's unapplied tail, rising by number.
package struct SessionTail: Equatable, Sendable {
    package var requests: [Placed] = []

    package struct Placed: Equatable, Sendable {
        package var number: UInt64
        package var index: LogIndex
        package var epoch: Epoch
    }
}

extension Server {
    /// What the server does. Its state lives in `search`, `following` or `leading`, of which
    /// exactly one is there, so that it changes in place.
    package var role: Role {
        get {
            if let leading { return .leading(leading) }
            if let following { return .following(following) }
            return .searching(search ?? Search(isWaiting: true))
        }
        set {
            search = nil
            following = nil
            leading = nil
            isLeading = false
            switch newValue {
            case .searching(let state): search = state
            case .following(let state): following = state
            case .leading(let state):
                leading = state
                isLeading = true
            }
        }
    }

    /// Whom it takes for the leader.
    package var leader: NodeID? { isLeading ? me : following?.leader }
}
