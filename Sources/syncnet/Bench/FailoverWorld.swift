import Foundation
import SyncNetRuntime

/// Where the servers live whose leader goes.
struct FailoverWorld {
    private let options: ClusterOptions
    private let namespaces: Namespaces?

    /// Hands over a world on this machine's loopback interface, or one in which every server is in
    /// a network namespace of its own. Of that nothing stays, however this process ends.
    static func run(
        _ options: ClusterOptions, isCabled: Bool, _ act: (FailoverWorld) async throws -> Void
    ) async throws {
        guard isCabled else {
            return try await act(FailoverWorld(options: options, namespaces: nil))
        }
        _ = RunPlace.removeStale()
        let place = RunPlace.own
        try FileManager.default.createDirectory(
            atPath: place.directory, withIntermediateDirectories: true)
        let guardian = try Guardian()
        defer {
            place.remove()
            guardian.dismiss()
        }
        let ring = try options.plan().ring
        let namespaces = try Namespaces(place, servers: ring.count)
        let moved = try moved(options, ring.map { ($0.serverID, $0.basePort) }, in: place)
        try await act(FailoverWorld(options: moved, namespaces: namespaces))
    }

    /// The same servers at their hosts. Away from loopback they have to share a secret.
    private static func moved(
        _ options: ClusterOptions, _ servers: [(id: String, port: Int)], in place: RunPlace
    ) throws -> ClusterOptions {
        var options = options
        let secret = place.directory + "/secret"
        try NewFile.write(String(repeating: "failover ", count: 8), to: secret, mode: 0o600)
        options.home.secretFile = secret
        options.place.basePort = nil
        options.place.host = nil
        options.place.members = servers.enumerated().map { rank, server in
            "\(server.id)=\(Namespaces.host(of: rank)):\(server.port)"
        }.joined(separator: ",")
        options.home.dataDir = options.home.dataDir ?? place.directory
        return options
    }

    /// Starts servers in it.
    func servers(
        settings: [String] = [], _ act: (BenchCluster) async throws -> Void
    ) async throws {
        try await BenchCluster.run(
            options, settings: settings, prefix: { namespaces?.prefix(of: $0) ?? [] }, act)
    }

    /// Puts the cable of a server in again.
    func plug(_ rank: Int) throws { try namespaces?.plug(rank, isIn: true) }
}
