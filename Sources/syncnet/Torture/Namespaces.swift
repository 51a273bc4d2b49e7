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

    /// Whether this user can make them on this machine.
    static var arePossible: Bool {
        geteuid() == 0 && Tool.path(of: "ip") != nil && Tool.path(of: "unshare") != nil
            && Tool.run(["unshare", "--net", "true"]).code == 0
    }

    /// What they need.
    static let needs = "root, \"ip\" (iproute2) and \"unshare\" (util-linux)"

    /// Becomes this command, with these words, in a network namespace of its own, where the
    /// bridge is made: it ends with this process, and nobody else sees it.
    static func enter(with words: [String]) throws -> Never {
        let path = Tool.path(of: "unshare") ?? "unshare"
        // Foundation needs the loopback interface to hear of the end of processes.
        let shell = "ip link set lo up && exec \"$0\" \"$@\""
        let all = ["unshare", "--net", "sh", "-c", shell, Executable.own.path] + words
        var pointers: [UnsafeMutablePointer<CChar>?] = all.map { strdup($0) }
        pointers.append(nil)
        execv(path, &pointers)
        throw Failure("can't run \(path): \(String(cString: strerror(errno)))")
    }

    /// The end of a server's cable at the bridge.
    static func port(of server: Int) -> String { "port\(server + 1)" }

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
            try ip("link add \(Self.port(of: server)) type veth peer name eth0 netns \(name)")
            try ip("link set \(Self.port(of: server)) master hub up")
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
        try ip("link set \(Self.port(of: server)) \(isIn ? "up" : "down")")
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
