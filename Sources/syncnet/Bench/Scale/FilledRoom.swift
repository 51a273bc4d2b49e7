import Foundation
import LoadGenerator

/// A cluster with a room that has a long history.
struct FilledRoom {
    /// Sessions that fill it, and the messages that each has outstanding.
    private static let sessions = 64
    private static let outstanding = 64
    /// So many messages are written by one process of the load generator.
    private static let portion = 100_000
    private static let startLimit = 60.0
    /// A wiped server gets so many seconds, and one more for each thousand entries.
    private static let catchUpSeconds = 60

    let cluster: BenchCluster

    /// Says so many messages in the room; how many a second were acknowledged.
    func fill(_ length: Int, bytes: Int) async throws -> Double {
        let leader = try await cluster.leader()
        var left = length
        var seconds = 0.0
        while left > 0 {
            BenchProgress.show("\(length) messages: fills the room, \(left) left")
            let count = min(left, Self.portion)
            let figures: FillFigures = try LoadProcess.run([
                "fill", "\(min(Self.sessions, count))", "\(Self.outstanding)", "\(count)",
                "\(bytes)", cluster.ports { $0 == leader }, cluster.processes,
            ])
            seconds += figures.seconds
            left -= count
        }
        return Double(length) / seconds
    }

    /// Reads so many pages of each kind on the leader.
    func pages(_ count: Int) async throws -> PageFigures {
        let leader = try await cluster.leader()
        return try LoadProcess.run([
            "pages", "\(count)", "50", cluster.ports { $0 == leader },
        ])
    }

    /// Ends a server that does not lead and starts it again; how long it takes, in milliseconds,
    /// from the start of its process until it answers with a page of the room.
    func restart() async throws -> Double {
        let server = try await follower()
        try await stop(server)
        let began = load_monotonic()
        try server.start()
        let served = load_wait_for_page(port(server), Self.startLimit)
        guard served > 0 else {
            throw Failure("\(server.id) does not serve \(Self.startLimit) s after its start")
        }
        try await cluster.becomeHealthy()
        return (served - began) * 1_000
    }

    /// Takes a server's data away and starts it again: how long it takes from the start of its
    /// process until it has applied all that there was then. Meanwhile nobody says anything.
    func catchUp() async throws -> CatchUp {
        let server = try await follower()
        try await stop(server)
        try wipe(server)
        let leader = cluster.company.server(try await cluster.leader())
        let goal = load_applied(monitor(leader.id))
        guard goal > 0 else { throw Failure("the leader does not tell what it has applied") }
        let began = ContinuousClock.now
        try server.start()
        let limit = Duration.seconds(Self.catchUpSeconds + goal / 1_000)
        let hasCaughtUp = try await Patience.until(limit) {
            load_applied(monitor(server.id)) >= goal
        }
        guard hasCaughtUp else { throw Failure("\(server.id) has not caught up within \(limit)") }
        let seconds = began.duration(to: .now) / .seconds(1)
        try await cluster.becomeHealthy()
        return CatchUp(entries: goal, seconds: seconds)
    }

    private func follower() async throws -> ServerProcess {
        let leader = try await cluster.leader()
        guard let server = cluster.company.servers.first(where: { $0.id != leader }) else {
            throw Failure("there is no server but the leader")
        }
        return server
    }

    private func stop(_ server: ServerProcess) async throws {
        guard try await server.end(by: SIGTERM, within: .seconds(20)) else {
            throw Failure("\(server.id) does not end when it is asked to")
        }
    }

    /// All but its log, which says what went wrong.
    private func wipe(_ server: ServerProcess) throws {
        let files = FileManager.default
        for name in try files.contentsOfDirectory(atPath: server.directory)
        where name != "server.log" {
            try files.removeItem(atPath: "\(server.directory)/\(name)")
        }
    }

    private func port(_ server: ServerProcess) -> Int32 {
        Int32(cluster.ports { $0 == server.id }) ?? 0
    }

    private func monitor(_ id: String) -> Int32 { Int32(cluster.metricsPort(of: id)) }
}

/// What the load generator says of a room that it filled.
struct FillFigures: Codable, Equatable {
    /// How long it took.
    var seconds: Double
}

/// What the load generator says of pages, in milliseconds from a request to its answer's end.
struct PageFigures: Codable, Equatable {
    var endP50Ms: Double
    var endP99Ms: Double
    var middleP50Ms: Double
    var middleP99Ms: Double
}

/// How a wiped server came to have everything again.
struct CatchUp: Codable, Equatable {
    /// Entries that it had to get, messages and joins.
    var entries: Int
    /// From the start of its process until it had applied them.
    var seconds: Double

    var perSecond: Double { Double(entries) / seconds }
}
