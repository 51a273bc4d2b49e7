import ArgumentParser
import Foundation
import LoadGenerator

/// Measures what clients cost that only listen.
struct IdleBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "idle",
        abstract: "Measure what clients cost that say nothing.",
        discussion: """
            Connects so many clients to the leader, each of which follows one room in which \
            nobody says anything, and says how much memory the leader has for each of them. Then \
            others write in another room, as in "bench cluster", and the same is measured in a \
            cluster without idle clients. The limit of open files has to be above the number of \
            clients; the soft one is raised by itself.
            """)

    /// How long is looked at what a server does that has nothing to do.
    private static let rest = Duration.seconds(2)

    @OptionGroup var cluster: ClusterOptions

    @Option(help: "How many clients say nothing, 1 to 16000.")
    var idle = 10_000

    @Option(help: "How many clients write, 1 to 10000.")
    var clients = 64

    @Option(help: "How long each figure is measured, in seconds, 0.2 to 3600.")
    var seconds = 3.0

    @Option(help: "How many bytes the text of a message has, 1 to 16384.")
    var bytes = 100

    @Flag(help: "Print JSON instead of a table.")
    var json = false

    func validate() throws {
        try BenchRange.check("--idle", idle, 1...16_000)
        try BenchRange.check("--clients", clients, 1...10_000)
        try BenchRange.check("--bytes", bytes, 1...16_384)
        guard (0.2...3_600).contains(seconds) else {
            throw ValidationError("--seconds has to be from 0.2 to 3600.")
        }
    }

    func run() async throws {
        Signals.ignoreBrokenPipes()
        try OpenFiles.demand(idle + clients)
        let machine = try BenchMachine.look(at: cluster.home.dataDir ?? NSTemporaryDirectory())
        var rows: [IdleRow] = []
        for count in [0, idle] {
            try await BenchCluster.run(cluster) { rows.append(try await measure(count, on: $0)) }
        }
        let report = IdleReport(machine: machine, bytes: bytes, rows: rows)
        if json { return Terminal.print(try BenchJSON.text(report)) }
        report.lines.forEach(Terminal.print)
    }

    private func measure(_ count: Int, on cluster: BenchCluster) async throws -> IdleRow {
        let leader = try await cluster.leader()
        guard let process = cluster.company.server(leader).runningID else {
            throw Failure("\(leader) leads, but does not run")
        }
        let before = try Resident.bytes(of: process)
        BenchProgress.show("\(count) idle clients: connects them")
        let ports = cluster.ports { $0 == leader }
        let clients = count == 0 ? nil : try IdleClients(count, ports: ports)
        defer { clients?.end() }
        let after = try Resident.bytes(of: process)
        BenchProgress.show("\(count) idle clients: looks at a server at rest")
        var pid = process
        let used = load_processor_seconds(&pid, 1)
        try await Task.sleep(for: Self.rest)
        let cores = (load_processor_seconds(&pid, 1) - used) / (Self.rest / .seconds(1))
        BenchProgress.show("\(count) idle clients: loads the leader")
        let load = ClosedLoop(clients: self.clients, bytes: bytes, seconds: seconds)
        return IdleRow(
            idle: count, bytesBefore: before, bytesAfter: after, restCores: cores,
            figures: try await load.run(on: cluster))
    }
}
