import ArgumentParser
import Foundation
import Synchronization

/// Shows that a machine with far too much to do makes nobody suspect anybody.
struct CalmBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "calm",
        abstract: "Look for false suspicions while every processor is busy.",
        discussion: """
            Loads the servers while threads of this process spin, several for each processor, \
            and counts how often a server took another one for dead, by their logs. None of them \
            is: exit code 1 where it happened. With --spinners 0 the machine is as it is.
            """)

    @OptionGroup var cluster: ClusterOptions

    @Option(help: "How long, in minutes, 0.05 to 600.")
    var minutes = 1.0

    @Option(help: "How many threads spin for each processor, 0 to 16.")
    var spinners = 2

    @Option(help: "How many clients write, 1 to 10000.")
    var clients = 16

    @Flag(help: "Print JSON instead of text.")
    var json = false

    func validate() throws {
        guard (0.05...600).contains(minutes) else {
            throw ValidationError("--minutes has to be from 0.05 to 600.")
        }
        try BenchRange.check("--spinners", spinners, 0...16)
        try BenchRange.check("--clients", clients, 1...10_000)
    }

    func run() async throws {
        Signals.ignoreBrokenPipes()
        let machine = try BenchMachine.look(at: cluster.home.dataDir ?? NSTemporaryDirectory())
        var found: CalmReport?
        let telling = ["log_format=text", "log_level=info"]
        try await BenchCluster.run(cluster, settings: telling) { cluster in
            let count = spinners * ProcessInfo.processInfo.activeProcessorCount
            BenchProgress.show("\(minutes) min with \(count) threads that spin")
            let before = try CalmReport.Told(by: cluster)
            let spinners = Spinners(count)
            defer { spinners.end() }
            let loop = ClosedLoop(clients: clients, bytes: 100, seconds: minutes * 60)
            let figures = try await loop.run(on: cluster)
            let told = try CalmReport.Told(by: cluster)
            found = CalmReport(
                machine: machine, spinners: count, minutes: minutes, figures: figures,
                suspicions: told.suspicions - before.suspicions,
                elections: told.elections - before.elections)
        }
        guard let report = found else { preconditionFailure("the servers were not handed over") }
        if json {
            Terminal.print(try BenchJSON.text(report))
        } else {
            report.lines.forEach(Terminal.print)
        }
        if report.suspicions > 0 { throw ExitCode(1) }
    }
}

/// Threads that do nothing, as fast as they can.
private final class Spinners: Sendable {
    private let isOver = Atomic(false)

    init(_ count: Int) {
        for _ in 0..<count {
            Thread.detachNewThread { [self] in
                while !isOver.load(ordering: .relaxed) {}
            }
        }
    }

    func end() { isOver.store(true, ordering: .relaxed) }
}
