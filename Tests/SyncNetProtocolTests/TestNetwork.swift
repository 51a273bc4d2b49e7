import StateMachine

@testable import SyncNetProtocol

/// Servers face to face: a reliable FIFO network, disks that answer at once, and a clock
/// that jumps from timer to timer. What the simulator does in earnest, small.
struct TestNetwork {
    struct Timer {
        var node: Int
        var name: TimerName
        var at: Instant
        var order: Int
    }

    var servers: [Server] = []
    var now = Instant(nanoseconds: 1_000_000_000)
    var marks: [(node: Int, mark: Mark)] = []
    var replies: [(node: Int, stream: StreamID, reply: ClientReply)] = []
    /// What operators were told, and the event with which.
    var reports: [(node: Int, report: Report, event: Event<SyncNet>)] = []
    /// Effects in the order in which they were asked for.
    var tokensSent: [Lap: Int] = [:]
    var isDown: [Bool] = []
    /// Links that carry nothing: from, to.
    var cuts: [(Int, Int)] = []
    /// Streams that carry nothing, where datagrams pass: from, to.
    var streamCuts: [(Int, Int)] = []
    /// Between whom there are no streams, in either direction.
    var streamless: [(Int, Int)] = []
    /// Who can't open one to whom.
    private var unopened: [(Int, Int)] = []
    /// Servers whose clocks stand still, and at what.
    var stopped: [Int: Instant] = [:]
    /// What each server had stored of what it applied.
    private(set) var deltas: [[AppliedDelta]] = []
    private var queue: [(node: Int, event: Event<SyncNet>)] = []
    private var timers: [Timer] = []
    private var order = 0
    private var streams: UInt64 = 0
    /// Ends of streams between servers: the other end of (node, stream).
    private var links: [(node: Int, stream: StreamID, peer: Int, theirs: StreamID)] = []
    /// The ends of those who opened them.
    private var opened: [StreamID] = []
    private var logs: [[Entry]] = []
    private var posts: [[Post]] = []
    /// What was searched for, on any server.
    private(set) var searches: [SearchQuery] = []

    init(
        count: Int, founders: Int? = nil, timing: Timing = .guide, bugs: PlantedBugs = [],
        faultPoints: FaultPoints = .none, accounts: AccountPolicy = .off
    ) {
        let members = (0..<count).map {
            Member(id: Text("server\($0 + 1)"), host: "localhost", port: UInt16(8_000 + $0))
        }
        for rank in 0..<count {
            let configuration = ServerConfiguration(
                me: NodeID(UInt32(rank)), members: members, founders: founders, timing: timing,
                accounts: accounts, operatorToken: "token")
            servers.append(Server(configuration, bugs: bugs, faultPoints: faultPoints))
        }
        isDown = Array(repeating: false, count: count)
        logs = Array(repeating: [], count: count)
        posts = Array(repeating: [], count: count)
        deltas = Array(repeating: [], count: count)
    }

    mutating func start(_ node: Int, _ recovered: Recovered? = nil) {
        let found = recovered ?? Recovered(disk: DiskID(UInt64(100 + node)), boot: Boot(1))
        queue.append((node, .started(.server(found))))
    }

    /// Starts all with the same formation, so that they are members from the first moment.
    mutating func startFormed(lastIndices: [UInt64]? = nil, boot: Boot = Boot(1)) {
        let disks = servers.indices.map {
            MemberDisk(node: NodeID(UInt32($0)), disk: DiskID(UInt64(100 + $0)))
        }
        let names = servers[0].configuration.members.map(\.id)
        for node in servers.indices {
            var found = Recovered(disk: DiskID(UInt64(100 + node)), boot: boot)
            found.formation = Formation(
                cluster: ClusterID(members: names, disks: disks), members: names, disks: disks)
            if let last = lastIndices?[node], last > 0 {
                found.last = LogIndex(last)
                found.ballot = Ballot(round: Epoch(1), vote: nil)
                found.runs = [EpochRun(first: LogIndex(1), epoch: Epoch(1))]
                found.tail = (1...last).map {
                    Entry(
                        index: LogIndex($0), epoch: Epoch(1), stamp: Stamp($0),
                        payload: .epochStarted(by: NodeID(0)))
                }
                logs[node] = found.tail
            }
            start(node, found)
        }
    }

    mutating func input(_ event: Event<SyncNet>, to node: Int) { queue.append((node, event)) }

    mutating func connectClient(to node: Int) -> StreamID {
        streams += 1
        let stream = StreamID(streams)
        queue.append((node, .accepted(stream, from: NodeID(2_000))))
        return stream
    }

    mutating func request(
        _ request: ClientRequest, to node: Int, on stream: StreamID, stamp: Stamp = Stamp(1)
    ) {
        queue.append((node, .message(Message(stamp: stamp, body: .request(request)), on: stream)))
    }

    mutating func kill(_ node: Int) {
        isDown[node] = true
        timers.removeAll { $0.node == node }
        for link in links where link.peer == node {
            queue.append((link.node, .closed(link.stream)))
        }
        links.removeAll { $0.node == node || $0.peer == node }
    }

    /// Starts a killed server with an empty disk.
    mutating func restartWiped(_ node: Int) {
        isDown[node] = false
        logs[node] = []
        posts[node] = []
        servers[node] = Server(servers[node].configuration)
        start(node, Recovered(disk: DiskID(UInt64(500 + node)), boot: Boot(1)))
    }

    /// Delivers everything that is on its way, and what follows from it.
    mutating func settle() {
        var steps = 0
        while !queue.isEmpty {
            let (node, event) = queue.removeFirst()
            steps += 1
            precondition(steps < 200_000, "messages circle for ever: \(event)")
            if !isDown[node] { step(node, event) }
        }
    }

    /// Lets time pass, timer by timer.
    mutating func run(for interval: Interval) {
        let end = now + interval
        settle()
        while let next = timers.indices.min(by: {
            (timers[$0].at, timers[$0].order) < (timers[$1].at, timers[$1].order)
        }), timers[next].at <= end {
            let timer = timers.remove(at: next)
            now = max(now, timer.at)
            guard stopped[timer.node] == nil else { continue }
            queue.append((timer.node, .timer(timer.name)))
            settle()
        }
        now = end
    }

    var leaders: [Int] { servers.indices.filter { !isDown[$0] && servers[$0].isLeading } }

    private mutating func step(_ node: Int, _ event: Event<SyncNet>) {
        var effects = Effects<SyncNet>()
        let reading = ClockReading(
            monotonic: stopped[node] ?? now, wall: WallTime(microseconds: 1_000_000))
        servers[node].handle(event, now: reading, into: &effects)
        var tickets: [Ticket] = []
        for effect in effects.list {
            perform(effect, of: node)
            if case .output(.report(let report)) = effect {
                reports.append((node, report, event))
            }
            if case .write(_, let ticket) = effect, tickets.last != ticket {
                tickets.append(ticket)
            }
        }
        for ticket in tickets { queue.append((node, .written(ticket))) }
    }

    private mutating func perform(_ effect: Effect<SyncNet>, of node: Int) {
        switch effect {
        case .datagram(let message, let peer): send(message, from: node, to: peer)
        case .open(let peer): open(from: node, to: Int(peer.rank))
        case .send(let message, let stream): send(message, from: node, on: stream)
        case .arm(let name, let range):
            timers.removeAll { $0.node == node && $0.name == name }
            order += 1
            // Ranks draw apart, so that retries don't collide for ever.
            let span = range.upperBound.nanoseconds - range.lowerBound.nanoseconds
            let drawn = span / UInt64(servers.count + 1) * UInt64(node + 1)
            let at = now + range.lowerBound + Interval(nanoseconds: drawn)
            timers.append(Timer(node: node, name: name, at: at, order: order))
        case .cancel(let name): timers.removeAll { $0.node == node && $0.name == name }
        case .write(let write, _): keep(write, of: node)
        case .fetch(let query, let ticket):
            let answer = answer(query, of: node)
            queue.append((node, .fetched(answer, ticket)))
        case .note(let mark): marks.append((node, mark))
        case .close(let stream): close(stream, of: node)
        case .output(.passwordJob(let job)):
            queue.append((node, .input(.passwordDone(job: job.id, verifier: Self.verifier(job)))))
        case .publish, .output, .halt: break
        }
    }

    /// The world's slow work, in no time: a verifier is the password turned round.
    private static func verifier(_ job: PasswordJob) -> Text? {
        let made = Text(utf8: job.password.utf8.reversed())
        return switch job.task {
        case .make: made
        case .check(let known): known == made ? made : nil
        }
    }

    private mutating func send(_ message: Message, from node: Int, to peer: NodeID) {
        switch message.body {
        case .token: tokensSent[.first, default: 0] += 1
        case .elected: tokensSent[.second, default: 0] += 1
        default: break
        }
        guard peer.rank < servers.count else { return }
        if cuts.contains(where: { $0 == (node, Int(peer.rank)) }) { return }
        queue.append((Int(peer.rank), .datagram(message, from: NodeID(UInt32(node)))))
    }

    private mutating func open(from node: Int, to peer: Int) {
        guard !isDown[peer] else {
            queue.append((node, .openFailed(NodeID(UInt32(peer)), .refused)))
            return
        }
        let isCut = streamless.contains { $0 == (node, peer) || $0 == (peer, node) }
        guard !isCut, !unopened.contains(where: { $0 == (node, peer) }) else {
            queue.append((node, .openFailed(NodeID(UInt32(peer)), .unreachable)))
            return
        }
        streams += 2
        let (mine, theirs) = (StreamID(streams), StreamID(streams + 1))
        opened.append(mine)
        links.append((node, mine, peer, theirs))
        links.append((peer, theirs, node, mine))
        queue.append((peer, .accepted(theirs, from: NodeID(UInt32(node)))))
        queue.append((node, .opened(mine, to: NodeID(UInt32(peer)))))
    }

    /// Ends the streams between servers, and lets none be opened.
    mutating func endStreams(of node: Int, with others: [Int]) {
        streamless += others.map { (node, $0) }
        for other in others {
            while let link = links.first(where: { $0.node == node && $0.peer == other }) {
                close(link.stream, of: node)
            }
        }
    }

    /// Ends the stream that a server has opened to another one, and lets it open none.
    mutating func endStream(from node: Int, to other: Int) {
        unopened.append((node, other))
        let isOwn = { [opened] in opened.contains($0) }
        let own = links.first { $0.node == node && $0.peer == other && isOwn($0.stream) }
        if let own { close(own.stream, of: node) }
    }

    private mutating func close(_ stream: StreamID, of node: Int) {
        guard let link = links.first(where: { $0.node == node && $0.stream == stream }) else {
            return
        }
        links.removeAll { $0.stream == link.stream || $0.stream == link.theirs }
        queue.append((link.peer, .closed(link.theirs)))
        queue.append((node, .closed(link.stream)))
    }

    private mutating func send(_ message: Message, from node: Int, on stream: StreamID) {
        if case .reply(let reply) = message.body {
            replies.append((node, stream, reply))
            return
        }
        guard let link = links.first(where: { $0.node == node && $0.stream == stream }) else {
            return
        }
        if (cuts + streamCuts).contains(where: { $0 == (node, link.peer) }) { return }
        queue.append((link.peer, .message(message, on: link.theirs)))
    }

    private mutating func keep(_ write: JournalWrite, of node: Int) {
        switch write {
        case .append(let entries): logs[node] += entries
        case .cut(let index): logs[node].removeAll { $0.index >= index }
        case .apply(let delta):
            posts[node] += delta.posts
            deltas[node].append(delta)
        default: break
        }
    }

    private mutating func answer(_ query: JournalQuery, of node: Int) -> JournalAnswer {
        switch query {
        case .search(let search): find(search, of: node)
        case .entries(let from, let count, _):
            .entries(Array(logs[node].filter { $0.index >= from }.prefix(count)))
        case .after(let index, let room, let limit):
            page(of: node, room, limit: limit, last: false) { $0 > index }
        case .before(let index, let room, let limit):
            page(of: node, room, limit: limit, last: true) { index == .zero || $0 < index }
        }
    }

    /// The first search of all finds that not all is indexed.
    private mutating func find(_ query: SearchQuery, of node: Int) -> JournalAnswer {
        searches.append(query)
        guard searches.count > 1 else { return .indexing }
        let found = posts[node].filter { query.rooms.contains($0.room) }
            .compactMap { message($0, of: node) }.filter { $0.text == query.words }
        return .messages(found.suffix(query.limit), more: found.count > query.limit)
    }

    private func page(
        of node: Int, _ room: Text, limit: Int, last: Bool, where fits: (LogIndex) -> Bool
    ) -> JournalAnswer {
        let found = posts[node].filter { $0.room == room && fits($0.index) }
        let page = last ? Array(found.suffix(limit)) : Array(found.prefix(limit))
        return .messages(page.compactMap { message($0, of: node) }, more: found.count > limit)
    }

    private func message(_ post: Post, of node: Int) -> RoomMessage? {
        guard let entry = logs[node].first(where: { $0.index == post.index }),
            case .command(let command) = entry.payload,
            case .chat(_, let text) = command.action
        else { return nil }
        return RoomMessage(
            room: post.room, index: post.index, previous: post.previous, stamp: entry.stamp,
            sender: command.sender, createdAt: command.createdAt, text: text)
    }
}
