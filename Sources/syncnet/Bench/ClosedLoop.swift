/// Clients that each send the next message when the one before is acknowledged.
struct ClosedLoop {
    var clients: Int
    /// Bytes of a message's text.
    var bytes: Int
    /// How long is measured, after one second of warming up.
    var seconds: Double

    /// Loads a cluster.
    func run(
        on cluster: BenchCluster, _ place: ClusterRow.Place = .leader
    ) async throws -> LoadFigures {
        let leader = try await cluster.leader()
        let ports = cluster.ports { place == .spread || $0 == leader }
        return try LoadProcess.run([
            "syncnet", "\(seconds)", "\(clients)", "\(bytes)", ports, cluster.processes,
            cluster.metricsPorts,
        ])
    }
}
