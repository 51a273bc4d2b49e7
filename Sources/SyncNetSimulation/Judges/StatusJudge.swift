import StateMachine
import SyncNetProtocol

/// Honest status: a server calls itself the leader only when a quorum has confirmed it
/// within the time of confirmation. Since that quorum has voted for nobody else before, no
/// leader of a higher epoch can be older than that.
struct StatusJudge {
    private struct Election {
        var epoch: Epoch
        var leader: NodeID
        var at: Instant
    }

    let confirmation: Interval
    private var elections: [Election] = []

    init(confirmation: Interval) { self.confirmation = confirmation }

    mutating func becameLeader(_ node: NodeID, _ epoch: Epoch, at now: Instant) {
        elections.append(Election(epoch: epoch, leader: node, at: now))
    }

    /// A server tells somebody that it leads.
    func claimed(_ node: NodeID, at now: Instant) -> Breach? {
        guard let own = elections.last(where: { $0.leader == node }) else {
            return Breach(.honestStatus, "\(node.name) calls itself leader, it was never elected")
        }
        guard
            let later = elections.last(where: {
                $0.epoch > own.epoch && now.since($0.at) > confirmation
            })
        else { return nil }
        let detail =
            "\(node.name) calls itself leader, \(later.leader.name) was elected in epoch "
            + "\(later.epoch.number) \(now.since(later.at).nanoseconds / 1_000_000) ms before"
        return Breach(.honestStatus, detail)
    }
}

extension Text {
    /// Whether the guide's monitor would take this answer for a leader's.
    var saysLeader: Bool {
        let word: [UInt8] = Array("leader".utf8)
        guard utf8.count >= word.count else { return false }
        return (0...utf8.count - word.count).contains { start in
            word.indices.allSatisfy { utf8[start + $0] | 0x20 == word[$0] }
        }
    }
}
