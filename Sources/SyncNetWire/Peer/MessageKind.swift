import SyncNetProtocol

/// What the second byte of a message says. The high half is the guide's message type.
enum MessageKind: UInt8 {
    // heartbeat
    case heartbeat = 0x10
    case heartbeatAnswer = 0x11
    // election
    case token = 0x20
    case elected = 0x21
    case tokenTaken = 0x22
    case leaderLives = 0x23
    case roundOver = 0x24
    // server_discovery
    case introduction = 0x30
    // data_replication
    case append = 0x40
    case appendAnswer = 0x41
    case relay = 0x42
    case relayAnswer = 0x43

    /// The kind of a body that servers send to each other.
    init(_ body: Body) {
        switch body {
        case .heartbeat: self = .heartbeat
        case .heartbeatAnswer: self = .heartbeatAnswer
        case .token: self = .token
        case .elected: self = .elected
        case .tokenTaken: self = .tokenTaken
        case .leaderLives: self = .leaderLives
        case .roundOver: self = .roundOver
        case .introduction: self = .introduction
        case .append: self = .append
        case .appendAnswer: self = .appendAnswer
        case .relay: self = .relay
        case .relayAnswer: self = .relayAnswer
        case .request, .reply: preconditionFailure("clients are spoken to by ClientCodec")
        }
    }
}
