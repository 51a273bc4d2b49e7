import ArgumentParser
import Foundation
import SyncNetTorture

/// Does bad things to a real cluster, and judges what its clients saw.
struct TortureCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "torture",
        abstract: "Kill, stop, cut off and fill up real servers, and judge what clients saw.",
        discussion: """
            Starts servers of its own in a temporary folder. As root each gets a network \
            namespace; otherwise all are on the loopback interface, behind a relay. What is done \
            to them is drawn from the seed. Clients write and read all the time; what they asked \
            and were told, and what stands on the disks, is judged as in simulations; what the \
            servers recorded is fed to the machine that is simulated. The exit code is 0 only if \
            all promises held; otherwise data, logs, records and history are kept.
            """)

    @Option(help: "How long, in minutes, 0.05 to 1440; healing and judging come on top.")
    var minutes = 3.0

    @Option(help: "From which all is drawn; a new one by default.")
    var seed: UInt64?

    @Option(help: "How many servers, 3 to 9.")
    var servers = 5

    @Option(help: "How many clients, 1 to 64.")
    var clients = 12

    @Option(help: "The first port; about a hundred for each server follow.")
    var basePort = 27_000

    @Option(help: "proxies or namespaces; namespaces where they can be made by default.")
    var mode: Abilities.Mode?

    @Option(
        help: ArgumentHelp(
            "Only these kinds, divided by commas.",
            discussion: "--plan shows their names. \"all rolled back\" loses acknowledged "
                + "messages, whatever servers do: it shows that the judges see it."))
    var only: String?

    @Flag(help: "Encrypt all streams, those of clients and those between servers.")
    var tls = false

    @Flag(help: "Keep data, logs and history also where all promises held.")
    var keep = false

    @Flag(help: "Print what would be done, and do nothing.")
    var plan = false

    @Flag(help: .hidden)
    var inside = false

    @Option(name: .customLong("guard"), help: .hidden)
    var guarded: Int32?

    func validate() throws {
        guard (0.05...1_440).contains(minutes) else {
            throw ValidationError("--minutes has to be from 0.05 to 1440.")
        }
        guard (3...RelayMap.serversMax).contains(servers) else {
            throw ValidationError("--servers has to be from 3 to \(RelayMap.serversMax).")
        }
        guard (1...64).contains(clients) else {
            throw ValidationError("--clients has to be from 1 to 64.")
        }
        let last = RelayMap.lastPort(of: servers, from: basePort)
        guard basePort > 0, last <= 65_535 else {
            throw ValidationError("--base-port has to be from 1 to \(65_535 - last + basePort).")
        }
    }

    func run() async throws {
        if let guarded { return Guardian.watch(over: guarded) }
        var settings = try settings()
        if plan { return show(settings.plan) }
        if settings.abilities.mode == .namespaces, !inside { try goInside(seed: settings.seed) }
        Signals.ignoreBrokenPipes()
        let narrator = Narrator()
        for owner in RunPlace.removeStale() {
            narrator.step("removed what was left of an earlier run (process \(owner))")
        }
        narrator.title(
            "Torture",
            "SEED=\(settings.seed), \(minutes) min, \(servers) servers, \(clients) "
                + "clients, mode \(settings.abilities.mode.rawValue)"
                + (tls ? ", TLS" : ""))
        if !settings.abilities.leftOut.isEmpty {
            narrator.step("left out: " + settings.abilities.leftOut.joined(separator: "; "))
        }
        settings.time = .milliseconds(Int64(minutes * 60_000))
        guard try await torture(settings, narrator) else { throw ExitCode(1) }
    }

    private func settings() throws -> TortureSettings {
        var dice = SystemRandomNumberGenerator()
        let abilities = try Abilities.found(asked: mode)
        return TortureSettings(
            seed: seed ?? dice.next() >> 32, time: .milliseconds(Int64(minutes * 60_000)),
            servers: servers, clients: clients, basePort: basePort, abilities: abilities,
            kinds: try kinds(of: abilities), isEncrypted: tls)
    }

    private func kinds(of abilities: Abilities) throws -> [TormentKind] {
        guard let only else { return abilities.kinds }
        return try only.split(separator: ",").map { name in
            let possible = abilities.kinds + [.rolledBack]
            guard let kind = possible.first(where: { $0.rawValue == name }) else {
                let known = possible.map(\.rawValue).joined(separator: ",")
                throw Failure("--only: \"\(name)\" can't be done here, only \(known)")
            }
            return kind
        }
    }

    private func show(_ plan: TorturePlan) {
        for (number, round) in plan.rounds.enumerated() {
            Terminal.print("round \(number + 1), \(round.length) ms")
            for step in round.steps {
                Terminal.print("  at \(step.at) ms for \(step.length) ms: \(step.torment)")
            }
        }
    }

    private func goInside(seed: UInt64) throws -> Never {
        let words =
            [
                "torture", "--inside", "--mode", "namespaces",
                "--minutes", "\(minutes)", "--seed", "\(seed)", "--servers", "\(servers)",
                "--clients", "\(clients)", "--base-port", "\(basePort)",
            ] + (tls ? ["--tls"] : []) + (keep ? ["--keep"] : [])
            + (only.map { ["--only", $0] } ?? [])
        try Namespaces.enter(with: words)
    }

    private func torture(_ settings: TortureSettings, _ narrator: Narrator) async throws -> Bool {
        let place = RunPlace.own
        try FileManager.default.createDirectory(
            atPath: place.directory, withIntermediateDirectories: true)
        let guardian = try Guardian()
        let signals = Signals.onStop { number in
            place.remove()
            Terminal.printError("Interrupted: its servers are ended, their data is removed.")
            Foundation.exit(128 + number)
        }
        defer {
            withExtendedLifetime(signals) {}
            place.remove()
            guardian.dismiss()
        }
        let cluster = try await TorturedCluster(settings, in: place)
        let run = TortureRun(settings, cluster, narrator)
        try await run.run()
        narrator.title("Summary")
        for line in run.report.lines { Terminal.print("   \(line)") }
        guard keep || !run.report.isGood else { return true }
        let directory = place.keptDirectory(seed: settings.seed)
        try Evidence(report: run.report, events: run.events).keep(from: place, in: directory)
        Terminal.print("   data, logs and history.txt: \(directory)")
        return run.report.isGood
    }
}

extension Abilities.Mode: ExpressibleByArgument {}
