import Foundation
import SyncNetClient
import SyncNetProtocol
import SyncNetRuntime

/// All servers of a plan that runs on this machine, and the clients that write meanwhile.
final class Company {
    let plan: ClusterPlan
    let servers: [ServerProcess]
    private let tls: ChatTLS?
    private(set) var writers: [SteadyWriter] = []
    /// The ids of configured servers that are no members: nothing is done to them.
    var strangers: Set<String> = []
    /// The account in which the writers write; nil where they need none.
    var account: LoginAccount?

    init(
        plan: ClusterPlan, arguments: [String], isTied: Bool,
        prefix: (Int) -> [String] = { _ in [] }
    ) throws {
        self.plan = plan
        tls = try plan.trust()
        servers = plan.ring.enumerated().map { rank, server in
            ServerProcess(
                id: server.serverID, plan: plan, arguments: arguments, isTied: isTied,
                prefix: prefix(rank))
        }
    }

    /// How the cluster is.
    func health() async -> ClusterHealth { await StatusProbe.cluster(plan.members, tls: tls) }

    /// Waits until all members are there, and all of them follow one leader; whether that came
    /// in time.
    func becomesHealthy(within limit: Duration = .seconds(20)) async throws -> Bool {
        try await Patience.until(limit) { await health().verdict == .healthy }
    }

    /// Waits for a leader that is not `former`; nil where there is none in time.
    func leader(otherThan former: String? = nil, within limit: Duration) async throws -> String? {
        var found: String?
        _ = try await Patience.until(limit) {
            let leaders = await health().leaders.map(\.id)
            found = leaders.count == 1 && leaders[0] != former ? leaders[0] : nil
            return found != nil
        }
        return found
    }

    func server(_ id: String) -> ServerProcess {
        guard let server = servers.first(where: { $0.id == id }) else {
            preconditionFailure("no server \(id) in \(servers.map(\.id))")
        }
        return server
    }

    /// Lets so many clients write in a room, all the time.
    func write(_ count: Int, in room: String) async throws {
        for number in writers.count..<(writers.count + count) {
            writers.append(
                try await SteadyWriter.begin(
                    "writer \(number + 1)", in: room, on: plan, as: account))
        }
    }

    /// The longest time that a client waited since this was asked last.
    func takeLongestPause() async -> Duration {
        var longest = Duration.zero
        for writer in writers { longest = max(longest, await writer.takeLongest()) }
        return longest
    }

    /// How much was acknowledged.
    func acknowledged() async -> UInt64 {
        var sum: UInt64 = 0
        for writer in writers { sum += await writer.acknowledged }
        return sum
    }

    /// Ends the writing; what was wrong with it, and nothing where nothing was.
    func stopWriting() async throws -> [String] {
        var wrong: [String] = []
        for writer in writers {
            _ = try await writer.stop()
            for text in [await writer.refusal, await writer.confusion].compactMap({ $0 }) {
                wrong.append("\(writer.name): \(text)")
            }
        }
        return wrong
    }

    /// Looks on each server for what was acknowledged to the writers; what is wrong.
    func audit() async throws -> [String] {
        var wrong: [String] = []
        for member in plan.members where !strangers.contains(member.id.string) {
            wrong += try await RoomAudit(member: member, plan: plan, account: account).run(writers)
        }
        return wrong
    }

    /// Kills all and waits until they are gone, for at most five seconds each: the next cluster may
    /// want the same ports.
    func killAll() {
        let running = servers.compactMap(\.runningID)
        servers.forEach { $0.send(9) }
        for id in running {
            var tries = 500
            while tries > 0, kill(id, 0) == 0 {
                usleep(10_000)
                tries -= 1
            }
        }
    }
}
