import SyncNetProtocol

/// The guide's message types on a client's connection, and `history`.
enum MessageType: UInt8, CaseIterable {
    case createJoin, chat, leave, history, clientDiscovery, serverDiscovery, ack, nack, serverList

    /// The word on the wire.
    var word: StaticString {
        switch self {
        case .createJoin: "create_join"
        case .chat: "chat"
        case .leave: "leave"
        case .history: "history"
        case .clientDiscovery: "client_discovery"
        case .serverDiscovery: "server_discovery"
        case .ack: "ack"
        case .nack: "nack"
        case .serverList: "server_list"
        }
    }

    init?(_ word: Text) {
        guard let known = Self.allCases.first(where: { word.isEqual(to: $0.word) }) else {
            return nil
        }
        self = known
    }
}

extension Text {
    func isEqual(to word: StaticString) -> Bool {
        word.withUTF8Buffer { utf8.elementsEqual($0) }
    }
}

extension ServerRole {
    /// The word on the wire.
    var word: StaticString {
        switch self {
        case .recovering: "recovering"
        case .searching: "searching"
        case .following: "following"
        case .leading: "leading"
        }
    }
}
