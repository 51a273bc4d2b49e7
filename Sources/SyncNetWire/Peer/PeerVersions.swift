public import StateMachine
public import SyncNetProtocol

/// In which version to speak to each peer, learned from what it sends: it is answered in its
/// own, or it would understand nothing.
///
/// Two servers of the current version must not go on speaking the former one because each
/// answers the other, after one of them was replaced. So one in eight heartbeats goes in the
/// current version all the same: a peer that knows no better drops it, as if the network had.
public struct PeerVersions: Sendable {
    private static let trialPeriod: UInt8 = 8

    private struct Known {
        var version = PeerVersion.current
        var heartbeats: UInt8 = 0
    }

    private var peers: [Known]
    /// Whether any peer speaks a former version.
    public private(set) var isMixed = false

    /// Makes one for peers of whom nothing was heard yet.
    public init(members: Int) { peers = Array(repeating: Known(), count: members) }

    /// A peer said something in this version.
    @inline(__always)
    public mutating func heard(_ version: PeerVersion, from peer: NodeID) {
        if version == .current, !isMixed { return }
        learn(version, from: peer)
    }

    private mutating func learn(_ version: PeerVersion, from peer: NodeID) {
        guard peer.rank < peers.count, peers[Int(peer.rank)].version != version else { return }
        peers[Int(peer.rank)] = Known(version: version)
        isMixed = peers.contains { $0.version != .current }
    }

    /// The version in which to open a stream to a peer.
    public func version(to peer: NodeID) -> PeerVersion {
        guard isMixed, peer.rank < peers.count else { return .current }
        return peers[Int(peer.rank)].version
    }

    /// The version in which to send a datagram to a peer.
    @inline(__always)
    public mutating func version(of body: Body, to peer: NodeID) -> PeerVersion {
        isMixed ? choose(body, peer) : .current
    }

    private mutating func choose(_ body: Body, _ peer: NodeID) -> PeerVersion {
        let version = version(to: peer)
        guard version != .current, case .heartbeat = body else { return version }
        let count = peers[Int(peer.rank)].heartbeats &+ 1
        peers[Int(peer.rank)].heartbeats = count
        return count % Self.trialPeriod == 0 ? .current : version
    }
}
