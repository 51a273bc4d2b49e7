import SyncNetProtocol

extension ServerSettings {
    /// What is wrong with the port on which this server answers monitors; nil where nothing is,
    /// or where there is none.
    package var httpProblem: String? {
        guard let httpPort, let own = servers.first(where: { $0.serverID == serverID }),
            let address = IPv4Address(own.host)
        else { return nil }
        for other in servers where IPv4Address(other.host) == address {
            // The others are UDP's.
            let streams: [PortPurpose] = [.clients, .election]
            guard let taken = streams.first(where: { other.port($0) == httpPort }) else {
                continue
            }
            return "the HTTP port \(httpPort) of \(serverID) is the one of "
                + "\(other.serverID) (\(taken.name)): choose an http_port away from the servers'"
        }
        return nil
    }
}
