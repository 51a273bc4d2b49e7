import StateMachine
import SyncNetProtocol

/// Log matching: two logs with the same epoch at an index are equal up to there.
///
/// Whoever writes an entry is compared with the first that wrote one of this epoch there.
struct LogJudge {
    /// The entries of one epoch, which in a sound system stand without gap.
    private struct Run {
        var first: Int
        var chains: [UInt64]
    }

    private var runs: [UInt64: Run] = [:]
    private var latestEpoch: UInt64 = 0
    private var latest = Run(first: 0, chains: [])

    mutating func wrote(_ node: NodeID, _ index: Int, _ link: ShadowLog.Link) -> Breach? {
        if link.epoch != latestEpoch { turn(to: link.epoch, at: index) }
        let slot = index - latest.first
        if slot >= 0, slot < latest.chains.count {
            if latest.chains[slot] == link.chain { return nil }
            let detail =
                "the log of \(node.name) differs from another one up to index \(index), where "
                + "both have an entry of epoch \(link.epoch)"
            return Breach(.logMatching, detail)
        }
        guard slot == latest.chains.count else {
            let detail = "\(node.name) has a gap in epoch \(link.epoch) before index \(index)"
            return Breach(.logMatching, detail)
        }
        latest.chains.append(link.chain)
        return nil
    }

    /// Keeps the run in use outside the table, so that the usual entry costs no look-up.
    private mutating func turn(to epoch: UInt64, at index: Int) {
        if latestEpoch != 0 { runs[latestEpoch] = latest }
        latest = runs[epoch] ?? Run(first: index, chains: [])
        runs[epoch] = nil
        latestEpoch = epoch
    }
}
