import Foundation
import SyncNetRuntime

/// A cluster that is measured: processes of its own, with data on a real disk.
struct BenchCluster {
    let company: Company
    private let plan: ClusterPlan

    /// Starts the servers in a folder of which nothing stays, and hands them over when all
    /// follow one leader. The words of `prefix`, by rank, stand before the command of a server.
    static func run(
        _ options: ClusterOptions, settings: [String] = [],
        prefix: @escaping (Int) -> [String] = { _ in [] },
        _ act: (BenchCluster) async throws -> Void
    ) async throws {
        var options = options
        let plan = try options.plan()
        let base = plan.ring.first?.basePort ?? 8_000
        // Above the other ports of these servers, wherever those are.
        options.place.settings += ["http_port=\(base + 50)"] + settings
        let parent = options.home.dataDir ?? NSTemporaryDirectory()
        try await Playground(options, in: parent, prefix: prefix).play { company in
            defer { BenchProgress.clear() }
            BenchProgress.show("starts \(company.servers.count) servers")
            for server in company.servers { try server.start() }
            let cluster = BenchCluster(company: company, plan: company.plan)
            try await cluster.becomeHealthy()
            try await act(cluster)
        }
    }

    /// Waits until all servers follow one leader.
    func becomeHealthy() async throws {
        guard try await company.becomesHealthy(within: .seconds(60)) else {
            let logs = company.servers.map { "\($0.id): \($0.lastLines)" }
            throw Failure(
                "the servers found no leader within a minute; their last words: "
                    + logs.joined(separator: "; "))
        }
    }

    /// Who leads.
    func leader() async throws -> String {
        guard let leader = try await company.leader(within: .seconds(20)) else {
            throw Failure("there is not one leader within 20 s")
        }
        return leader
    }

    /// The ports for clients, of all servers or of some; behind the host where that is not this
    /// machine's loopback.
    func ports(where isWanted: (String) -> Bool = { _ in true }) -> String {
        let places = plan.ring.filter { isWanted($0.serverID) }.map { server in
            ["localhost", "127.0.0.1"].contains(server.host)
                ? "\(server.tcpPort)" : "\(server.host):\(server.tcpPort)"
        }
        return places.joined(separator: ",")
    }

    /// The place of a server in the ring.
    func rank(of id: String) -> Int {
        guard let rank = plan.ring.firstIndex(where: { $0.serverID == id }) else {
            preconditionFailure("no server \(id) in \(plan.ring.map(\.serverID))")
        }
        return rank
    }

    /// The port for monitors of a server.
    func metricsPort(of id: String) -> Int { (plan.httpPort ?? 0) + rank(of: id) }

    /// The ports for monitors.
    var metricsPorts: String { list(plan.ring.map { metricsPort(of: $0.serverID) }) }

    /// The processes of the servers.
    var processes: String { list(company.servers.compactMap { $0.runningID.map(Int.init) }) }

    private func list(_ numbers: [Int]) -> String {
        numbers.map(String.init).joined(separator: ",")
    }
}
