import StateMachine

/// How the client stands with a server.
enum Link: Equatable, Sendable {
    /// No server is known.
    case idle
    /// A pause before this server is tried.
    case waiting(NodeID)
    /// A stream to this server was asked for.
    case opening(NodeID)
    /// Connected.
    case up(Connection)
    /// The servers take the password no more; what is asked for waits for another one.
    case lockedOut
    /// The owner wants nothing more.
    case stopped

    /// The connection, where there is one.
    var connection: Connection? {
        if case .up(let connection) = self { connection } else { nil }
    }
}

/// A stream to a server.
struct Connection: Equatable, Sendable {
    /// The stream.
    let stream: StreamID
    /// The server.
    let server: NodeID
    /// When something last came from it.
    var heardAt: Instant
    /// Whether more waits to leave than the world wants to keep.
    var isCongested = false
    /// Whether the server said to try again, and that moment has not come.
    var isPaused = false

    /// When a login was sent that has no answer yet.
    var loginSentAt: Instant?

    /// Whether something may be sent now.
    var takesRequests: Bool { !isCongested && !isPaused && loginSentAt == nil }
}
