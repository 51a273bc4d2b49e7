import ArgumentParser
import Foundation
import SimulationRunner

/// Measures acknowledged messages.
struct ClusterBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cluster",
        abstract: "Measure acknowledged messages: on disk at a majority of servers.",
        discussion: """
            Starts the configured servers (three by default) in a folder of which nothing stays, \
            and loads them in a closed loop: each client has a connection and one message under \
            way, and sends the next one when that is acknowledged. No client follows a room. \
            One second of warming up is not counted.
            """)

    @OptionGroup var cluster: ClusterOptions

    @Option(help: "How many clients, 1 to 10000; several numbers are measured one by one.")
    var clients = "1,16,64,256"

    @Flag(help: "Measure clients that are spread over all servers, too.")
    var spread = false

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
        _ = try counts()
        guard (0.2...3_600).contains(seconds) else {
            throw ValidationError("--seconds has to be from 0.2 to 3600.")
        }
        try BenchRange.check("--bytes", bytes, 1...16_384)
        try BenchRange.check("--runs", runs, 1...99)
    }

    func run() async throws {
        Signals.ignoreBrokenPipes()
        let counts = try counts()
        let machine = try BenchMachine.look(at: cluster.home.dataDir ?? NSTemporaryDirectory())
        var rows: [ClusterRow] = []
        try await BenchCluster.run(cluster) { cluster in
            for place in spread ? ClusterRow.Place.allCases : [.leader] {
                for count in counts { rows.append(try await measure(count, place, cluster)) }
            }
        }
        try show(ClusterReport(machine: machine, bytes: bytes, runs: runs, rows: rows))
    }

    private func counts() throws -> [Int] {
        try BenchRange.list("--clients", clients, 1...10_000, like: "1,16,64")
    }

    private func measure(
        _ count: Int, _ place: ClusterRow.Place, _ cluster: BenchCluster
    ) async throws -> ClusterRow {
        var rows: [ClusterRow] = []
        for run in 1...runs {
            BenchProgress.show("\(count) clients (\(place.rawValue)), run \(run) of \(runs)")
            let load = ClosedLoop(clients: count, bytes: bytes, seconds: seconds)
            let figures = try await load.run(on: cluster, place)
            rows.append(ClusterRow(place: place, figures: figures))
        }
        guard let middle = ClusterRow.middle(of: rows) else {
            preconditionFailure("\(runs) runs")
        }
        return middle
    }

    private func show(_ report: ClusterReport) throws {
        if json {
            Terminal.print(try BenchJSON.text(report))
        } else {
            report.lines.forEach(Terminal.print)
        }
        try plot.write(report.plot)
    }
}

/// All that `bench cluster` measured.
struct ClusterReport: Codable, Equatable {
    var machine: BenchMachine
    /// Bytes of a message's text.
    var bytes: Int
    /// Runs of which each row is the middle one.
    var runs: Int
    var rows: [ClusterRow]

    /// A table and what it means, for people.
    var lines: [String] {
        let table = TextTable.lines(
            [ClusterRow.head] + rows.map(\.cells),
            rightAligned: Set(ClusterRow.head.indices).subtracting([1]))
        return [machine.line, ""] + table + ["", ClusterRow.legend]
    }

    /// Throughput against clients, a line for each place where they are connected.
    var plot: Plot {
        let series = ClusterRow.Place.allCases.map { place in
            Plot.Series(
                name: "SyncNet, \(place == .leader ? "on the leader" : "spread")",
                points: rows.filter { $0.place == place }.map {
                    Plot.Point(x: Double($0.figures.clients), y: $0.figures.perSecond)
                })
        }
        return Plot(
            title: "Acknowledged messages", x: Plot.Axis(label: "clients", isLogarithmic: true),
            y: Plot.Axis(label: "messages/s"), series: series.filter { !$0.points.isEmpty })
    }
}
