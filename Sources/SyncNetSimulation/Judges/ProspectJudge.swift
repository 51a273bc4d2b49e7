import StateMachine
import SyncNetProtocol

/// Leader completeness before it is broken: once an index is committed, no server that lacks it
/// finds a quorum of its own members any more that would vote for it.
///
/// With one list of members that follows from the copies of a quorum. With several, of which
/// each server goes by its own, two quorums may have nobody in common (Ongaro's message to
/// raft-dev of 2015), and it takes a rare order of crashes until one sees it by the loss.
struct ProspectJudge {
    let journals: [JournalJudge]
    let members: MembershipJudge
    let commits: CommitJudge

    /// The first server that could lead without what has just been committed.
    func judge(_ place: Int) -> Breach? {
        let chain = commits.chains[place - 1]
        for slot in journals.indices {
            let candidate = NodeID(UInt32(slot))
            guard !holds(candidate, place, chain) else { continue }
            let own = members.members(by: candidate)
            let newcomers = members.newcomers(by: candidate)
            guard own.contains(candidate), counts(candidate, newcomers) else { continue }
            let voters = own.filter { counts($0, newcomers) && wouldVote($0, for: candidate) }
            guard voters.count >= own.count / 2 + 1 else { continue }
            let names = voters.map(\.name).joined(separator: ", ")
            let detail =
                "index \(place) is committed, and \(candidate.name), which lacks it and knows "
                + "\(own.count) members, could be elected by \(names)"
            return Breach(.leaderCompleteness, detail)
        }
        return nil
    }

    private func holds(_ node: NodeID, _ place: Int, _ chain: UInt64) -> Bool {
        let slot = Int(node.rank)
        return journals[slot].log.count >= place && journals[slot].log.chain(at: place) == chain
    }

    private func counts(_ node: NodeID, _ newcomers: [MemberDisk]) -> Bool {
        commits.counts(node, journals[Int(node.rank)], newcomers)
    }

    /// Whether a voter's log, as it would be after a crash, is no newer than a candidate's. One
    /// that has to be cut is either of two then, and says nothing.
    private func wouldVote(_ voter: NodeID, for candidate: NodeID) -> Bool {
        let own = journals[Int(voter.rank)]
        let other = journals[Int(candidate.rank)]
        guard !own.isExcused, !other.isExcused, !own.log.isBeingCut else { return false }
        if voter == candidate { return true }
        let (mine, its) = (own.log.durableCount, other.log.count)
        let myEpoch = mine == 0 ? 0 : own.log.links[mine - 1].epoch
        let itsEpoch = its == 0 ? 0 : other.log.links[its - 1].epoch
        return (myEpoch, mine) <= (itsEpoch, its)
    }
}
