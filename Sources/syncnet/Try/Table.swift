import StateMachine
import SyncNetProtocol

/// Servers on a table, for looking at one part of them: every message takes a millisecond and
/// none is lost, disks answer at once, and time jumps from event to event.
///
/// The simulator does all this in earnest; here nothing goes wrong but what is asked for.
struct Table {
    private(set) var servers: [Server]
    private var surroundings: Surroundings

    /// Servers that have formed their cluster already and know no leader yet.
    init(names: [String], timing: Timing = .guide) {
        let members = names.map { Member(id: Text($0), host: "localhost", port: 0) }
        servers = members.indices.map {
            Server(ServerConfiguration(me: NodeID(UInt32($0)), members: members, timing: timing))
        }
        surroundings = Surroundings(count: names.count)
        let disks = members.indices.map {
            MemberDisk(node: NodeID(UInt32($0)), disk: DiskID(UInt64($0) + 1))
        }
        for disk in disks {
            var found = Recovered(disk: disk.disk, boot: Boot(1))
            found.formation = Formation(
                cluster: ClusterID(1), members: members.map(\.id), disks: disks)
            surroundings.put(.started(.server(found)), to: disk.node, after: .zero)
        }
    }

    /// What the servers have noted, in order.
    var notes: [Note] { surroundings.notes }
    /// What they have sent.
    var sent: [Sent] { surroundings.sent }
    /// The time since the beginning.
    var now: Instant { surroundings.now }

    /// Lets a server stand still, with its connections open, so that only its silence tells.
    mutating func silence(_ node: NodeID) { surroundings.silent.append(node) }

    /// Lets time pass.
    mutating func run(for time: Interval) {
        let end = now + time
        var effects = Effects<SyncNet>()
        while let next = surroundings.takeNext(until: end) {
            drive(
                &servers[Int(next.node.rank)], next.event, in: &surroundings, reusing: &effects)
        }
        surroundings.now = end
    }

    /// Lets time pass until it is so, or for at most `time`; whether it came true.
    mutating func run(for time: Interval, until isSo: (Table) -> Bool) -> Bool {
        let end = now + time
        while !isSo(self), now < end { run(for: .milliseconds(1)) }
        return isSo(self)
    }
}

extension Table {
    /// A fact that a server noted.
    struct Note {
        var at: Instant
        var node: NodeID
        var mark: Mark
    }

    /// A datagram that a server sent.
    struct Sent {
        var at: Instant
        var from: NodeID
        var to: NodeID
        var message: Message
    }

    /// An event on its way to a server.
    struct Arrival {
        var at: Instant
        var order: UInt64
        var node: NodeID
        var event: Event<SyncNet>
    }

    /// Everything but the servers.
    struct Surroundings {
        var now = Instant.zero
        var notes: [Note] = []
        var sent: [Sent] = []
        var silent: [NodeID] = []
        private var arrivals: [Arrival] = []
        private var order: UInt64 = 0
        private var streams: UInt64 = 0
        /// The other end of each end of a stream.
        private var ends: [(node: NodeID, stream: StreamID, peer: NodeID, theirs: StreamID)] = []
        private var logs: [[Entry]]
        private var written: [Ticket] = []

        init(count: Int) { logs = Array(repeating: [], count: count) }

        mutating func put(_ event: Event<SyncNet>, to node: NodeID, after time: Interval) {
            order += 1
            arrivals.append(Arrival(at: now + time, order: order, node: node, event: event))
        }

        mutating func takeNext(until end: Instant) -> Arrival? {
            arrivals.removeAll { silent.contains($0.node) }
            guard
                let first = arrivals.indices.min(by: {
                    (arrivals[$0].at, arrivals[$0].order) < (arrivals[$1].at, arrivals[$1].order)
                }), arrivals[first].at <= end
            else { return nil }
            now = max(now, arrivals[first].at)
            return arrivals.remove(at: first)
        }
    }
}

extension Table.Surroundings: World {
    typealias Words = SyncNet

    mutating func datagram(_ message: Message, from: NodeID, to: NodeID) {
        sent.append(Table.Sent(at: now, from: from, to: to, message: message))
        put(.datagram(message, from: from), to: to, after: .milliseconds(1))
    }

    mutating func publish(_ message: Message, from: NodeID) {}

    mutating func open(from: NodeID, to: NodeID) {
        streams += 2
        let (mine, theirs) = (StreamID(streams - 1), StreamID(streams))
        ends.append((from, mine, to, theirs))
        ends.append((to, theirs, from, mine))
        put(.accepted(theirs, from: from), to: to, after: .milliseconds(1))
        put(.opened(mine, to: to), to: from, after: .milliseconds(2))
    }

    mutating func send(_ message: Message, from: NodeID, on stream: StreamID) {
        guard let end = ends.first(where: { $0.node == from && $0.stream == stream }) else {
            return
        }
        put(.message(message, on: end.theirs), to: end.peer, after: .milliseconds(1))
    }

    mutating func close(_ stream: StreamID, from: NodeID) {
        guard let end = ends.first(where: { $0.node == from && $0.stream == stream }) else {
            return
        }
        ends.removeAll { $0.node == from && $0.stream == stream }
        put(.closed(stream), to: from, after: .zero)
        put(.closed(end.theirs), to: end.peer, after: .milliseconds(1))
    }

    func read(by node: NodeID) -> ClockReading {
        ClockReading(monotonic: now, wall: WallTime(microseconds: 0))
    }

    mutating func arm(
        _ timer: TimerName, of node: NodeID, within range: ClosedRange<Interval>
    ) {
        cancel(timer, of: node)
        put(.timer(timer), to: node, after: range.lowerBound)
    }

    mutating func cancel(_ timer: TimerName, of node: NodeID) {
        arrivals.removeAll { $0.node == node && $0.event == .timer(timer) }
    }

    mutating func write(_ write: JournalWrite, by node: NodeID, ticket: Ticket) {
        if case .append(let entries) = write { logs[Int(node.rank)] += entries }
        if written.last != ticket { written.append(ticket) }
    }

    mutating func fetch(_ query: JournalQuery, by node: NodeID, ticket: Ticket) {
        guard case .entries(let from, let count, _) = query else { return }
        let entries = logs[Int(node.rank)].filter { $0.index >= from }.prefix(count)
        put(.fetched(.entries(Array(entries)), ticket), to: node, after: .zero)
    }

    mutating func output(_ output: NodeOutput, by node: NodeID) {}

    mutating func note(_ mark: Mark, by node: NodeID) {
        notes.append(Table.Note(at: now, node: node, mark: mark))
    }

    mutating func halt(_ node: NodeID) { silent.append(node) }

    mutating func settle(_ node: NodeID) {
        for ticket in written { put(.written(ticket), to: node, after: .zero) }
        written = []
    }
}
