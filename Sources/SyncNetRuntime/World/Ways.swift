import SyncNetProtocol

/// How a message travels.
enum Way: Equatable {
    /// By datagram, to the port of this purpose.
    case datagram(PortPurpose)
    /// On a stream between servers.
    case peerStream
    /// Between a client and a server.
    case client
}

extension Body {
    /// How it travels.
    var way: Way {
        switch self {
        case .heartbeat, .heartbeatAnswer: .datagram(.heartbeat)
        case .token, .elected, .tokenTaken, .leaderLives, .roundOver: .datagram(.election)
        case .introduction: .datagram(.discovery)
        case .append, .appendAnswer, .relay, .relayAnswer: .peerStream
        case .request, .reply: .client
        }
    }
}
