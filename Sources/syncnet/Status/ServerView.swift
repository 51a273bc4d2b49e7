import StateMachine
import SyncNetProtocol

/// One server, and how it sees its peers.
struct ServerView {
    var server: ClusterHealth.Seen
    var isColourful: Bool

    var lines: [String] {
        guard let status = server.status else {
            let word = server.isOnline ? "starting" : "offline"
            return [Colour.red.paint("\(server.id) is \(word)", if: isColourful)]
        }
        let role = server.isLeader ? "leads" : Self.words(for: status)
        let head = [
            "\(server.id) at \(server.member.host.string):\(server.member.port) \(role)",
            "epoch \(status.epoch.number), committed \(status.commit.number), "
                + "applied \(status.applied.number), log up to \(status.last.number)",
        ]
        return head + status.peers.map(line)
    }

    private static func words(for status: ServerStatus) -> String {
        switch (status.role, status.leader) {
        case (.following, let leader?): "follows \(leader.string)"
        case (.recovering, _): "recovers"
        default: "knows no leader"
        }
    }

    private func line(of peer: PeerStatus) -> String {
        let heard = peer.silence.map { "heard \(Self.seconds($0)) s ago" } ?? "never heard"
        let word = peer.isAlive ? "alive" : "dead"
        let text = "  \(peer.id.string)  \(word), \(heard), committed \(peer.commit.number)"
        return peer.isAlive ? text : Colour.red.paint(text, if: isColourful)
    }

    /// Seconds with one decimal.
    static func seconds(_ interval: Interval) -> String {
        let tenths = interval.nanoseconds / 100_000_000
        return "\(tenths / 10).\(tenths % 10)"
    }
}
