/// Where servers are, and where each believes the others to be: at doors of the relay, of which
/// there is one for each way, so that all that one server sends to another comes by.
package struct RelayMap: Equatable, Sendable {
    /// What servers use among themselves, as distances from their base ports: discovery,
    /// heartbeats, and elections with replication.
    package static let datagramOffsets = [10, 20, 30]
    /// The streams between servers, as a distance from their base ports.
    static let peerOffset = 30
    /// The streams of clients. They learn from servers where the others are, and so come to doors.
    static let clientOffset = 0
    /// So many servers have room on the ports.
    package static let serversMax = 9
    /// Base ports of different servers' doors lie so far apart.
    private static let stride = 100

    /// The address of each server.
    package var hosts: [String]
    /// The address of all doors.
    package var doorHost: String
    /// The first port of all; about `stride` for each server follow.
    package var basePort: Int

    /// Makes a map.
    package init(hosts: [String], doorHost: String, basePort: Int) {
        precondition(hosts.count <= Self.serversMax, "\(hosts.count) servers")
        self.hosts = hosts
        self.doorHost = doorHost
        self.basePort = basePort
    }

    /// The last port that is used with so many servers, from the base port on.
    package static func lastPort(of servers: Int, from basePort: Int) -> Int {
        basePort + stride * (servers + 1)
    }

    /// How many servers there are.
    package var servers: Int { hosts.count }

    /// The base port of a server itself.
    package func basePort(of server: Int) -> Int { basePort + server }

    /// The base port of the door where `link.from` believes `link.to` to be.
    package func door(of link: Link) -> Int {
        basePort + Self.stride * (link.from + 1) + link.to
    }

    /// The members as one of the servers is told, like `server1=127.0.0.1:27000,…`
    package func members(as server: Int) -> String {
        (0..<servers).map { other in
            let link = Link(from: server, to: other)
            let place =
                other == server
                ? "\(hosts[server]):\(basePort(of: server))" : "\(doorHost):\(door(of: link))"
            return "server\(other + 1)=\(place)"
        }.joined(separator: ",")
    }
}
