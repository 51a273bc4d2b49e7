import StateMachine
import SyncNetProtocol

/// Honest status: a server calls itself the leader only when a quorum has confirmed it since
/// it was asked, and within the time of confirmation. That quorum has voted for nobody else
/// before: so no leader of a higher epoch was elected before the question came, whatever the
/// server's clock says, nor longer ago than that time, where its clock tells true time.
struct StatusJudge {
    private struct Election {
        var epoch: Epoch
        var leader: NodeID
        var at: Instant
    }

    let confirmation: Interval
    private var elections: [Election] = []
    /// Whose clock does not tell true time.
    private var isCrooked: [Bool]

    init(servers: Int, confirmation: Interval) {
        self.confirmation = confirmation
        isCrooked = Array(repeating: false, count: servers)
    }

    mutating func becameLeader(_ node: NodeID, _ epoch: Epoch, at now: Instant) {
        elections.append(Election(epoch: epoch, leader: node, at: now))
    }

    /// Believes this server's clock no more.
    mutating func forget(_ node: NodeID) { isCrooked[Int(node.rank)] = true }

    /// A server tells somebody who asked at some time that it leads.
    func claimed(_ node: NodeID, askedAt: Instant, at now: Instant) -> Breach? {
        guard let own = elections.last(where: { $0.leader == node }) else {
            return Breach(.honestStatus, "\(node.name) calls itself leader, it was never elected")
        }
        let isTimely = !isCrooked[Int(node.rank)]
        guard
            let later = elections.last(where: {
                $0.epoch > own.epoch
                    && ($0.at < askedAt || isTimely && now.since($0.at) > confirmation)
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
