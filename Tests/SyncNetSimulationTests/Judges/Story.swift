import StateMachine
import SyncNetProtocol

@testable import SyncNetSimulation

/// A made-up run, told to the judges event by event.
struct Story {
    private(set) var court: Court
    private var ticket: UInt64 = 0
    private var boots: [UInt64]
    private var logs: [[Entry]]
    private var stamps = NodeMap<UInt64>()

    init(servers: Int = 3, isChanging: Bool = false) {
        // These stories tell of leaders, and not of who voted for them.
        court = Court(
            servers: servers, founders: servers, clients: 8, timing: Timing(), limits: Limits(),
            disks: [], isChanging: isChanging, countsVotes: false)
        boots = Array(repeating: 0, count: servers)
        logs = Array(repeating: [], count: servers)
        // Whoever speaks in a story has joined the hall before it begins.
        court.suppose("ada", in: "hall")
        for rank in 0..<servers { start(rank) }
    }

    var verdict: Property? { court.verdict?.property }

    static func client(_ number: Int) -> NodeID {
        NodeID(UInt32(Limits.membersMax + number))
    }

    mutating func tell(
        _ event: Event<SyncNet>, _ node: NodeID, _ effects: [Effect<SyncNet>] = []
    ) {
        court.observe(event, by: node, effects)
    }

    mutating func named(_ client: NodeID, _ name: Text) { court.named(client, name) }

    mutating func down(_ node: NodeID) { court.down(node) }

    mutating func note(_ server: Int, _ marks: Mark...) {
        tell(.timer(.heartbeat), NodeID(UInt32(server)), marks.map { .note($0) })
    }

    mutating func start(_ server: Int, change: (inout Recovered) -> Void = { _ in }) {
        boots[server] += 1
        var found = Recovered(disk: DiskID(UInt64(server) + 1), boot: Boot(boots[server]))
        found.tail = logs[server]
        found.last = LogIndex(UInt64(logs[server].count))
        found.runs = logs[server].map { EpochRun(first: $0.index, epoch: $0.epoch) }
        change(&found)
        tell(.started(.server(found)), NodeID(UInt32(server)))
    }

    mutating func replaceDisk(of server: Int) {
        (logs[server], boots[server]) = ([], 0)
        start(server) { $0.disk = DiskID(9) }
    }

    mutating func write(_ server: Int, _ writes: JournalWrite..., durable: Bool = true) {
        ticket += 1
        let node = NodeID(UInt32(server))
        tell(.timer(.heartbeat), node, writes.map { .write($0, Ticket(ticket)) })
        for case .append(let entries) in writes { logs[server] += entries }
        if durable { tell(.written(Ticket(ticket)), node) }
    }

    /// Appends entries durably on all servers that are named.
    mutating func append(_ entries: [Entry], on servers: [Int]) {
        for server in servers { write(server, .append(entries)) }
    }

    /// Commits and applies an entry on a server.
    mutating func apply(_ entry: Entry, _ outcome: Outcome? = nil, on server: Int) {
        note(server, .committed(entry.index), .applied(entry, outcome))
    }

    mutating func stamp(of node: NodeID) -> Stamp {
        let stamp = (stamps[node] ?? 0) + 1_000
        stamps[node] = stamp
        return Stamp(stamp)
    }

    mutating func tell(_ client: NodeID, _ output: NodeOutput) {
        tell(.timer(.answer), client, [.output(output)])
    }
}

extension Entry {
    static func started(_ index: UInt64, epoch: UInt64 = 1, by rank: UInt32 = 0) -> Entry {
        Entry(
            index: LogIndex(index), epoch: Epoch(epoch), stamp: Stamp(index * 10),
            payload: .epochStarted(by: NodeID(rank)))
    }

    static func join(_ index: LogIndex, number: UInt64) -> Entry {
        let request = SessionRequest(session: "session", number: number)
        let command = Command(
            sender: "ada", request: request, createdAt: 7, action: .join(room: "hall"))
        return Entry(
            index: index, epoch: Epoch(1), stamp: Stamp(index.number * 10),
            payload: .command(command))
    }

    static func chat(
        _ index: UInt64, _ text: StaticString, number: UInt64, epoch: UInt64 = 1,
        stamp: UInt64? = nil
    ) -> Entry {
        let request = SessionRequest(session: "session", number: number)
        let command = Command(
            sender: "ada", request: request, createdAt: 7,
            action: .chat(room: "hall", text: Text(stringLiteral: text)))
        return Entry(
            index: LogIndex(index), epoch: Epoch(epoch), stamp: Stamp(stamp ?? index * 10),
            payload: .command(command))
    }

    /// The message that the entry becomes.
    func message(previous: UInt64) -> RoomMessage {
        guard case .command(let command) = payload, case .chat(let room, let text) = command.action
        else { preconditionFailure("no message") }
        return RoomMessage(
            room: room, index: index, previous: LogIndex(previous), stamp: stamp,
            sender: command.sender, createdAt: command.createdAt, text: text)
    }

    /// The outcome of an entry that is done where it stands.
    var done: Outcome { .done(index) }
}
