/// What a port is for, and how far above a server's base port it lies.
package enum PortPurpose: UInt16, Equatable, Sendable, CaseIterable {
    /// Clients and status, by TCP.
    case clients = 0
    /// Servers and clients find servers, by UDP.
    case discovery = 10
    /// Heartbeats and their answers, by UDP.
    case heartbeat = 20
    /// Tokens by UDP, and the streams between servers by TCP.
    case election = 30
    /// Committed chat goes out, by UDP multicast.
    case chat = 40

    /// The distance from the base port.
    package var offset: Int { Int(rawValue) }

    /// The purpose as people read it.
    package var name: String {
        switch self {
        case .clients: "clients"
        case .discovery: "discovery"
        case .heartbeat: "heartbeats"
        case .election: "election and replication"
        case .chat: "multicast chat"
        }
    }
}

/// The guide's distances between a server's base port and its ports.
package enum PortOffsets {
    /// The highest distance: a base port above 65535 minus this has no room.
    package static let max = PortPurpose.chat.offset
}

/// One server of the cluster, as it is configured.
package struct ServerConfig: Equatable, Sendable {
    /// Its id.
    package var serverID: String
    /// The host that it listens on.
    package var host: String
    /// The first of its ports.
    package var basePort: Int
    /// Its place in the ring; servers are ordered by it.
    package var ringPosition: Int

    /// Makes a configuration.
    package init(serverID: String, host: String, basePort: Int, ringPosition: Int) {
        self.serverID = serverID
        self.host = host
        self.basePort = basePort
        self.ringPosition = ringPosition
    }

    /// The port of the given purpose.
    package func port(_ purpose: PortPurpose) -> Int { basePort + purpose.offset }
    /// Where it listens for clients.
    package var tcpPort: Int { port(.clients) }
    /// Where it is found.
    package var discoveryPort: Int { port(.discovery) }
    /// Where it takes heartbeats.
    package var heartbeatPort: Int { port(.heartbeat) }
    /// Where it takes tokens and the streams of other servers.
    package var electionPort: Int { port(.election) }
    /// Where its chat goes out.
    package var multicastPort: Int { port(.chat) }

    /// The cluster of the guide: three servers on this machine.
    package static let defaultCluster = [
        ServerConfig(serverID: "server1", host: "localhost", basePort: 8000, ringPosition: 0),
        ServerConfig(serverID: "server2", host: "localhost", basePort: 8001, ringPosition: 1),
        ServerConfig(serverID: "server3", host: "localhost", basePort: 8002, ringPosition: 2),
    ]
}
