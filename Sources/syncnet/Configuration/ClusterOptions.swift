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

    /// What file, environment and flags say together.
    func plan() throws -> ClusterPlan {
        try plan(environment: ProcessInfo.processInfo.environment)
    }

    func plan(environment: [String: String]) throws -> ClusterPlan {
        var plan = ClusterPlan()
        let set = { (flag: String?, name: String) in flag ?? environment["SYNCNET_\(name)"] }
        if let path = set(config, "CONFIG") { try ConfigurationFile.read(path, into: &plan) }
        if let members = set(members, "MEMBERS") {
            plan.servers = try ClusterPlan.parse(members: members)
        }
        if let host = set(host, "HOST") {
            for slot in plan.servers.indices { plan.servers[slot].host = host }
        }
        if let port = set(basePort.map(String.init), "BASE_PORT") {
            guard let port = Int(port), (1...65_495).contains(port) else {
                throw Failure("the base port is \"\(port)\", but has to be from 1 to 65495")
            }
            plan.move(to: port)
        }
        if let timing = set(timing, "TIMING") { plan.timing = try TimingChoice.parse(timing) }
        if let path = set(dataDir, "DATA_DIR") { plan.dataDirectory = path }
        if let path = set(secretFile, "SECRET_FILE") { plan.secretFile = path }
        if let level = environment["SYNCNET_LOG_LEVEL"] {
            plan.logLevel = try ClusterPlan.parse(logLevel: level)
        }
        return plan
    }

    /// The same flags again, for a process that is to see the same cluster.
    var arguments: [String] {
        let pairs = [
            ("--config", config), ("--data-dir", dataDir),
            ("--base-port", basePort.map(String.init)),
            ("--host", host), ("--members", members), ("--timing", timing),
            ("--secret-file", secretFile),
        ]
        return pairs.flatMap { name, value in value.map { [name, $0] } ?? [] }
    }
}
