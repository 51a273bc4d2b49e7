import NodeRuntime
import StateMachine
import SyncNetProtocol
import SyncNetWire

/// One stream of a server, and what it carries.
final class Link {
    /// Who is at the other end, and which messages go over it.
    enum Kind: Equatable {
        /// A client: lines in both directions.
        case client
        /// A server that opened it: frames come in.
        case incoming
        /// A server that this one called: frames go out.
        case outgoing
    }

    let kind: Kind
    let peer: NodeID
    let end: StreamEnd
    /// In which version a server speaks on it.
    let version: PeerVersion
    /// What marks the frames that go out on it, where the servers share a secret.
    private var key: StreamKey?
    /// How a client behaves.
    var manners: Manners?
    /// Whether what it says is read: who does not take its answers is not listened to.
    var isHeard = true
    /// Whether the machine knows the stream.
    var isAnnounced = false
    /// Requests that the machine has not answered.
    var unanswered = 0
    /// Whether the client has said all that it will say.
    var hasInputEnded = false

    init(
        _ kind: Kind, to peer: NodeID, over end: StreamEnd, version: PeerVersion = .current,
        key: StreamKey? = nil
    ) {
        self.key = key
        self.version = version
        self.kind = kind
        self.peer = peer
        self.end = end
    }

    /// Marks the frame that begins there.
    func mark(_ bytes: inout [UInt8], from start: Int) {
        guard let mark = key?.mark(of: bytes[start...]) else { return }
        bytes += mark
    }
}
