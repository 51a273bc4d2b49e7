import StateMachine
@testable import SyncNetProtocol

/// A client, servers and everything bad in between, drawn from one seed.
struct ModelWorld: ~Copyable {
    struct Subscription {
        var room: Text
        var through: LogIndex
    }

    struct Stream {
        let id: StreamID
        let server: Int
        var toServer: [ClientRequest] = []
        var toClient: [ClientReply] = []
        var subscriptions: [Subscription] = []
        var isHung = false
        /// Neither side sends any more; what is on its way to the server may still arrive.
        var isClosed = false
        /// The client does not know yet that it broke.
        var isTold = false
    }

    var client: Client
    var cluster = ModelCluster()
    var isHealed = false
    /// Whether servers forget sessions, which makes some outcomes unknown.
    let forgets: Bool
    private(set) var outputs: [NodeOutput] = []
    private var generator: Generator
    private var effects = Effects<SyncNet>()
    private var now = Instant(nanoseconds: 1_000_000_000)
    private var streams: [Stream] = []
    private var streamsMade: UInt64 = 0
    private var opening: [NodeID] = []
    private var timers: [(name: TimerName, due: Instant)] = []
    private var applied = [LogIndex](repeating: .zero, count: 3)

    init(seed: UInt64, bugs: PlantedBugs, forgets: Bool) {
        generator = Generator(seed: seed)
        self.forgets = forgets
        client = Client(me: NodeID(2_000), name: "ann", session: "s", bugs: bugs)
        give(.started(.client))
        give(.input(.servers([NodeID(0), NodeID(1), NodeID(2)])))
    }

    mutating func order(_ input: ClientInput) { give(.input(input)) }

    /// Something happens somewhere.
    mutating func step() {
        now = now + .microseconds(generator.below(20_000))
        fireTimers()
        openOne()
        let server = Int(generator.below(3))
        applied[server] = min(cluster.last, LogIndex(applied[server].number + generator.below(4)))
        if !isHealed { misfortune() }
        for slot in streams.indices where generator.chance(2, in: 3) { serve(slot) }
        for slot in streams.indices where generator.chance(2, in: 3) { deliver(slot) }
        streams.removeAll { $0.isClosed && $0.isTold && $0.toServer.isEmpty }
    }

    mutating func heal() {
        isHealed = true
        for slot in streams.indices { streams[slot].isHung = false }
    }

    private mutating func misfortune() {
        if generator.chance(1, in: 40) { cluster.chatter(generator.chance(1, in: 2) ? "a" : "b") }
        if forgets, generator.chance(1, in: 200) { forget() }
        guard !streams.isEmpty else { return }
        let slot = Int(generator.below(UInt64(streams.count)))
        if generator.chance(1, in: 60) { breakStream(slot) }
        if generator.chance(1, in: 150) { streams[slot].isHung = true }
        if generator.chance(1, in: 20) { streams[slot].isHung = false }
    }

    /// The servers forget the session used longest ago of ten thousand. A first request that
    /// is still on its way then would begin it once more, which no table can tell from a new
    /// session; but nobody's first request takes as long as ten thousand sessions.
    private mutating func forget() {
        let first = client.session.outstanding.first?.number ?? client.session.next
        let isOnItsWay = streams.contains { $0.toServer.contains { $0.request == 1 } }
        guard first > 1, !isOnItsWay else { return }
        guard let slot = cluster.sessions.firstIndex(where: { $0.name == client.session.name })
        else { return }
        cluster.forget(slot)
    }

    private mutating func breakStream(_ slot: Int) {
        streams[slot].isClosed = true
        let arrive = Int(generator.below(UInt64(streams[slot].toServer.count + 1)))
        streams[slot].toServer.removeLast(streams[slot].toServer.count - arrive)
        let reach = Int(generator.below(UInt64(streams[slot].toClient.count + 1)))
        streams[slot].toClient.removeLast(streams[slot].toClient.count - reach)
    }

    private mutating func openOne() {
        guard let server = opening.first else { return }
        opening.removeFirst()
        guard isHealed || generator.chance(3, in: 4) else {
            give(.openFailed(server, .refused))
            return
        }
        streamsMade += 1
        streams.append(Stream(id: StreamID(streamsMade), server: Int(server.rank)))
        give(.opened(StreamID(streamsMade), to: server))
    }

    private mutating func fireTimers() {
        while let slot = timers.firstIndex(where: { $0.due <= now }) {
            give(.timer(timers.remove(at: slot).name))
        }
    }

    // MARK: Servers

    private mutating func serve(_ slot: Int) {
        guard !streams[slot].isHung else { return }
        if !streams[slot].toServer.isEmpty {
            let reply = answer(streams[slot].toServer.removeFirst(), slot)
            if !streams[slot].isClosed { streams[slot].toClient.append(reply) }
        }
        push(slot)
    }

    private mutating func answer(_ request: ClientRequest, _ slot: Int) -> ClientReply {
        let number = request.request
        if !isHealed, generator.chance(1, in: 25) {
            let reason = generator.pick([NackReason.noLeader, .overloaded, .unavailable])
            return .nack(request: number, reason, detail: "")
        }
        let server = streams[slot].server
        switch request.body {
        case .history(let history):
            applied[server] = max(applied[server], min(history.seen, cluster.last))
            return .history(request: number, page(history, applied[server]))
        case .discovery: return .servers(request: number, [], nil)
        default: break
        }
        let reply = cluster.apply(request)
        if case .done(_, let room, let index) = reply {
            applied[server] = max(applied[server], index)
            if case .createJoin(_, let after, _) = request.body {
                streams[slot].subscriptions.removeAll { $0.room == room }
                streams[slot].subscriptions.append(
                    Subscription(room: room, through: after ?? applied[server]))
            }
        }
        return reply
    }

    private func page(_ history: HistoryRequest, _ applied: LogIndex) -> HistoryPage {
        let all = cluster.messages(
            of: history.room, after: history.after ?? .zero, through: applied)
        return HistoryPage(
            room: history.room, messages: Array(all.prefix(3)), hasMore: all.count > 3,
            members: nil)
    }

    private mutating func push(_ slot: Int) {
        guard !streams[slot].isClosed else { return }
        for place in streams[slot].subscriptions.indices {
            let subscription = streams[slot].subscriptions[place]
            let next = cluster.messages(
                of: subscription.room, after: subscription.through,
                through: applied[streams[slot].server]
            ).first
            guard let next else { continue }
            streams[slot].subscriptions[place].through = next.index
            // A server whose client is slow leaves out what the client can fetch.
            guard isHealed || !generator.chance(1, in: 20) else { continue }
            streams[slot].toClient.append(.pushed(next))
        }
    }

    private mutating func deliver(_ slot: Int) {
        guard !streams[slot].isTold, !streams[slot].isHung else { return }
        let stream = streams[slot].id
        if !streams[slot].toClient.isEmpty {
            let reply = streams[slot].toClient.removeFirst()
            let stamp = Stamp(cluster.last.number + 1)
            give(.message(Message(stamp: stamp, body: .reply(reply)), on: stream))
        } else if streams[slot].isClosed {
            streams[slot].isTold = true
            give(.closed(stream))
        }
    }

    // MARK: The client

    private mutating func give(_ event: Event<SyncNet>) {
        effects.removeAll()
        let wall = WallTime(microseconds: Int64(now.nanoseconds / 1_000))
        client.handle(event, now: ClockReading(monotonic: now, wall: wall), into: &effects)
        for effect in effects.list { perform(effect) }
    }

    private mutating func perform(_ effect: Effect<SyncNet>) {
        switch effect {
        case .open(let server): opening.append(server)
        case .send(let message, let id):
            guard let slot = streams.firstIndex(where: { $0.id == id }),
                !streams[slot].isClosed, case .request(let request) = message.body
            else { return }
            streams[slot].toServer.append(request)
        case .close(let id):
            guard let slot = streams.firstIndex(where: { $0.id == id }) else { return }
            streams[slot].isClosed = true
            streams[slot].toClient.removeAll()
        case .arm(let name, let range):
            timers.removeAll { $0.name == name }
            let bounds = range.lowerBound.nanoseconds...range.upperBound.nanoseconds
            let pause = Interval(nanoseconds: generator.within(bounds))
            timers.append((name, now + pause))
        case .cancel(let name): timers.removeAll { $0.name == name }
        case .output(let output): outputs.append(output)
        default: break
        }
    }
}
