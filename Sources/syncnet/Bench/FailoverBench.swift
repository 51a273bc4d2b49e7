import ArgumentParser
import Foundation

/// Measures how long writes have to wait when the leader goes.
struct FailoverBench: AsyncParsableCommand {
    /// What is done to the leader.
    enum How: String, ExpressibleByArgument, CaseIterable {
        /// Its process ends: `kill -9`.
        case kill
        /// Its process stands still with its connections open: SIGSTOP.
        case stop

        var signal: Int32 { self == .kill ? SIGKILL : SIGSTOP }
    }

    static let configuration = CommandConfiguration(
        commandName: "failover",
        abstract: "Measure how long writes have to wait when the leader goes.",
        discussion: """
            Takes the leader away and offers a write every 20 ms to the others in turn, until \
            one is acknowledged. None is given up, so no client's time-out is in the figure. \
            Then the server comes back, all follow one leader again, and the next trial begins. \
            One trial more, with servers that write down all that they do, shows what happens \
            in that time.
            """)

    @OptionGroup var cluster: ClusterOptions

    @Option(help: "How many trials, 1 to 1000.")
    var trials = 20

    @Option(help: "kill (kill -9) or stop (SIGSTOP: the server stands still).")
    var how = How.kill

    @Flag(help: "Print JSON instead of text.")
    var json = false

    func validate() throws {
        guard (1...1_000).contains(trials) else {
            throw ValidationError("--trials has to be from 1 to 1000.")
        }
    }

    func run() async throws {
        Signals.ignoreBrokenPipes()
        var outcomes: [FailoverTrial] = []
        try await BenchCluster.run(cluster) { cluster in
            for _ in 0..<trials { outcomes.append(try await trial(cluster).trial) }
        }
        var timeLine: TimeLine?
        try await BenchCluster.run(
            cluster, settings: ["log_format=json", "log_level=trace"]
        ) { cluster in
            let (victim, trial) = try await trial(cluster)
            let logs = try cluster.company.servers.filter { $0.id != victim }.map {
                try String(contentsOfFile: "\($0.directory)/server.log", encoding: .utf8)
            }
            timeLine = TimeLine(logs: logs, trial: trial)
        }
        guard let timeLine else { return }
        let report = FailoverReport(how: how.rawValue, trials: outcomes, timeLine: timeLine)
        if json { return Terminal.print(try BenchJSON.text(report)) }
        report.lines.forEach(Terminal.print)
    }

    /// Takes the leader away, measures, and lets it come back.
    private func trial(
        _ cluster: BenchCluster
    ) async throws -> (victim: String, trial: FailoverTrial) {
        let leader = try await cluster.leader()
        let server = cluster.company.server(leader)
        guard let process = server.runningID else {
            throw Failure("\(leader) leads, but does not run")
        }
        let trial: FailoverTrial = try LoadProcess.run([
            "failover", "\(how.signal)", "\(process)", cluster.ports { $0 != leader },
        ])
        switch how {
        case .kill: try server.start()
        case .stop: server.send(SIGCONT)
        }
        try await cluster.becomeHealthy()
        return (leader, trial)
    }
}
