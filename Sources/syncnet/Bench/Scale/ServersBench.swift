import ArgumentParser
import Foundation
import SyncNetRuntime

/// Measures clusters of several sizes.
struct ServersBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "servers",
        abstract: "Measure acknowledged messages of clusters of several sizes.",
        discussion: """
            Starts a cluster of each size, one after the other, and loads its leader as "bench \
            cluster" does.
            """)

    @OptionGroup var cluster: ClusterOptions

    @Option(help: "How many servers, 1 to 9; several numbers are measured one by one.")
    var servers = "1,3,5,7,9"

    @Option(help: "How many clients, 1 to 10000.")
    var clients = 64

    @Option(help: "How long each figure is measured, in seconds, 0.2 to 3600.")
    var seconds = 3.0

    @Option(help: "How many bytes the text of a message has, 1 to 16384.")
    var bytes = 100

    @Option(help: "Measure each figure so often, 1 to 99, and show the middle one.")
    var runs = 1

    @OptionGroup var plot: PlotOptions

    @Flag(help: "Print JSON instead of a table.")
    var json = false

    func validate() throws {
        _ = try sizes()
        try BenchRange.check("--clients", clients, 1...10_000)
        try BenchRange.check("--bytes", bytes, 1...16_384)
        try BenchRange.check("--runs", runs, 1...99)
        guard (0.2...3_600).contains(seconds) else {
            throw ValidationError("--seconds has to be from 0.2 to 3600.")
        }
        guard cluster.place.members == nil else {
            throw ValidationError("--members can't be given: --servers says how many there are.")
        }
    }

    /// More than nine would get into each other's ports.
    private func sizes() throws -> [Int] {
        try BenchRange.list("--servers", servers, 1...9, like: "1,3,5")
    }

    func run() async throws {
        Signals.ignoreBrokenPipes()
        let machine = try BenchMachine.look(at: cluster.home.dataDir ?? NSTemporaryDirectory())
        var rows: [ServersRow] = []
        for size in try sizes() { rows.append(try await measure(size)) }
        let report = ServersReport(machine: machine, bytes: bytes, runs: runs, rows: rows)
        if json {
            Terminal.print(try BenchJSON.text(report))
        } else {
            report.lines.forEach(Terminal.print)
        }
        try plot.write(report.plot)
    }

    private func measure(_ size: Int) async throws -> ServersRow {
        var options = cluster
        let first = try cluster.plan().ring.first?.basePort ?? 8_000
        options.place.basePort = nil
        options.place.members = (0..<size).map { "server\($0 + 1)=localhost:\(first + $0)" }
            .joined(separator: ",")
        var rows: [ClusterRow] = []
        try await BenchCluster.run(options) { cluster in
            for run in 1...runs {
                BenchProgress.show("\(size) servers, run \(run) of \(runs)")
                let load = ClosedLoop(clients: clients, bytes: bytes, seconds: seconds)
                rows.append(
                    ClusterRow(place: .leader, figures: try await load.run(on: cluster)))
            }
        }
        guard let middle = ClusterRow.middle(of: rows) else {
            preconditionFailure("\(runs) runs")
        }
        return ServersRow(servers: size, figures: middle.figures)
    }
}
