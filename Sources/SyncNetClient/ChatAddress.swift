/// Where a server listens for clients.
public struct ChatAddress: Hashable, Sendable, CustomStringConvertible {
    /// A name or an address; `localhost` is 127.0.0.1.
    public var host: String
    /// The TCP port.
    public var port: Int

    /// Makes an address.
    public init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// Reads `host:port`, or a host alone, which means port 8000; nil where it is neither.
    public init?(_ text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard let host = parts.first, !host.isEmpty, parts.count <= 2 else { return nil }
        guard let port = parts.count == 2 ? Int(parts[1]) : 8_000, (1...65_535).contains(port)
        else { return nil }
        self.init(host: String(host), port: port)
    }

    /// The servers of the default cluster.
    public static let defaultCluster = [8_000, 8_001, 8_002].map {
        ChatAddress(host: "localhost", port: $0)
    }

    /// `host:port`.
    public var description: String { "\(host):\(port)" }

    /// The host as it is connected to: two spellings of one machine are one server.
    var numericHost: String { host == "localhost" ? "127.0.0.1" : host }

    func isSameServer(as other: Self) -> Bool {
        numericHost == other.numericHost && port == other.port
    }
}
