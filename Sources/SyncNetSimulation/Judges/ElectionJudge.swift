import StateMachine
import SyncNetProtocol

/// Election safety: at most one leader per epoch, one vote per server and round, and a
/// server follows epochs that never fall.
struct ElectionJudge {
    private var leaders: [UInt64: NodeID] = [:]
    private var votes: [UInt64: NodeMap<NodeID>] = [:]
    private var followed = NodeMap<Epoch>()
    private let countsVotes: Bool

    init(countsVotes: Bool) { self.countsVotes = countsVotes }

    /// `members` are those that the leader's own log names.
    mutating func becameLeader(
        _ node: NodeID, _ epoch: Epoch, _ members: [NodeID]
    ) -> Breach? {
        if let other = leaders.updateValue(node, forKey: epoch.number) {
            let detail =
                "\(node.name) leads epoch \(epoch.number), which \(other.name) led already"
            return Breach(.electionSafety, detail)
        }
        if let breach = lacksVotes(node, epoch, members) { return breach }
        return follows(node, epoch)
    }

    /// Whether a server was ever elected.
    func hasLed(_ node: NodeID) -> Bool { leaders.values.contains(node) }

    /// Whoever leads has the votes of a quorum in this very round. A single server need not
    /// tell anybody of its own.
    private func lacksVotes(
        _ node: NodeID, _ epoch: Epoch, _ members: [NodeID]
    ) -> Breach? {
        let votes = votes[epoch.number] ?? NodeMap()
        let count = members.count { votes[$0] == node }
        let quorum = members.count / 2 + 1
        if count >= quorum || quorum == 1 || !countsVotes { return nil }
        let detail =
            "\(node.name) leads epoch \(epoch.number) with the votes of \(count) members, "
            + "\(quorum) are needed"
        return Breach(.electionSafety, detail)
    }

    mutating func voted(_ node: NodeID, in round: Epoch, for candidate: NodeID) -> Breach? {
        if let former = votes[round.number]?[node], former != candidate {
            let detail =
                "\(node.name) voted for \(candidate.name) in round \(round.number), after "
                + "voting for \(former.name)"
            return Breach(.electionSafety, detail)
        }
        votes[round.number, default: NodeMap()][node] = candidate
        return nil
    }

    /// A server begins anew with an empty disk, and may hear of an earlier leader first.
    mutating func emptied(_ node: NodeID) { followed[node] = nil }

    mutating func follows(_ node: NodeID, _ epoch: Epoch) -> Breach? {
        if let former = followed[node], epoch < former {
            let detail =
                "\(node.name) follows epoch \(epoch.number) after epoch \(former.number)"
            return Breach(.monotonicLeader, detail)
        }
        followed[node] = epoch
        return nil
    }
}
