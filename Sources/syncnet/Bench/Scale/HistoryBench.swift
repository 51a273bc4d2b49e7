import ArgumentParser
import Foundation

/// Measures what a long history costs.
struct HistoryBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history",
        abstract: "Measure what a long history of one room costs.",
        discussion: """
            Fills a room with so many messages, in a new cluster for each number, and measures \
            there: pages of 50 messages from the end and from the middle, the restart of a \
            server, the catching up of a server whose data were wiped, and at last, from that \
            length on, acknowledged messages as "bench cluster" does.
            """)

    /// Pages of each kind that are read: the middle one is shown.
    private static let pages = 500
    /// Restarts of which the middle one is shown.
    private static let restarts = 3

    @OptionGroup var cluster: ClusterOptions

    @Option(help: "How many messages, 200 to 10000000; several numbers are measured one by one.")
    var messages = "1000,10000,100000,1000000"

    @Option(help: "How many clients write at last, 1 to 10000.")
    var clients = 64

    @Option(help: "How long they are measured, in seconds, 0.2 to 3600.")
    var seconds = 3.0

    @Option(help: "How many bytes the text of a message has, 1 to 16384.")
    var bytes = 100

    @OptionGroup var plot: PlotOptions

    @Flag(help: "Print JSON instead of a table.")
    var json = false

    func validate() throws {
        _ = try lengths()
        try BenchRange.check("--clients", clients, 1...10_000)
        try BenchRange.check("--bytes", bytes, 1...16_384)
        guard (0.2...3_600).contains(seconds) else {
            throw ValidationError("--seconds has to be from 0.2 to 3600.")
        }
    }

    private func lengths() throws -> [Int] {
        try BenchRange.list("--messages", messages, 200...10_000_000, like: "1000,10000")
    }

    func run() async throws {
        Signals.ignoreBrokenPipes()
        guard try cluster.plan().ring.count > 1 else {
            throw Failure("one server alone has nobody to catch up with: say --members with more")
        }
        let machine = try BenchMachine.look(at: cluster.home.dataDir ?? NSTemporaryDirectory())
        var rows: [HistoryRow] = []
        for length in try lengths() {
            try await BenchCluster.run(cluster) { rows.append(try await measure(length, on: $0)) }
        }
        let report = HistoryReport(machine: machine, bytes: bytes, rows: rows)
        if json {
            Terminal.print(try BenchJSON.text(report))
        } else {
            report.lines.forEach(Terminal.print)
        }
        try plot.write(report.plot)
    }

    private func measure(_ length: Int, on cluster: BenchCluster) async throws -> HistoryRow {
        let room = FilledRoom(cluster: cluster)
        let fillRate = try await room.fill(length, bytes: bytes)
        BenchProgress.show("\(length) messages: reads pages")
        let pages = try await room.pages(Self.pages)
        BenchProgress.show("\(length) messages: restarts a server")
        var starts: [Double] = []
        for _ in 0..<Self.restarts { starts.append(try await room.restart()) }
        BenchProgress.show("\(length) messages: lets a wiped server catch up")
        let catchUp = try await room.catchUp()
        BenchProgress.show("\(length) messages: writes more")
        let load = ClosedLoop(clients: clients, bytes: bytes, seconds: seconds)
        return HistoryRow(
            messages: length, fillPerSecond: fillRate, pages: pages,
            startMs: Quantile.of(starts, 0.5) ?? 0, catchUp: catchUp,
            figures: try await load.run(on: cluster))
    }
}
