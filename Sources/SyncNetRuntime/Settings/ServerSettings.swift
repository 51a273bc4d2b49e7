package import Logging
package import SyncNetProtocol

/// All that a server is told before it starts. The defaults are the guide's cluster.
package struct ServerSettings: Equatable, Sendable {
    /// Which of the servers this one is.
    package var serverID: String
    /// All servers of the cluster, in any order.
    package var servers: [ServerConfig]
    /// Where it keeps its data; nil for `data/<server id>`.
    package var dataDirectory: String?
    /// How long it waits for what.
    package var timing = Timing.guide
    /// How much it takes on.
    package var limits = Limits()
    /// Addresses and buffers.
    package var network = NetworkSettings()
    /// What it shares with the other servers; nil where everybody on this machine is trusted.
    package var secret: ClusterSecret?
    /// What it shows of itself, and whom it trusts; nil where nothing is encrypted.
    package var tls: ServerTLS?
    /// Whether off loopback a secret is demanded: who only looks at a cluster has none.
    package var demandsSecret = true
    /// On which port monitors are answered over HTTP; nil for none.
    package var httpPort: Int?
    /// What it logs.
    package var logLevel = Logger.Level.info
    /// Who has to log in.
    package var accounts = AccountPolicy.off
    /// Who knows this may make accounts; nil where nobody may in this way.
    package var operatorToken: String?
    /// Where it records its events; nil where it does not.
    package var record: RecordSettings?
    /// Whether the operator says that this is a new cluster, though not every member is there.
    package var formsNewCluster = false
    /// Whether it stops by itself soon after it started.
    package var isTestMode = false

    /// Makes the settings of one server of a cluster.
    package init(
        serverID: String = "server1", servers: [ServerConfig] = ServerConfig.defaultCluster
    ) {
        self.serverID = serverID
        self.servers = servers
    }

    /// Where it keeps its data.
    package var dataPath: String { dataDirectory ?? "data/\(serverID)" }
}
