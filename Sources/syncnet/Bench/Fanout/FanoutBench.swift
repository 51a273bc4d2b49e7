import ArgumentParser
import Foundation

/// Measures how messages of one sender reach everybody in the room.
struct FanoutBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fanout",
        abstract: "Measure deliveries: one sender, many receivers of its room.",
        discussion: """
            Starts the configured servers (three by default) in a folder of which nothing stays. \
            The receivers are spread over them, the sender is connected to the leader. Measured \
            are a burst, in which the sender sends as fast as messages are acknowledged, and a \
            steady pace. Ends with an error where a receiver missed a message or got one twice.
            """)

    /// A session may have so many outstanding: at a steady pace the sender never waits.
    private static let window = 1_024
    private static let deliveriesMax = 100_000_000

    @OptionGroup var cluster: ClusterOptions

    @Option(help: "How many receivers, 1 to 10000.")
    var receivers = 100

    @Option(help: "How many messages the burst has, 1 to 10000000.")
    var messages = 20_000

    @Option(help: "How many messages of the burst may be outstanding, 1 to 1024.")
    var outstanding = 256

    @Option(help: "How many messages a second are sent at the steady pace, 1 to 100000.")
    var rate = 200

    @Option(help: "How long the steady pace is kept, in seconds, 0.2 to 3600.")
    var seconds = 10.0

    @Option(help: "How many bytes the text of a message has, 9 to 16384.")
    var bytes = 100

    @Option(help: "Measure each load so often, 1 to 99, and show the middle one.")
    var runs = 1

    @Flag(help: "Print JSON instead of a table.")
    var json = false

    func validate() throws {
        try BenchRange.check("--receivers", receivers, 1...10_000)
        try BenchRange.check("--messages", messages, 1...10_000_000)
        try BenchRange.check("--outstanding", outstanding, 1...Self.window)
        try BenchRange.check("--rate", rate, 1...100_000)
        try BenchRange.check("--bytes", bytes, 9...16_384)
        try BenchRange.check("--runs", runs, 1...99)
        guard (0.2...3_600).contains(seconds) else {
            throw ValidationError("--seconds has to be from 0.2 to 3600.")
        }
        guard max(messages, pacedMessages) <= Self.deliveriesMax / receivers else {
            throw ValidationError(
                "Receivers times messages have to be \(Self.deliveriesMax) at most.")
        }
    }

    private var pacedMessages: Int { max(1, Int(seconds * Double(rate))) }

    func run() async throws {
        Signals.ignoreBrokenPipes()
        let machine = try BenchMachine.look(at: cluster.home.dataDir ?? NSTemporaryDirectory())
        var rows: [FanoutFigures] = []
        try await BenchCluster.run(cluster) { cluster in
            rows.append(try await measure("burst", messages, outstanding, on: cluster))
            rows.append(try await measure("\(rate)", pacedMessages, Self.window, on: cluster))
        }
        let report = FanoutReport(machine: machine, bytes: bytes, runs: runs, rows: rows)
        if json {
            Terminal.print(try BenchJSON.text(report))
        } else {
            report.lines.forEach(Terminal.print)
        }
        if let wrong = report.wrong { throw Failure(wrong) }
    }

    private func measure(
        _ pace: String, _ messages: Int, _ window: Int, on cluster: BenchCluster
    ) async throws -> FanoutFigures {
        var all: [FanoutFigures] = []
        for run in 1...runs {
            BenchProgress.show("\(pace): \(receivers) receivers, run \(run) of \(runs)")
            let leader = try await cluster.leader()
            all.append(
                try LoadProcess.run([
                    "fanout", "\(receivers)", "\(messages)", pace, "\(window)", "\(bytes)",
                    cluster.ports { $0 == leader }, cluster.ports(), cluster.processes,
                ]))
        }
        guard let middle = FanoutFigures.middle(of: all) else {
            preconditionFailure("\(runs) runs")
        }
        return middle
    }
}
