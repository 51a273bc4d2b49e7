package import DequeModule
public import StateMachine

/// A server of the cluster: every decision that one makes.
///
/// It elects with its peers (LCR finds the candidate, the ring votes), watches them,
/// replicates the log, applies it, and serves clients. See the module's documentation for
/// the protocol.
public struct Server: StateMachine, Equatable {
    /// The words in which it speaks.
    public typealias Words = SyncNet

    /// How far a server is with taking part.
    package enum Phase: Equatable, Sendable {
        /// Not started, or its first write is not durable yet.
        case starting
        /// It looks for the cluster, or for the others to form it with.
        case joining(Joining)
        /// It takes part, as a full member or as one whose empty disk is being filled.
        case member
        /// It can't go on.
        case halted
    }

    /// Its rank.
    public let me: NodeID
    package let configuration: ServerConfiguration
    package let bugs: PlantedBugs
    /// Rare but legal behaviour that a simulation asks for.
    package var faultPoints: FaultPoints
    package var pretences: [Pretence] = []
    /// Connections whose next page waits for the Lamport clock's ceiling.
    package var stalledPages: [StreamID] = []
    /// Fault point: answers that go out with a later heartbeat.
    package var lateAnswers: [LateAnswer] = []
    /// With planted bug E12, a candidacy that is over.
    package var keptCandidacy: Candidacy?

    package var phase = Phase.starting
    /// The state of a server that searches; see ``role``.
    package var search: Search? = Search(isWaiting: true)
    /// The state of a server that follows; see ``role``.
    package var following: Following?
    /// The state of a server that leads; see ``role``.
    package var leading: Leading?
    /// Whether `leading` is there: asking an optional would copy all that is in it.
    package var isLeading = false
    package var boot = Boot(0)
    package var disk = DiskID(0)
    /// Round and vote as promised, durable or not.
    package var ballot = Ballot(round: .zero, vote: nil)
    /// The vote that this start found on its disk.
    package var ballotAtStart = Ballot(round: .zero, vote: nil)
    /// The highest round seen anywhere; the next own round is above it.
    package var highestRound = Epoch.zero
    package var clock = LamportClock()
    /// How far clients may still drive it on.
    package var leaps = LeapBudget()
    package var log: LogView
    package var writes: PendingWrites
    package var commit = LogIndex.zero
    package var applied = LogIndex.zero
    package var rooms: RoomTable
    package var sessions: SessionTable
    package var accounts = AccountTable()
    /// Passwords that the world works out.
    package var passwordJobs: [PendingPassword] = []
    package var lastPasswordJob: UInt64 = 0
    /// What was applied and is not yet asked to be stored.
    package var delta: AppliedDelta
    package var formation: Formation?
    /// Whether it was removed from the cluster, and has only to end.
    package var isRetired = false
    /// Who counts as of what is applied.
    package var appliedMembership: Membership
    /// Who counts, by the whole log.
    package var membership: Membership
    /// The last entry of the log, as far as it is not applied, that changes who counts; zero for
    /// none.
    package var membershipIndex = LogIndex.zero
    /// What a server with an empty disk still has to learn; nil for a full member.
    package var recovery: DiskRecovery?
    /// The write with which its recovery is over for good.
    package var recoveredWith: Ticket?
    package var peers: [Peer] = []
    /// A peer that had not been heard when all of them were looked for last.
    package var lastUnheard = 0
    /// Whether there were no streams to and from a quorum for so long that it should not lead.
    package var isStreamless = false
    /// How often its heartbeat's timer has fired.
    package var ticks: UInt32 = 0
    /// Members whose heartbeats have come far too often since then.
    package var tickers = 0
    /// The epoch whose leader, for all its heartbeats, fed nothing, and has not since.
    package var starvedEpoch: Epoch?
    package var tokens = Tokens()
    package var heartbeats: UInt64 = 0
    /// Peers that can't hear the leader and are fed by this server.
    package var fed = NodeMap<Feed>()
    package var clients = ClientTable()
    package var waiting = WaitingTable()
    package var fetches: Deque<Fetch> = []
    /// Outcomes of the latest applied commands, for answers that come late.
    package var recentOutcomes: Deque<RecentOutcome> = []
    /// Messages that wait until the Lamport clock may rise as far as they say.
    package var parked: Deque<Event<SyncNet>> = []
    package var isSweepArmed = false
    /// Planted bug R20: an append of an epoch that a vote has ended, to be acknowledged all
    /// the same.
    package var owedBeforeVote: Following?
    /// Planted bug X5: the latest connection of each client.
    package var formerConnections = NodeMap<StreamID>()
    /// The ticket of all writes of the event that is being handled.
    package var ticket: Ticket?
    package var now = Instant.zero
    /// What the latest message that asks for an answer was sent at: a clock that is coarse, or
    /// stands still, shows one time for what came before a question and for what came after.
    package var askedAt = Instant.zero
    package var wall = WallTime(microseconds: 0)

    /// Makes a server that waits for its start.
    public init(_ configuration: ServerConfiguration) { self.init(configuration, bugs: []) }

    /// Makes a server with known bugs and rare behaviour, for tests.
    package init(
        _ configuration: ServerConfiguration, bugs: PlantedBugs,
        faultPoints: FaultPoints = .none
    ) {
        let count = configuration.members.count
        precondition(
            count > 0 && count <= Limits.membersMax && configuration.me.rank < count
                && (1...count).contains(configuration.founders),
            "rank \(configuration.me.rank) of \(count) servers, \(configuration.founders) founders")
        me = configuration.me
        self.configuration = configuration
        self.bugs = bugs
        self.faultPoints = faultPoints
        appliedMembership = Membership(count: configuration.founders)
        membership = appliedMembership
        let empty = Recovered(disk: DiskID(0), boot: Boot(0))
        log = LogView(empty)
        writes = PendingWrites(ballot: empty.ballot, ceiling: .zero)
        rooms = RoomTable([], bugs: bugs)
        sessions = SessionTable([], limits: configuration.limits)
        delta = AppliedDelta(through: .zero)
    }

    package var timing: Timing { configuration.timing }
    package var limits: Limits { configuration.limits }
    /// How many servers are configured, members or not.
    package var placeCount: Int { configuration.members.count }

    /// How many members make a majority.
    package var quorum: Int {
        bugs.contains(.r1QuorumIsHalf) ? max(1, membership.count / 2) : membership.quorum
    }

    /// Whether this server is a member, and the only one.
    package var isAlone: Bool { membership.count == 1 && membership.contains(me) }

    /// All configured servers but this one, rising.
    package var others: some Sequence<NodeID> {
        (0..<UInt32(placeCount)).lazy.map { NodeID($0) }.filter { [me] in $0 != me }
    }

    /// All members but this one, rising.
    package var otherMembers: some Sequence<NodeID> {
        others.filter { [membership] in membership.contains($0) }
    }

    /// Whether the configured server in this place is a member, and not this one.
    package func isOtherMember(_ slot: Int) -> Bool {
        let node = NodeID(UInt32(slot))
        return node != me && membership.contains(node)
    }

    /// Takes an event and appends what follows from it.
    public mutating func handle(
        _ event: Event<SyncNet>, now reading: ClockReading, into effects: inout Effects<SyncNet>
    ) {
        now = reading.monotonic
        wall = reading.wall
        if bugs.contains(.f3WallClock) { now = Instant(wall) }
        ticket = nil
        defer { checkInvariants() }
        if case .halted = phase { return }
        take(event, into: &effects)
        settle(into: &effects)
        endIfRetired(into: &effects)
    }

    private mutating func take(_ event: Event<SyncNet>, into effects: inout Effects<SyncNet>) {
        switch event {
        case .started(let start): begin(start, into: &effects)
        case .written(let ticket): becameDurable(ticket, into: &effects)
        case .fetched(let answer, let ticket): fetched(answer, ticket, into: &effects)
        case .journalFailed(let failure):
            effects.append(.output(.report(.journalFailed(failure))))
            effects.append(.halt)
            phase = .halted
        case .timer(let timer):
            if case .starting = phase { return }
            guard hasStampsForTimer else { return postpone(timer, into: &effects) }
            fired(timer, into: &effects)
        case .input(.passwordDone(let job, let verifier)):
            passwordDone(job, verifier, into: &effects)
        case .input(.passwordTurnedAway(let job)): passwordTurnedAway(job, into: &effects)
        case .input: break
        case .datagram, .message, .opened, .openFailed, .accepted, .closed, .congested, .drained:
            arrive(event, into: &effects)
        }
    }

    /// What follows from every event: apply what is committed, answer, store, feed.
    private mutating func settle(into effects: inout Effects<SyncNet>) {
        guard case .member = phase else {
            // Introductions take stamps too, for as long as the cluster is not formed.
            if case .joining = phase { raiseCeilingAhead(into: &effects) }
            return
        }
        applyCommitted(into: &effects)
        if delta.posts.count + delta.memberships.count + delta.sessions.count
            >= limits.unstored || applied.number - delta.through.number >= limits.unstored
            || faultPoints.hits(.eagerStores) || delta.admitted.contains(where: { $0.node == me })
        {
            store(into: &effects)
        }
        raiseCeilingAhead(into: &effects)
        armSweep(into: &effects)
        let kept = faultPoints.hits(.emptyCaches) ? 0 : limits.cachedEntries
        log.trim(applied: applied, keeping: kept)
    }
}

extension Instant {
    /// Planted bug F3: a moment of the wall clock, which may step.
    fileprivate init(_ wall: WallTime) {
        self.init(nanoseconds: UInt64(max(wall.microseconds, 0)) * 1_000)
    }
}
