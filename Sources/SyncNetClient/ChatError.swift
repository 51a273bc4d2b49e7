public import SyncNetProtocol

/// Why something asked of a ``ChatClient`` was not done.
public enum ChatError: Error, Equatable, Sendable, CustomStringConvertible {
    /// No address was given.
    case noServers
    /// None of the servers answered in time.
    case unreachable([ChatAddress])
    /// A server refused. The request was not applied.
    case refused(NackReason, detail: String)
    /// A server could not tell whether the request was applied.
    case unknownOutcome(detail: String)
    /// Nobody knows a host of this name.
    case unknownHost(String)
    /// The room is private, and so not multicast.
    case notMulticast(room: String)
    /// The password is wrong, or there is no such account, or the name has one by now. The client
    /// is closed, unless it waits for another password; what was asked may have been applied.
    case badLogin(detail: String)
    /// A server is there, but the two don't come to an encrypted connection, or the server wants
    /// one. The client is closed.
    case insecure(ChatAddress, TLSTrouble)
    /// The file holds no certificate of an authority that can be read.
    case badAuthority(String)
    /// The servers are another cluster than before: they were set up anew, or restored from a
    /// backup. What was shown and acknowledged may not be there any more, and what was asked may
    /// have been applied or not. The client is closed; another one begins anew.
    case replaced
    /// The client was closed before an answer came: the request may have been applied.
    case closed
    /// The task that waited was cancelled: the request may still be applied.
    case cancelled

    /// What waiting for an answer ended with.
    init(_ error: any Error) {
        switch error {
        case let error as ChatError: self = error
        case is CancellationError: self = .cancelled
        default: self = .closed
        }
    }

    init(_ reason: NackReason, _ detail: Text) {
        self =
            reason == .unknownOutcome
            ? .unknownOutcome(detail: detail.string) : .refused(reason, detail: detail.string)
    }

    /// One line that says what is wrong.
    public var description: String {
        switch self {
        case .noServers: "no server was named: name at least one as host:port"
        case .unreachable(let servers):
            "no server answers at \(servers.map(\.description).joined(separator: ", ")): "
                + "start the cluster or name other servers"
        case .unknownHost(let host):
            "there is no host \"\(host)\": see how it is spelt, or name another server"
        case .notMulticast(let room):
            "\(room) is private, and private rooms are not multicast: its members follow it with a "
                + "client"
        case .refused(let reason, let detail): "refused (\(reason.word)): \(detail)"
        case .unknownOutcome(let detail): "nobody knows whether it was done: \(detail)"
        case .badLogin(let detail): "could not log in: \(detail)"
        case .insecure(let server, let trouble): "\(server) \(trouble)"
        case .badAuthority(let path):
            "can't read an authority's certificate in \(path): name a PEM file that has one"
        case .replaced:
            "the servers' data were replaced, restored from a backup or set up anew: what was said "
                + "before may be gone; start anew"
        case .closed: "the client was closed before an answer came"
        case .cancelled: "nobody waits for the answer any more"
        }
    }
}
