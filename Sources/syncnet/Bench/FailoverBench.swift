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
        /// Its cable is pulled: it goes on, and reaches nobody.
        case partition

        /// How many trials there are, unless somebody says it: where no connection closes, each
        /// takes the whole time after which a silent leader is taken for dead.
        var trials: Int { self == .kill ? 20 : 5 }
    }

    static let configuration = CommandConfiguration(
        commandName: "failover",
        abstract: "Measure how long writes have to wait when the leader goes.",
        discussion: """
            Takes the leader away and offers a write every 20 ms to the others in turn, until \
            one is acknowledged. None is given up, so no client's time-out is in the figure. \
            Then the server comes back, all follow one leader again, and the next trial begins. \
            One trial more, with servers that write down all that they do, shows what happens \
            in that time. For a partition every server gets a network namespace of its own, \
            which needs root on Linux; where that is not to be had, it is left out.
            """)

    @OptionGroup var cluster: ClusterOptions

    @Option(help: "How many trials, 1 to 1000. (default: 20 with kill, 5 with the others)")
    var trials: Int?

    @Option(
        help: "kill (kill -9), stop (SIGSTOP: it stands still) or partition (it reaches nobody).")
    var how = How.kill

    @Flag(help: "Print JSON instead of text.")
    var json = false

    @Flag(help: .hidden)
    var inside = false

    func validate() throws {
        if let trials { try BenchRange.check("--trials", trials, 1...1_000) }
    }

    func run() async throws {
        Signals.ignoreBrokenPipes()
        if how == .partition, !inside {
            guard Namespaces.arePossible else { return try leaveOut() }
            try Namespaces.enter(with: Array(CommandLine.arguments.dropFirst()) + ["--inside"])
        }
        try await FailoverWorld.run(cluster, isCabled: how == .partition) { world in
            let report = try await measure(in: world)
            if json { return Terminal.print(try BenchJSON.text(report)) }
            report.lines.forEach(Terminal.print)
        }
    }

    private func leaveOut() throws {
        let line = "left out: a partition needs \(Namespaces.needs)"
        if json { return Terminal.print(try BenchJSON.text(["how": how.rawValue, "note": line])) }
        Terminal.print(line)
    }

    private func measure(in world: FailoverWorld) async throws -> FailoverReport {
        let count = trials ?? how.trials
        var outcomes: [FailoverTrial] = []
        try await world.servers { cluster in
            for number in 1...count {
                BenchProgress.show("\(how.rawValue): trial \(number) of \(count)")
                outcomes.append(try await trial(cluster, in: world).trial)
            }
        }
        var timeLine: TimeLine?
        try await world.servers(settings: ["log_format=json", "log_level=trace"]) { cluster in
            BenchProgress.show("\(how.rawValue): one more, for its time line")
            let (victim, trial) = try await trial(cluster, in: world)
            let logs = try cluster.company.servers.filter { $0.id != victim }.map {
                try String(contentsOfFile: "\($0.directory)/server.log", encoding: .utf8)
            }
            timeLine = TimeLine(logs: logs, trial: trial)
        }
        guard let timeLine else { preconditionFailure("the servers were never handed over") }
        return FailoverReport(how: how.rawValue, trials: outcomes, timeLine: timeLine)
    }

    /// Takes the leader away, measures, and lets it come back.
    private func trial(
        _ cluster: BenchCluster, in world: FailoverWorld
    ) async throws -> (victim: String, trial: FailoverTrial) {
        let leader = try await cluster.leader()
        let server = cluster.company.server(leader)
        guard let process = server.runningID else {
            throw Failure("\(leader) leads, but does not run")
        }
        let rank = cluster.rank(of: leader)
        let blow =
            switch how {
            case .kill: ["\(SIGKILL)", "\(process)"]
            case .stop: ["\(SIGSTOP)", "\(process)"]
            case .partition: ["unplug", Namespaces.port(of: rank)]
            }
        let trial: FailoverTrial = try LoadProcess.run(
            ["failover"] + blow + [cluster.ports { $0 != leader }])
        switch how {
        case .kill: try server.start()
        case .stop: server.send(SIGCONT)
        case .partition: try world.plug(rank)
        }
        try await cluster.becomeHealthy()
        return (leader, trial)
    }
}
