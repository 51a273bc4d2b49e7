import ArgumentParser

/// The flags that say which cluster is meant.
struct ClusterOptions: ParsableArguments {
    @OptionGroup var place: PlaceOptions
    @OptionGroup var home: HomeOptions

    /// What all of them say.
    var flags: ClusterFlags { ClusterFlags(place, home) }

    /// What file, environment and flags say together.
    func plan() throws -> ClusterPlan { try flags.plan() }

    /// The same flags again, for a process that is to see the same cluster.
    var arguments: [String] {
        let pairs = [
            ("--config", place.config), ("--data-dir", home.dataDir),
            ("--base-port", place.basePort.map(String.init)),
            ("--host", place.host), ("--members", place.members), ("--timing", place.timing),
            ("--secret-file", home.secretFile),
            ("--accounts", home.accounts), ("--tls-authority", place.tlsAuthority),
        ]
        return pairs.flatMap { name, value in value.map { [name, $0] } ?? [] }
            + place.settings.flatMap { ["--set", $0] }
    }
}

/// The flags that say where a cluster is, and how one speaks to it: for servers and clients alike.
struct PlaceOptions: ParsableArguments {
    @Option(help: "Read the cluster from this YAML file.")
    var config: String?

    @Option(help: "Move all servers: the first one of the ring gets this base port.")
    var basePort: Int?

    @Option(help: "The host of all servers.")
    var host: String?

    @Option(help: "The servers in ring order: server1=localhost:8000,server2=localhost:8001,…")
    var members: String?

    @Option(help: "guide, lan or wan; single numbers as in guide,heartbeat=1s,death=5s.")
    var timing: String?

    @Option(help: "Speak TLS with servers that have a certificate of the authority in this file.")
    var tlsAuthority: String?

    @Option(
        name: .customLong("set"),
        help: "Set anything that the file can set, like limits.sessions=500. Repeatable.")
    var settings: [String] = []
}

/// The flags that only servers need, and what works beside their data.
struct HomeOptions: ParsableArguments {
    @Option(help: "Keep each server's data in DATA-DIR/<server id>.")
    var dataDir: String?

    @Option(help: "The file with the secret that all servers share, and nobody else can read.")
    var secretFile: String?

    @Option(help: "Who has to log in: off, optional (names that have an account) or required.")
    var accounts: String?
}

extension ClusterFlags {
    /// The flags of a command.
    init(_ place: PlaceOptions, _ home: HomeOptions) {
        self.init(
            config: place.config, settings: place.settings,
            named: [
                "members": place.members, "host": place.host,
                "base_port": place.basePort.map(String.init), "timing": place.timing,
                "data_dir": home.dataDir, "secret_file": home.secretFile,
                "accounts": home.accounts, "tls.authority": place.tlsAuthority,
            ])
    }
}
