import ArgumentParser
import Foundation
import SyncNetClient

/// Restarts a running cluster, one server after the other.
struct RollingRestartCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rolling-restart",
        abstract: "Restart the servers of this machine one by one, while clients write.",
        discussion: """
            Followers first, the leader last; the next one only when the cluster is healthy \
            again. Each starts with the flags, in the directory and with the environment that it \
            had, and with flags of this command behind them. Meanwhile clients write in a room of \
            their own, and at the end every message that was acknowledged has to be there. The \
            exit code is 0 only if all went well. Where accounts are required the clients need \
            one: --login or --password-file, with --name.
            """)

    @OptionGroup var login: LoginOptions

    @OptionGroup var cluster: ClusterOptions

    @Option(help: "How many clients write meanwhile, 0 to 64.")
    var writers = 3

    @Option(help: "The room in which they do.")
    var room = "rolling restart"

    @Flag(name: .customLong("try"), help: "Play it on a cluster of its own, in a folder of /tmp.")
    var isTried = false

    func validate() throws {
        guard (0...64).contains(writers) else {
            throw ValidationError("--writers has to be from 0 to 64.")
        }
    }

    func run() async throws {
        Signals.ignoreBrokenPipes()
        Privacy.keep()
        let narrator = Narrator()
        if isTried {
            try await Playground(cluster).play { company in
                try await Scenarios.form(company, narrator)
                try await restart(company, narrator)
            }
        } else {
            let plan = try cluster.plan()
            try plan.check()
            let company = try Company(plan: plan, arguments: cluster.arguments, isTied: false)
            if writers > 0 { company.account = try login.account(limits: plan.limits) }
            let isHealthy = try await company.becomesHealthy(within: .seconds(5))
            let health = await company.health()
            company.strangers = Set(health.servers.filter { $0.isMember == false }.map(\.id))
            try check(company)
            guard isHealthy else {
                throw Failure("\(health.sentence) A restart begins only where all is well.")
            }
            for id in company.strangers.sorted() {
                narrator.step("\(id) is no member of the cluster, and is left alone")
            }
            let interruption = Interruption()
            let signals = Signals.onStop { interruption.ask($0) }
            defer { withExtendedLifetime(signals) {} }
            try await restart(company, narrator, interruption)
        }
        narrator.conclude()
        if narrator.broken > 0 { throw ExitCode(1) }
    }

    private func restart(
        _ company: Company, _ narrator: Narrator, _ interruption: Interruption? = nil
    ) async throws {
        narrator.title(
            "Rolling restart", "One server after the other is stopped and started again; the",
            "next one only when all is well. Clients write all the time.")
        do {
            try await company.write(writers, in: room)
        } catch let error as ChatError {
            throw Failure(error)
        }
        let restart = RollingRestart(
            company: company, narrator: narrator, interruption: interruption)
        guard try await restart.run(), writers > 0 else { return }
        try await restart.settle()
    }

    /// All members have to run here, and by themselves.
    private func check(_ company: Company) throws {
        for server in company.servers where !company.strangers.contains(server.id) {
            guard server.runningID != nil else {
                throw Failure(
                    "\(server.id) does not run on this machine (no process in "
                        + "\(server.directory)/server.pid): start it with "
                        + "scripts/start_all_servers.sh, or name the right --data-dir")
            }
            guard !server.belongsToUp else {
                throw Failure(
                    "\(server.id) was started by \"syncnet up\" and ends with it: start the "
                        + "servers by themselves, with scripts/start_all_servers.sh")
            }
        }
    }
}
