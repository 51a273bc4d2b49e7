package import StateMachine
package import SyncNetProtocol

/// All judges of SyncNet together. It shows each of them what concerns it, after every event.
///
/// The judges know the law, not the code: they see events, effects, and what the journal
/// has answered for. Their work is linear in the events.
package struct Court {
    /// What a client's connection to a server is known to carry.
    private struct Connection {
        var stream: StreamID
        var session: UInt64
    }

    private let servers: Int
    private(set) var journals: [JournalJudge]
    private var leading: [Epoch?]
    private var applied: [UInt64]
    private var connections: [[Connection]]
    /// The streams of each server to others.
    private var peerStreams: [[(stream: StreamID, peer: NodeID)]]
    private var names: [Text?] = []
    /// Streams that a client has closed: what still arrives on them it does not read.
    private var closing: [(client: NodeID, stream: StreamID)] = []
    private(set) var election: ElectionJudge
    private(set) var logs = LogJudge()
    private(set) var commits: CommitJudge
    private(set) var ledger = Ledger()
    private(set) var sequence = SequenceJudge()
    private(set) var lamport: LamportJudge
    private(set) var clients = ClientJudge()
    private(set) var status: StatusJudge
    private var contact: ContactJudge
    private var now = Instant.zero
    /// What happened, counted.
    package private(set) var tally = Tally()
    /// The first broken promise.
    package private(set) var verdict: Breach?
    private var commit: UInt64 = 0
    /// Where among the effects of this event a vote and a cut stand; -1 for none.
    private var voteAt = -1
    private var cutAt = -1
    private let healths: [DiskHealth]
    /// Whether a disk has broken its promises so that nobody could know: from then on nothing
    /// that a quorum with this server in it had kept can be demanded.
    package private(set) var isExcused = false
    /// Whether messages to a server wait unhandled for its Lamport clock's ceiling.
    private var isParked: [Bool]

    /// Makes the judges of a cluster.
    package init(
        servers: Int, confirmation: Interval = .seconds(1), death: Interval = .seconds(10)
    ) {
        self.init(servers: servers, confirmation: confirmation, death: death, disks: [])
    }

    init(servers: Int, confirmation: Interval, death: Interval, disks: [DiskHealth]) {
        self.servers = servers
        healths = disks
        contact = ContactJudge(servers: servers, death: death)
        election = ElectionJudge(quorum: servers / 2 + 1)
        status = StatusJudge(confirmation: confirmation)
        journals = Array(repeating: JournalJudge(), count: servers)
        leading = Array(repeating: nil, count: servers)
        applied = Array(repeating: 0, count: servers)
        connections = Array(repeating: [], count: servers)
        peerStreams = Array(repeating: [], count: servers)
        isParked = Array(repeating: false, count: servers)
        commits = CommitJudge(quorum: servers / 2 + 1)
        lamport = LamportJudge(servers: servers)
    }

    /// Orders of clients that nobody has answered yet.
    package var outstanding: Int { clients.outstanding }

    /// Orders of one client that nobody has answered yet.
    package func outstanding(of client: NodeID) -> Int { clients.outstanding(of: client) }

    /// The highest index that a client knows of.
    package func frontier(of client: NodeID) -> LogIndex { clients.frontier(of: client) }

    /// The servers that lead, as they believe.
    package var leaders: [(node: NodeID, epoch: Epoch)] {
        leading.indices.compactMap { slot in
            leading[slot].map { (NodeID(UInt32(slot)), $0) }
        }
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

    /// A client goes by this name from now on.
    package mutating func named(_ client: NodeID, _ name: Text) {
        let slot = Int(client.rank) - Limits.membersMax
        while slot >= names.count { names.append(nil) }
        names[slot] = name
    }

    /// A node's clock has counted wrong; what it counts now may have begun then.
    package mutating func clockIsCrooked(of node: NodeID) {
        if isServer(node) { contact.forget(node) }
    }

    /// A node is down: what it asked for is not answered any more.
    package mutating func down(_ node: NodeID) {
        guard isServer(node) else {
            closing.removeAll { $0.client == node }
            return clients.ended(node)
        }
        leading[Int(node.rank)] = nil
        connections[Int(node.rank)].removeAll()
        peerStreams[Int(node.rank)].removeAll()
        isParked[Int(node.rank)] = false
    }

    @inline(__always)
    private func isServer(_ node: NodeID) -> Bool { Int(node.rank) < servers }

    @inline(__always)
    private mutating func hold(_ breach: Breach?) {
        guard let breach, verdict == nil else { return }
        verdict = breach
    }

    /// Shows the judges an event and what followed from it.
    package mutating func observe(
        _ event: Event<SyncNet>, by node: NodeID, _ effects: [Effect<SyncNet>],
        at now: Instant = .zero
    ) {
        guard !isExcused else { return }
        commit &+= 1
        self.now = now
        if isServer(node), case .written = event { isParked[Int(node.rank)] = false }
        let isServer = isServer(node)
        saw(event, by: node, isServer)
        if isServer { facts(effects, of: node) }
        // In place: an iterator would copy every effect.
        effects.withUnsafeBufferPointer { effects in
            for place in effects.indices { leaves(effects[place], node, isServer, at: place) }
        }
        if isServer, let epoch = leading[Int(node.rank)], !isParked[Int(node.rank)] {
            leadsOn(node, epoch, event)
        }
        if isServer, case .written = event {
            lamport.mayRise(node, to: journals[Int(node.rank)].ceiling)
        }
    }
}

extension Court {
    private mutating func saw(_ event: Event<SyncNet>, by node: NodeID, _ isServer: Bool) {
        switch event {
        case .datagram(let message, let from):
            received(message.stamp, node, isServer)
            if isServer { contact.arrived(from: from, to: node, at: now) }
        case .message(let message, let stream):
            if isServer { heard(message, on: stream, node) }
            let isUnread =
                !closing.isEmpty
                && closing.contains { $0.client == node && $0.stream == stream }
            if !isUnread { received(message.stamp, node, isServer) }
        case .written(let ticket):
            if isServer { journals[Int(node.rank)].written(ticket) }
        case .accepted(let stream, let peer), .opened(let stream, let peer):
            guard isServer else { return }
            if self.isServer(peer) {
                peerStreams[Int(node.rank)].append((stream, peer))
            } else {
                connections[Int(node.rank)].append(Connection(stream: stream, session: 0))
            }
        case .closed(let stream):
            guard isServer else {
                return closing.removeAll { $0.client == node && $0.stream == stream }
            }
            peerStreams[Int(node.rank)].removeAll { $0.stream == stream }
            let place = connections[Int(node.rank)].firstIndex { $0.stream == stream }
            if let place { connections[Int(node.rank)].remove(at: place) }
        case .started(let start): started(node, start)
        case .input(let input):
            let slot = Int(node.rank) - Limits.membersMax
            let name = slot >= 0 && slot < names.count ? names[slot] : nil
            clients.asked(
                node, input, name: name, stamp: lamport.floor(of: node), &ledger, &sequence)
        case .journalFailed(let failure): if failure == .damaged { refused(node) }
        case .openFailed, .congested, .drained, .timer, .fetched: break
        }
    }

    @inline(__always)
    private mutating func received(_ stamp: Stamp, _ node: NodeID, _ isServer: Bool) {
        if isServer {
            lamport.received(node, stamp, ceiling: journals[Int(node.rank)].ceiling)
        } else {
            lamport.received(node, stamp)
        }
    }

    private mutating func heard(_ message: Message, on stream: StreamID, _ node: NodeID) {
        let slot = Int(node.rank)
        guard case .request(let request) = message.body, let session = request.session else {
            if let peer = peerStreams[slot].first(where: { $0.stream == stream })?.peer {
                contact.arrived(from: peer, to: node, at: now)
            }
            return
        }
        guard let place = connections[slot].firstIndex(where: { $0.stream == stream }) else {
            return
        }
        connections[slot][place].session = Digest.of(session)
    }

    private func health(of node: NodeID) -> DiskHealth? {
        Int(node.rank) < healths.count ? healths[Int(node.rank)] : nil
    }

    private mutating func begunAnew(_ node: NodeID) {
        election.emptied(node)
        commits.emptied(node)
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
        case .client: clients.started(node)
        case .server(let found):
            let slot = Int(node.rank)
            leading[slot] = nil
            connections[slot].removeAll()
            peerStreams[slot].removeAll()
            applied[slot] = found.applied.number
            if let disk = journals[slot].disk, disk != found.disk { begunAnew(node) }
            hold(journals[slot].started(found, by: node, on: health(of: node)))
            isExcused = isExcused || journals[slot].isExcused
            hold(ledger.started(node, applied: found.applied))
        }
    }
}

extension Court {
    /// What a server did to its log and its role, before anything that it sent is judged.
    private mutating func facts(_ effects: [Effect<SyncNet>], of node: NodeID) {
        let slot = Int(node.rank)
        let before = leading[slot]
        var hasCut = false
        (voteAt, cutAt) = (-1, -1)
        effects.withUnsafeBufferPointer { effects in
            for place in effects.indices {
                switch effects[place] {
                case .write(let write, let ticket):
                    switch write {
                    case .cut: (hasCut, cutAt) = (true, place)
                    case .ballot: voteAt = place
                    default: break
                    }
                    wrote(write, ticket, node)
                case .note(let mark): noted(mark, node)
                default: break
                }
            }
        }
        if hasCut, let before, leading[slot] == before {
            let detail = "\(node.name) cut its own log while it led epoch \(before.number)"
            hold(Breach(.leaderAppendOnly, detail))
        }
    }

    private mutating func wrote(_ write: JournalWrite, _ ticket: Ticket, _ node: NodeID) {
        let slot = Int(node.rank)
        journals[slot].asked(ticket, at: now)
        switch write {
        case .append(let entries):
            let first = journals[slot].log.count
            for entry in entries {
                let count = journals[slot].log.count
                guard entry.index.number == UInt64(count) + 1 else {
                    let detail =
                        "\(node.name) appended index \(entry.index.number) to a log of \(count)"
                    return hold(Breach(.logMatching, detail))
                }
                journals[slot].log.append(entry)
                let link = journals[slot].log.links[count]
                hold(logs.wrote(node, count + 1, link))
            }
            journals[slot].log.asked(from: first, ticket, commit: commit)
        case .cut(let from):
            journals[slot].log.cut(from: Int(from.number), ticket, commit: commit)
        case .ballot, .ceiling, .form, .recovering, .apply:
            journals[slot].asked(write, ticket, commit: commit)
        }
    }

    private mutating func noted(_ mark: Mark, _ node: NodeID) {
        let slot = Int(node.rank)
        tally.count(mark)
        switch mark {
        case .becameLeader(let epoch):
            leading[slot] = epoch
            status.becameLeader(node, epoch, at: now)
            contact.becameLeader(node, at: now)
            hold(election.becameLeader(node, epoch))
            hold(commits.becameLeader(node, epoch, journals[slot].log))
        case .steppedDown: leading[slot] = nil
        case .following(_, let epoch):
            leading[slot] = nil
            hold(election.follows(node, epoch))
        case .committed(let index):
            hold(
                commits.committed(
                    index, by: node, leading: leading[slot], journals: journals))
        case .applied(let entry, let outcome): apply(entry, outcome, node)
        case .sometimes(.waitedForCeiling): isParked[slot] = true
        default: break
        }
    }

    /// A server that leads has handled an event, and leads on.
    private mutating func leadsOn(
        _ node: NodeID, _ epoch: Epoch, _ event: Event<SyncNet>
    ) {
        switch event {
        case .timer(.heartbeat):
            hold(contact.leadsOn(node, at: now))
            let owed = journals[Int(node.rank)].owes(at: now)
            hold(contact.leadsOn(node, without: owed))
        case .message(let message, _):
            guard let higher = message.body.ledEpoch, higher > epoch else { return }
            let detail =
                "\(node.name) leads epoch \(epoch.number) on, though it was told of epoch "
                + "\(higher.number)"
            hold(Breach(.stepDown, detail))
        default: return
        }
    }

    private mutating func apply(_ entry: Entry, _ outcome: Outcome?, _ node: NodeID) {
        var isFirst = false
        hold(ledger.apply(entry, outcome, by: node, isFirst: &isFirst))
        applied[Int(node.rank)] = entry.index.number
        guard isFirst else { return }
        if entry.index.number > UInt64(commits.chains.count) {
            let detail =
                "\(node.name) applied index \(entry.index.number), committed are "
                + "\(commits.chains.count)"
            hold(Breach(.stateMachineSafety, detail))
        }
        hold(sequence.applied(entry, outcome))
    }
}

extension Court {
    private mutating func leaves(
        _ effect: Effect<SyncNet>, _ node: NodeID, _ isServer: Bool, at place: Int
    ) {
        switch effect {
        case .datagram(let message, _):
            hold(lamport.sent(node, message.stamp))
            if isServer { told(message, node) }
        case .publish(let message):
            hold(lamport.sent(node, message.stamp))
            if case .reply(.pushed(let pushed)) = message.body { self.pushed(pushed, node) }
        case .send(let message, let stream):
            hold(lamport.sent(node, message.stamp))
            if isServer { said(message, on: stream, node, at: place) }
        case .output(let output):
            if !isServer { hold(clients.told(node, output, ledger, &sequence)) }
        case .close(let stream):
            if !isServer { closing.append((node, stream)) }
        case .open, .arm, .cancel, .write, .fetch, .note, .halt: break
        }
    }

    private mutating func told(_ message: Message, _ node: NodeID) {
        tally.count(message.body)
        guard case .elected(let elected) = message.body,
            elected.voters.contains(where: { $0.node == node })
        else { return }
        let slot = Int(node.rank)
        hold(journals[slot].voted(in: elected.round, for: elected.candidate.node, by: node))
        hold(election.voted(node, in: elected.round, for: elected.candidate.node))
    }

    private mutating func said(
        _ message: Message, on stream: StreamID, _ node: NodeID, at place: Int
    ) {
        let slot = Int(node.rank)
        switch message.body {
        case .appendAnswer(let answer):
            guard case .matches(let index) = answer.result else { return }
            // One event may release several messages: what was sent before a vote or a cut
            // that it brought is judged by what held then.
            if place > voteAt { hold(journals[slot].acknowledged(in: answer.epoch, by: node)) }
            if place > cutAt { hold(journals[slot].acknowledged(through: index, by: node)) }
        case .reply(.done(let request?, _, let index)):
            acknowledged(request, index, on: stream, node)
        case .reply(.pushed(let pushed)): self.pushed(pushed, node)
        case .reply(.statusLine(let line)):
            if line.saysLeader { hold(status.claimed(node, at: now)) }
        case .reply(.servers(_, _, let seen?)):
            if seen.role == .leading { hold(status.claimed(node, at: now)) }
        default: return
        }
    }

    /// A server acknowledges a request to a client.
    private mutating func acknowledged(
        _ request: UInt64, _ index: LogIndex, on stream: StreamID, _ node: NodeID
    ) {
        let slot = Int(node.rank)
        if index.number > applied[slot] {
            let detail =
                "\(node.name) acknowledged index \(index.number), it has applied "
                + "\(applied[slot])"
            return hold(Breach(.durability, detail))
        }
        guard let connection = connections[slot].first(where: { $0.stream == stream }),
            connection.session != 0,
            let place = sequence.index(of: request, in: connection.session)
        else { return }
        if place == index.number { return }
        let detail =
            "\(node.name) acknowledged request \(request) at \(index.number), it was applied "
            + "at \(place)"
        hold(Breach(.durability, detail))
    }

    /// A server shows a message: it must have applied it.
    private mutating func pushed(_ message: RoomMessage, _ node: NodeID) {
        let slot = Int(node.rank)
        if message.index.number <= applied[slot], ledger.find(message) != nil { return }
        let detail = "\(node.name) showed at \(message.index.number) what it has not applied"
        hold(Breach(.roomOrder, detail))
    }
}

extension Body {
    /// The epoch whose leader speaks here, or in which a peer refuses.
    fileprivate var ledEpoch: Epoch? {
        switch self {
        case .append(let append): append.epoch
        case .appendAnswer(let answer):
            if case .refused(let round) = answer.result { round } else { nil }
        default: nil
        }
    }
}
