import ArgumentParser
import Foundation
import SyncNetRuntime

/// The flags that say which cluster is meant: they go before the environment, and the
/// environment before the file.
struct ClusterOptions: ParsableArguments {
    @Option(help: "Read the cluster from this YAML file.")
    var config: String?

    @Option(help: "Keep each server's data in DATA-DIR/<server id>.")
    var dataDir: String?

    @Option(help: "Move all servers: the first one of the ring gets this base port.")
    var basePort: Int?

    @Option(help: "The host of all servers.")
    var host: String?

    @Option(help: "The servers in ring order: server1=localhost:8000,server2=localhost:8001,…")
    var members: String?

    @Option(help: "guide, lan or wan; single numbers as in guide,heartbeat=1s,death=5s.")
    var timing: String?

    @Option(help: "The file with the secret that all servers share, and nobody else can read.")
    var secretFile: String?

    @Option(help: "Speak TLS with servers that have a certificate of the authority in this file.")
    var tlsAuthority: String?

    @Option(
        name: .customLong("set"),
        help: "Set anything that the file can set, like limits.sessions=500. Repeatable.")
    var settings: [String] = []

    @Option(help: "Who has to log in: off, optional (names that have an account) or required.")
    var accounts: String?

    /// What file, environment and flags say together.
    func plan() throws -> ClusterPlan {
        try plan(environment: ProcessInfo.processInfo.environment)
    }

    func plan(environment: [String: String]) throws -> ClusterPlan {
        var plan = ClusterPlan()
        let layers = try layers(environment: environment)
        if let path = config ?? environment["SYNCNET_CONFIG"] {
            try ConfigurationFile.read(path, into: &plan)
        }
        try layers.apply(to: &plan)
        return plan
    }

    /// What flags and environment set.
    func layers(environment: [String: String]) throws -> Layers {
        var flags: [String: String] = [:]
        for text in settings {
            let pair = text.split(separator: "=", maxSplits: 1).map(String.init)
            guard pair.count == 2, Setting.all.contains(where: { $0.name == pair[0] }) else {
                throw Failure(
                    "--set \(text): is no setting like limits.sessions=500 (\"syncnet init\" "
                        + "writes a file with all of them)")
            }
            flags[pair[0]] = pair[1]
        }
        let named = [
            "members": members, "host": host, "base_port": basePort.map(String.init),
            "timing": timing, "data_dir": dataDir, "secret_file": secretFile,
            "accounts": accounts, "tls.authority": tlsAuthority,
        ]
        for (name, value) in named { if let value { flags[name] = value } }
        return Layers(flags: flags, environment: environment)
    }

    /// The same flags again, for a process that is to see the same cluster.
    var arguments: [String] {
        let pairs = [
            ("--config", config), ("--data-dir", dataDir),
            ("--base-port", basePort.map(String.init)),
            ("--host", host), ("--members", members), ("--timing", timing),
            ("--secret-file", secretFile),
            ("--accounts", accounts), ("--tls-authority", tlsAuthority),
        ]
        return pairs.flatMap { name, value in value.map { [name, $0] } ?? [] }
            + settings.flatMap { ["--set", $0] }
    }
}
