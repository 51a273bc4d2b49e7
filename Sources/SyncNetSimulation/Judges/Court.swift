package import StateMachine
package import SyncNetProtocol

/// All judges of SyncNet together. It shows each of them what concerns it, after every event.
///
/// The judges know the law, not the code: they see events, effects, and what the journal
/// has answered for. Their work is linear in the events.
package struct Court {
    let servers: Int
    var journals: [JournalJudge]
    var leading: [Epoch?]
    var applied: [UInt64]
    var connections: ConnectionJudge
    /// The streams of each server to others.
    var peerStreams: [[(stream: StreamID, peer: NodeID)]]
    var names: [Text?] = []
    /// Streams that a client has closed: what still arrives on them it does not read.
    var closing: [(client: NodeID, stream: StreamID)] = []
    var election: ElectionJudge
    var logs = LogJudge()
    var commits: CommitJudge
    var ledger = Ledger()
    var sequence = SequenceJudge()
    var sessions: SessionJudge
    var lamport: LamportJudge
    var clients: ClientJudge
    var status: StatusJudge
    var contact: ContactJudge
    var rooms: RoomJudge
    var access: AccessJudge
    var causality: CausalJudge
    var detection: DetectionJudge
    var tokens: TokenJudge
    var histories = RoomHistories()
    /// Runs whose tokens were counted exactly.
    var exactCounts: UInt64 = 0
    /// Promises that nobody watches over, to see what else finds a bug.
    package var unjudged: [Property] = []
    var now = Instant.zero
    /// What the server had applied before its event: what it claims to be may be as of then.
    var appliedBefore: UInt64 = 0
    /// Where its log ended in the course of its event.
    var lasts = 0...0
    /// The highest stamp that was sent in this event.
    var spoken: UInt64 = 0
    /// Whether this event only repeats hops of tokens.
    var isHopping = false
    /// What happened, counted.
    package internal(set) var tally = Tally()
    /// The first broken promise.
    package private(set) var verdict: Breach?
    var commit: UInt64 = 0
    /// Who is a member, by each server's log.
    var members: MembershipJudge
    /// Where among the effects of this event a vote, a cut and a change of members stand; -1 for
    /// none.
    var voteAt = -1
    var cutAt = -1
    var changeAt = -1
    /// The members before that change.
    var membersBefore: [NodeID] = []
    private let healths: [DiskHealth]
    /// Whether a disk has broken its promises so that nobody could know: from then on nothing
    /// that a quorum with this server in it had kept can be demanded.
    package internal(set) var isExcused = false
    /// Whether that is since a session was forgotten, and late copies of its requests were applied
    /// once more.
    package internal(set) var isReplayed = false
    /// Whether messages to a server wait unhandled for its Lamport clock's ceiling.
    var isParked: [Bool]
    /// Whether its clock may have risen, and it waited again before it had taken all of them.
    private var isHalfReleased: [Bool]

    /// Makes the judges of a cluster and of so many clients.
    package init(
        servers: Int, founders: Int? = nil, clients: Int = 8, timing: Timing = Timing(),
        limits: Limits = Limits(), countsVotes: Bool = true
    ) {
        self.init(
            servers: servers, founders: founders ?? servers, clients: clients, timing: timing,
            limits: limits, disks: [], countsVotes: countsVotes)
    }

    init(
        servers: Int, founders: Int, clients: Int, timing: Timing, limits: Limits,
        disks: [DiskHealth], isChanging: Bool = false, accounts: AccountPolicy = .off,
        ids: [Text] = [], countsVotes: Bool = true
    ) {
        access = AccessJudge(
            servers: servers, policy: accounts, pageMost: limits.pageMax)
        self.servers = servers
        healths = disks
        contact = ContactJudge(servers: servers, timing: timing)
        election = ElectionJudge(countsVotes: countsVotes)
        members = MembershipJudge(
            servers: servers, founders: founders, isChanging: isChanging, ids: ids)
        self.clients = ClientJudge(limits: limits)
        status = StatusJudge(servers: servers, confirmation: timing.confirmation)
        rooms = RoomJudge(limits: limits)
        sessions = SessionJudge(limits: limits)
        causality = CausalJudge(servers: servers, clients: clients)
        detection = DetectionJudge(servers: servers, timing: timing)
        tokens = TokenJudge(servers: servers)
        journals = Array(repeating: JournalJudge(), count: servers)
        leading = Array(repeating: nil, count: servers)
        applied = Array(repeating: 0, count: servers)
        peerStreams = Array(repeating: [], count: servers)
        isParked = Array(repeating: false, count: servers)
        isHalfReleased = Array(repeating: false, count: servers)
        connections = ConnectionJudge(servers: servers, loginTries: limits.loginTries)
        commits = CommitJudge()
        lamport = LamportJudge(servers: servers)
    }

    /// Who is a member, by what is applied somewhere.
    package var membersApplied: [NodeID] { members.applied }

    /// Who is a member, by the log of each server. A change that stands in one of them counts
    /// there, committed or not.
    package var membersByLog: [[NodeID]] { members.byLog }

    /// Orders of clients that nobody has answered yet.
    package var outstanding: Int { clients.outstanding }

    /// Orders of one client that nobody has answered yet.
    package func outstanding(of client: NodeID) -> Int { clients.outstanding(of: client) }

    /// How many messages of a room that a client follows it was not shown yet.
    package func unshown(to client: NodeID, of room: Text) -> Int {
        clients.unshown(to: client, of: room, ledger, rooms)
    }

    /// Whether nobody has told a client that it is no member of a room any more.
    package func isUntold(_ client: NodeID, of room: Text) -> Bool {
        clients.isUntold(client, of: room, ledger, rooms)
    }

    /// The highest index that a client knows of.
    package func frontier(of client: NodeID) -> LogIndex { clients.frontier(of: client) }

    /// The servers that lead, as they believe.
    package var leaders: [(node: NodeID, epoch: Epoch)] {
        leading.indices.compactMap { slot in
            leading[slot].map { (NodeID(UInt32(slot)), $0) }
        }
    }

    /// How many entries of the longest log the shortest of these servers' lacks.
    package func lag(of nodes: [NodeID]) -> Int {
        let longest = journals.map(\.log.count).max() ?? 0
        return longest - (nodes.map { journals[Int($0.rank)].log.count }.min() ?? 0)
    }

    /// Whether the logs of these servers are the same, durable, and applied to their end.
    package func agree(_ nodes: [NodeID]) -> Bool {
        guard let first = nodes.first else { return true }
        let log = journals[Int(first.rank)].log
        let chain = log.chain(at: log.count)
        return nodes.allSatisfy { node in
            let slot = Int(node.rank)
            return journals[slot].log.count == log.count && applied[slot] == UInt64(log.count)
                && journals[slot].log.holdsDurably(log.count, chain)
        }
    }

    /// How far a server has come, in words.
    package func state(of node: NodeID) -> String {
        let log = journals[Int(node.rank)].log
        return "applied \(applied[Int(node.rank)]) of \(log.count), durable \(log.durableCount)"
    }

    /// The same of those of them that are members: a change of members may still be on its way.
    package func agreeAsMembers(_ nodes: [NodeID]) -> Bool {
        let members = members.applied
        return agree(nodes.filter(members.contains))
    }

    /// A client goes by this name from now on.
    package mutating func named(_ client: NodeID, _ name: Text) {
        let slot = Int(client.rank) - Limits.membersMax
        while slot >= names.count { names.append(nil) }
        names[slot] = name
    }

    /// A node's clock has counted wrong; what it counts now may have begun then.
    package mutating func clockIsCrooked(of node: NodeID) {
        guard isServer(node) else { return }
        contact.forget(node)
        status.forget(node)
        detection.excuse(node)
    }

    /// A node handles everything late: it is late with suspicions, too.
    package mutating func isSlow(_ node: NodeID) {
        if isServer(node) { detection.excuse(node) }
    }

    /// A node is down: what it asked for is not answered any more.
    package mutating func down(_ node: NodeID) {
        guard isServer(node) else {
            closing.removeAll { $0.client == node }
            return clients.ended(node)
        }
        leading[Int(node.rank)] = nil
        connections.forget(node)
        access.forget(node)
        detection.down(node)
        peerStreams[Int(node.rank)].removeAll()
        isParked[Int(node.rank)] = false
        isHalfReleased[Int(node.rank)] = false
    }

    /// A server stands still, or goes on.
    package mutating func paused(_ node: NodeID) {
        if isServer(node) { detection.paused(node) }
    }

    package mutating func resumed(_ node: NodeID, at now: Instant) {
        if isServer(node) { detection.resumed(node, at: now) }
    }

    /// Somebody is a member of a room from the beginning.
    package mutating func suppose(_ name: Text, in room: Text) { rooms.suppose(name, in: room) }

    /// The cluster was formed before the run.
    mutating func suppose(formed formation: Formation) { commits.formed(formation) }

    /// What clients asked and were told, at the end of a run.
    package mutating func closeHistories() { hold(histories.verdict()) }

    @inline(__always)
    private func isServer(_ node: NodeID) -> Bool { Int(node.rank) < servers }

    @inline(__always)
    mutating func hold(_ breach: Breach?) {
        guard let breach, verdict == nil, !isReplayed, !unjudged.contains(breach.property) else {
            return
        }
        verdict = breach
    }

    /// Shows the judges an event and what followed from it; where it is the arrival of a
    /// message, also in which event that was sent.
    package mutating func observe(
        _ event: Event<SyncNet>, by node: NodeID, _ effects: [Effect<SyncNet>],
        at now: Instant = .zero, sentIn cause: UInt64 = 0
    ) {
        guard !isExcused else { return }
        commit &+= 1
        self.now = now
        spoken = 0
        isHopping = false
        if isServer(node), case .written = event, isParked[Int(node.rank)] {
            isParked[Int(node.rank)] = false
            detection.resumed(node, at: now)
        }
        let isServer = isServer(node)
        if isServer {
            let slot = Int(node.rank)
            appliedBefore = applied[slot]
            lasts = journals[slot].log.count...journals[slot].log.count
        }
        saw(event, by: node, isServer, cause)
        if isServer { facts(effects, of: node) }
        // In place: an iterator would copy every effect.
        effects.withUnsafeBufferPointer { effects in
            for place in effects.indices { leaves(effects[place], node, isServer, at: place) }
        }
        if isServer, let epoch = leading[Int(node.rank)], !isParked[Int(node.rank)] {
            leadsOn(node, epoch, event)
        }
        if isServer, case .written = event,
            lamport.mayRise(node, to: journals[Int(node.rank)].ceiling)
        {
            causality.releases(node)
            isHalfReleased[Int(node.rank)] = true
        }
        if isServer, case .written = event, !isParked[Int(node.rank)],
            isHalfReleased[Int(node.rank)]
        {
            isHalfReleased[Int(node.rank)] = false
            detection.releases(node, now: now)
        }
        let reach = isServer ? applied[Int(node.rank)] : 0
        causality.happened(commit, at: node, reach: reach, sent: spoken)
        // One that has no stamps left puts its timers off.
        if isServer, !isParked[Int(node.rank)] { hold(detection.over(node, now: now)) }
    }
}

extension Court {
    private mutating func saw(
        _ event: Event<SyncNet>, by node: NodeID, _ isServer: Bool, _ cause: UInt64
    ) {
        switch event {
        case .datagram(let message, let peer):
            let reception = received(
                message.stamp, node, isServer, cause, isClients: message.isClients)
            guard isServer else { return }
            contact.arrived(from: peer, to: node, at: now)
            guard reception != .refused else { return }
            detection.arrived(
                message.body, from: peer, at: node, isTaken: reception == .taken, now: now)
        case .message(let message, let stream):
            if isServer { heard(message, on: stream, node) }
            let isUnread =
                !closing.isEmpty
                && closing.contains { $0.client == node && $0.stream == stream }
            if isUnread { return }
            let reception = received(
                message.stamp, node, isServer, cause, isClients: message.isClients)
            if isServer, reception == .taken { answered(message, on: stream, node) }
        case .written(let ticket):
            if isServer { journals[Int(node.rank)].written(ticket) }
        case .accepted(let stream, let peer), .opened(let stream, let peer):
            guard isServer else { return }
            if self.isServer(peer) {
                peerStreams[Int(node.rank)].append((stream, peer))
            } else {
                connections.accepted(stream, from: peer, by: node)
                access.accepted(stream, by: node)
            }
        case .closed(let stream):
            guard isServer else {
                return closing.removeAll { $0.client == node && $0.stream == stream }
            }
            peerStreams[Int(node.rank)].removeAll { $0.stream == stream }
            connections.closed(stream, by: node)
            access.closed(stream, by: node)
        case .started(let start): started(node, start)
        case .input(let input):
            guard !isServer else { return }
            let slot = Int(node.rank) - Limits.membersMax
            let name = slot >= 0 && slot < names.count ? names[slot] : nil
            clients.asked(
                node, input, name: name, stamp: lamport.floor(of: node), &ledger, &sequence)
            asked(node, input, name)
        case .journalFailed(let failure): if failure == .damaged { refused(node) }
        case .timer(.hop): isHopping = true
        case .openFailed, .congested, .drained, .timer, .fetched: break
        }
    }

    @inline(__always)
    private mutating func received(
        _ stamp: Stamp, _ node: NodeID, _ isServer: Bool, _ cause: UInt64, isClients: Bool
    ) -> LamportJudge.Reception {
        guard isServer else {
            lamport.received(node, stamp)
            causality.took(node, sentIn: cause)
            return .taken
        }
        let reception = lamport.received(
            node, stamp, ceiling: journals[Int(node.rank)].ceiling, isClients: isClients)
        switch reception {
        case .taken: causality.took(node, sentIn: cause)
        case .parked: causality.parks(node, sentIn: cause)
        case .refused: break
        }
        return reception
    }

    private mutating func heard(_ message: Message, on stream: StreamID, _ node: NodeID) {
        if case .request(let request) = message.body {
            access.asked(request, on: stream, of: node, applied: appliedBefore, moment: commit)
            return connections.asked(
                request, on: stream, of: node, at: now, committed: UInt64(commits.chains.count))
        }
        let streams = peerStreams[Int(node.rank)]
        if let peer = streams.first(where: { $0.stream == stream })?.peer {
            contact.arrived(from: peer, to: node, at: now)
        }
    }

    /// A leader learns with which disk a follower answers.
    @inline(__always)
    private mutating func answered(_ message: Message, on stream: StreamID, _ node: NodeID) {
        guard case .appendAnswer(let answer) = message.body,
            answer.epoch == leading[Int(node.rank)],
            let peer = peerStreams[Int(node.rank)].first(where: { $0.stream == stream })?.peer,
            answer.disk == journals[Int(peer.rank)].disk
        else { return }
        journals[Int(peer.rank)].answers(node)
    }

    /// A client's words and linearizable reads are remembered.
    private mutating func asked(_ node: NodeID, _ input: ClientInput, _ name: Text?) {
        switch input {
        case .say(let order, let room, let text):
            guard let name else { return }
            let saying = Digest.of(saying: text, by: name, in: room)
            causality.said(node, saying)
            histories.said(node, order, room: ledger.number(of: room), saying)
        case .history(let order, let request):
            histories.reads(
                node, order, room: ledger.number(of: request.room), request,
                known: clients.frontier(of: node))
        case .change(let order, let add, let id): members.asked(node, order: order, add: add, id)
        case .servers, .join, .invite, .leave, .discover, .passwordDone, .passwordTurnedAway,
            .quit, .logIn:
            break
        }
    }

    private func health(of node: NodeID) -> DiskHealth? {
        Int(node.rank) < healths.count ? healths[Int(node.rank)] : nil
    }

    private mutating func begunAnew(_ node: NodeID, _ disk: DiskID) {
        election.emptied(node)
        commits.emptied(node, now: disk)
        lamport.emptied(node)
    }

    /// A server refuses to start, or goes, since what is on its disk is damaged.
    package mutating func refused(_ node: NodeID) {
        guard isServer(node), !isExcused else { return }
        hold(journals[Int(node.rank)].refused(by: node, on: health(of: node)))
    }

    private mutating func started(_ node: NodeID, _ start: Start) {
        lamport.started(node)
        switch start {
        case .client:
            causality.started(node, isNew: true)
            clients.started(node)
        case .server(let found):
            let slot = Int(node.rank)
            leading[slot] = nil
            connections.forget(node)
            access.forget(node)
            detection.started(node, boot: found.boot)
            let disk = journals[slot].disk
            causality.started(node, isNew: disk != nil && disk != found.disk)
            peerStreams[slot].removeAll()
            applied[slot] = found.applied.number
            if let disk = journals[slot].disk, disk != found.disk { begunAnew(node, found.disk) }
            hold(journals[slot].started(found, by: node, on: health(of: node)))
            isExcused = isExcused || journals[slot].isExcused
            members.started(node, found)
            hold(ledger.started(node, applied: found.applied))
            sessions.started(node, applied: found.applied)
        }
    }
}

extension Message {
    /// Whether a client sent it.
    fileprivate var isClients: Bool { if case .request = body { true } else { false } }
}
