import SyncNetProtocol

/// A server for people.
enum ServerLine {
    static func text(of server: ServerAddress) -> String {
        "\(server.id.string) at \(server.host.string):\(server.port)"
            + (server.isLeader ? ", leads" : "")
    }
}
