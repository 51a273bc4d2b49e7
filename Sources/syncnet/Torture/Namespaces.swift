import Foundation

/// A network namespace for each server, all on one bridge. The bridge is in a namespace of this
/// process alone, which ends with it.
struct Namespaces {
    /// Reserved for tests of networks (RFC 2544): nobody else is there.
    private static let network = "198.18.0"
    private static let own = 254

    private let place: RunPlace
    private let servers: Int

    static func host(of server: Int) -> String { "\(network).\(server + 1)" }
    static var ownHost: String { "\(network).\(own)" }

    /// Makes them.
    init(_ place: RunPlace, servers: Int) throws {
        self.place = place
        self.servers = servers
        try ip("link add hub type bridge")
        try ip("addr add \(Self.ownHost)/24 dev hub")
        try ip("link set hub up")
        for server in 0..<servers {
            let name = place.namespace(of: server)
            try ip("netns add \(name)")
            try ip("link add port\(server + 1) type veth peer name eth0 netns \(name)")
            try ip("link set port\(server + 1) master hub up")
            try ip("-n \(name) addr add \(Self.host(of: server))/24 dev eth0")
            try ip("-n \(name) link set lo up")
            try ip("-n \(name) link set eth0 up")
        }
    }

    private func ip(_ words: String) throws {
        try Tool.demand(["ip"] + words.split(separator: " ").map(String.init))
    }

    /// What stands before a command that is to run in a server's namespace.
    func prefix(of server: Int) -> [String] {
        [Tool.path(of: "ip") ?? "ip", "netns", "exec", place.namespace(of: server)]
    }

    /// Pulls a server's cable, or puts it in again.
    func plug(_ server: Int, isIn: Bool) throws {
        try ip("link set port\(server + 1) \(isIn ? "up" : "down")")
    }
}

extension Namespaces {
    /// What a server's kernel can be told to drop. Each has a chain of its own.
    enum Filter: String {
        case incoming
        case outgoing
        case clients
    }

    /// Makes the chains, empty.
    func prepareFilters() throws {
        for server in 0..<servers {
            try nft(
                server,
                """
                table inet torture {
                    chain incoming { type filter hook input priority 0; }
                    chain outgoing { type filter hook output priority 0; }
                    chain clients { type filter hook input priority 1; }
                }
                """)
        }
    }

    /// Lets a server's kernel drop that from now on, or no more.
    func drop(_ filter: Filter, at server: Int, port: Int, isOn: Bool) throws {
        guard isOn else { return try nft(server, "flush chain inet torture \(filter.rawValue)") }
        let what =
            switch filter {
            case .incoming: "iifname eth0"
            case .outgoing: "oifname eth0"
            case .clients: "tcp dport \(port)"
            }
        try nft(server, "add rule inet torture \(filter.rawValue) \(what) drop")
    }

    private func nft(_ server: Int, _ text: String) throws {
        try Tool.demand(prefix(of: server) + ["nft", "-f", "-"], input: text + "\n")
    }
}
