import StateMachine
package import SyncNetProtocol

/// What a server has counted since its start. Belongs to its event loop.
package struct Tally: Equatable, Sendable {
    /// How long something took: how often, in all, and how often at most each bound.
    package struct Histogram: Equatable, Sendable {
        /// The bounds, in microseconds.
        package static let bounds: [UInt64] = [
            100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000,
            1_000_000, 5_000_000,
        ]
        /// By bound; the last one counts what is above all of them.
        package private(set) var counts = [UInt64](repeating: 0, count: bounds.count + 1)
        package private(set) var count: UInt64 = 0
        package private(set) var nanoseconds: UInt64 = 0

        /// Makes an empty one.
        package init() {}

        /// Counts one.
        package mutating func add(nanoseconds time: UInt64) {
            let slot = Self.bounds.firstIndex { time <= $0 * 1_000 } ?? Self.bounds.count
            counts[slot] += 1
            count += 1
            nanoseconds += time
        }
    }

    /// What went over one kind of port, in one direction.
    package struct Traffic: Equatable, Sendable {
        /// Datagrams, or reads and writes of a stream.
        package var pieces: UInt64 = 0
        package var bytes: UInt64 = 0

        mutating func add(_ count: Int) {
            pieces += 1
            bytes += UInt64(count)
        }
    }

    /// Writes that were acknowledged to this server's clients.
    package private(set) var acknowledged: UInt64 = 0
    /// Entries that this server applied.
    package private(set) var applied: UInt64 = 0
    /// Times that it became leader, and that it stopped being one.
    package private(set) var elections: UInt64 = 0
    package private(set) var stepDowns: UInt64 = 0
    /// Requests that were refused, by reason.
    package private(set) var refused = Tally.slots(NackReason.self)
    /// Messages of peers that were dropped by the machine, by reason.
    package private(set) var dropped = Tally.slots(Drop.self)
    /// Commits to the disk: each waits for at least one fsync.
    package var commits = Histogram()
    /// Datagrams by their port's purpose, and streams by who is at the other end.
    package private(set) var received = [Traffic](repeating: Traffic(), count: Carrier.count)
    package private(set) var sent = [Traffic](repeating: Traffic(), count: Carrier.count)

    /// Makes one with nothing in it.
    package init() {}

    /// What carries bytes.
    package enum Carrier: Int, CaseIterable, Sendable {
        case discovery, heartbeats, elections, chat
        /// Streams: of clients, and between servers.
        case clients, replication

        static var count: Int { allCases.count }

        init(_ purpose: PortPurpose) {
            switch purpose {
            case .clients: self = .clients
            case .discovery: self = .discovery
            case .heartbeat: self = .heartbeats
            case .election: self = .elections
            case .chat: self = .chat
            }
        }
    }

    /// A counter for each case, at its raw value: those need not be without gaps.
    private static func slots<Reason: RawRepresentable<UInt8> & CaseIterable>(
        _ reasons: Reason.Type
    ) -> [UInt64] {
        let highest = reasons.allCases.map(\.rawValue).max() ?? 0
        return [UInt64](repeating: 0, count: Int(highest) + 1)
    }

    mutating func note(_ mark: Mark) {
        switch mark {
        case .acknowledged: acknowledged += 1
        case .applied: applied += 1
        case .becameLeader: elections += 1
        case .steppedDown: stepDowns += 1
        case .refused(let reason): refused[Int(reason.rawValue)] += 1
        case .dropped(let reason): dropped[Int(reason.rawValue)] += 1
        default: break
        }
    }

    mutating func receive(_ count: Int, over carrier: Carrier) {
        received[carrier.rawValue].add(count)
    }

    mutating func send(_ count: Int, over carrier: Carrier) {
        sent[carrier.rawValue].add(count)
    }
}

/// All that is known of a running server at one time.
package struct Measurement: Equatable, Sendable {
    /// What its machine says; nil before that runs, and after it has ended.
    package var figures: Figures?
    /// What was counted.
    package var tally: Tally
    /// What was dropped at the door.
    package var counters: Counters
}
