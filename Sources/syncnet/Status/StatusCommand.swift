import ArgumentParser
import Foundation
import SyncNetClient
import SyncNetProtocol
import SyncNetRuntime
import Synchronization

/// Shows how the cluster is.
struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show how the cluster is; exit code 0 only where it is healthy.",
        discussion: """
            Healthy: all members are there, one leads, and all others follow it. "Seen" says how \
            many of the other servers take a server for alive, and how long ago one of them heard \
            it. The exit code is 1 where the cluster is not healthy, with --server where that \
            server knows no leader, and 64 for flags that make no sense.
            """)

    @OptionGroup var cluster: ClusterOptions

    @Flag(help: "Print JSON instead of a table.")
    var json = false

    @Flag(help: "Show it again every second, until Ctrl-C.")
    var watch = false

    @Option(help: "Show one server, and how it sees its peers.")
    var server: String?

    @Option(help: "Wait so many seconds for a healthy cluster.")
    var wait = Seconds(0)

    @Flag(help: "Only list the ids of the configured servers.")
    var list = false

    @Flag(help: "Only list the ids and the data directories of the configured servers.")
    var listData = false

    @Flag(help: "Only print the id of the leader; exit code 1 where there is not exactly one.")
    var leader = false

    func validate() throws {
        guard !watch || wait.value == 0 else {
            throw ValidationError("--watch and --wait exclude each other.")
        }
        guard !leader || wait.value == 0 else {
            throw ValidationError("--leader and --wait exclude each other.")
        }
    }

    func run() async throws {
        let plan = try cluster.plan()
        try plan.checkForLooking()
        let tls = try plan.trust()
        if list { return plan.ring.forEach { Terminal.print($0.serverID) } }
        if listData {
            return plan.ring.forEach {
                Terminal.print("\($0.serverID)\t\(plan.settings(of: $0.serverID).dataPath)")
            }
        }
        var members = plan.members
        if let server {
            try plan.demandServer(server)
            members = members.filter { $0.id.string == server }
        }
        var health = try await look(at: members, tls)
        if leader { return try printLeader(of: health) }
        if watch { try await show(members, tls, again: health) }
        let end = ContinuousClock.now + wait.duration
        while !isWell(health), ContinuousClock.now < end {
            try await Task.sleep(for: .milliseconds(100))
            health = try await look(at: members, tls)
        }
        lines(of: health).forEach(Terminal.print)
        health.troubles.forEach(Terminal.printError)
        if !isWell(health) { throw ExitCode(1) }
    }

    /// Where servers can't be asked for want of trust, waiting does not help.
    private func look(at members: [Member], _ tls: ChatTLS?) async throws -> ClusterHealth {
        let health = await StatusProbe.cluster(members, tls: tls)
        if let failure = health.insecurity { throw failure }
        return health
    }

    /// One server is well when it knows a leader; a cluster when it is healthy.
    private func isWell(_ health: ClusterHealth) -> Bool {
        server == nil ? health.verdict == .healthy : health.servers[0].status?.leader != nil
    }

    private func printLeader(of health: ClusterHealth) throws {
        guard health.leaders.count == 1 else { throw ExitCode(1) }
        Terminal.print(health.leaders[0].id)
    }

    /// Until Ctrl-C, or another signal that asks for the end; the exit code is that of what was
    /// shown last.
    private func show(
        _ members: [Member], _ tls: ChatTLS?, again first: ClusterHealth
    ) async throws {
        let screen = WatchScreen(isInPlace: isatty(1) == 1 && !json)
        let isShownWell = Atomic(isWell(first))
        let signals = Signals.onStop { _ in
            screen.close()
            Foundation.exit(isShownWell.load(ordering: .relaxed) ? 0 : 1)
        }
        defer { withExtendedLifetime(signals) {} }
        var health = first
        while true {
            isShownWell.store(isWell(health), ordering: .relaxed)
            screen.show(lines(of: health))
            guard !Terminal.hasLostReader else { throw ExitCode(isWell(health) ? 0 : 1) }
            try await Task.sleep(for: .seconds(1))
            health = await StatusProbe.cluster(members, tls: tls)
        }
    }

    private func lines(of health: ClusterHealth) -> [String] {
        if json {
            return server == nil
                ? [StatusReport(health).text]
                : [StatusReport(of: health.servers[0], in: health).text]
        }
        let isColourful = Terminal.isColourful
        return server == nil
            ? StatusTable(health: health, isColourful: isColourful).lines
            : ServerView(server: health.servers[0], isColourful: isColourful).lines
    }
}
