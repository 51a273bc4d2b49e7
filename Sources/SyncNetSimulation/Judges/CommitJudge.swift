import StateMachine
import SyncNetProtocol

/// Durability and leader completeness: what was called committed is on the disks of a
/// quorum, and in the log of every leader of a later epoch.
struct CommitJudge {
    private struct Term {
        var epoch: Epoch
        var leader: NodeID
        /// How long the leader's log was when it was elected.
        var length: Int
        /// Whether that log is gone, with its disk.
        var isGone = false
    }

    /// Commits of one leader, up to the last of them.
    private struct Stretch {
        var epoch: Epoch
        var through: Int
    }

    /// The chain of the committed log at each index.
    private(set) var chains: [UInt64] = []
    private var stretches: [Stretch] = []
    private var terms: [Term] = []
    /// The disks that count: those with which the cluster was formed, and those admitted.
    private var members: [MemberDisk] = []
    /// For each disk that began empty how much was committed then: that it has to hold before
    /// it counts.
    private var owed: [(node: NodeID, disk: DiskID, through: Int)] = []

    /// A server begins anew with an empty disk.
    mutating func emptied(_ node: NodeID, now disk: DiskID) {
        owed.append((node, disk, chains.count))
        for place in terms.indices where terms[place].leader == node {
            terms[place].isGone = true
        }
    }

    /// A cluster was formed.
    mutating func formed(_ formation: Formation) {
        for disk in formation.disks where !members.contains(disk) { members.append(disk) }
    }

    /// A disk counts from now on: it holds all that another one in its place had promised.
    /// That of a new member is in nobody's place: no quorum so far has counted it.
    mutating func admitted(
        _ node: NodeID, _ disk: DiskID, inPlaceOfAnother isReplaced: Bool,
        _ journals: [JournalJudge]
    ) -> Breach? {
        members.append(MemberDisk(node: node, disk: disk))
        guard isReplaced, Int(node.rank) < journals.count, journals[Int(node.rank)].disk == disk,
            let through = owed.last(where: { $0.node == node && $0.disk == disk })?.through,
            through > 0
        else { return nil }
        let log = journals[Int(node.rank)].log
        if log.holdsDurably(through, chains[through - 1]) { return nil }
        let detail =
            "\(node.name) was admitted with a new disk that holds \(log.durableCount) entries; "
            + "\(through) were committed when it began"
        return Breach(.durability, detail)
    }

    /// Whether a server's present disk counts, by what was committed and by some log.
    func counts(
        _ node: NodeID, _ journal: JournalJudge, _ newcomers: [MemberDisk]
    ) -> Bool {
        guard let disk = journal.disk, !members.isEmpty else { return true }
        let pair = MemberDisk(node: node, disk: disk)
        return members.contains(pair) || newcomers.contains(pair)
    }

    /// A leader's log must hold what was committed in earlier epochs.
    mutating func becameLeader(_ node: NodeID, _ epoch: Epoch, _ log: ShadowLog) -> Breach? {
        let place = terms.lastIndex { $0.epoch < epoch }.map { $0 + 1 } ?? 0
        terms.insert(Term(epoch: epoch, leader: node, length: log.count), at: place)
        guard let last = stretches.last(where: { $0.epoch < epoch }) else { return nil }
        let isComplete =
            log.count >= last.through && log.chain(at: last.through) == chains[last.through - 1]
        if isComplete { return nil }
        let detail =
            "\(node.name) leads epoch \(epoch.number) with a log of \(log.count) entries that "
            + "lacks what was committed through \(last.through) in epoch \(last.epoch.number)"
        return Breach(.leaderCompleteness, detail)
    }

    /// A server says that its log is committed up to an index. `voters` are the members by that
    /// log, `newcomers` those that it made members and that count before this is committed.
    mutating func committed(
        _ index: LogIndex, by node: NodeID, leading: Epoch?, journals: [JournalJudge],
        _ voters: [NodeID], _ newcomers: [MemberDisk]
    ) -> Breach? {
        let place = Int(index.number)
        let log = journals[Int(node.rank)].log
        guard place > 0 else { return nil }
        guard place <= log.count else {
            let detail =
                "\(node.name) committed through \(place), its log ends at \(log.count)"
            return Breach(.stateMachineSafety, detail)
        }
        if place <= chains.count {
            if log.chain(at: place) == chains[place - 1] { return nil }
            let detail = "\(node.name) committed another entry than others at \(place)"
            return Breach(.stateMachineSafety, detail)
        }
        let epoch = leading ?? Epoch(log.links[place - 1].epoch)
        let breach = tooEarly(
            place, by: node, leading: leading, journals, voters, newcomers)
        if let breach { return breach }
        for link in log.links[chains.count..<place] { chains.append(link.chain) }
        if let last = stretches.last, last.epoch == epoch {
            stretches[stretches.count - 1].through = place
        } else {
            stretches.append(Stretch(epoch: epoch, through: place))
        }
        return missedByLater(place, epoch, log, journals)
    }

    private func tooEarly(
        _ place: Int, by node: NodeID, leading: Epoch?, _ journals: [JournalJudge],
        _ voters: [NodeID], _ newcomers: [MemberDisk]
    ) -> Breach? {
        let log = journals[Int(node.rank)].log
        if let leading, log.links[place - 1].epoch != leading.number {
            let detail =
                "\(node.name) committed index \(place) of epoch \(log.links[place - 1].epoch) by "
                + "counting in epoch \(leading.number)"
            return Breach(.leaderCompleteness, detail)
        }
        let chain = log.chain(at: place)
        var copies = 0
        for voter in voters {
            let journal = journals[Int(voter.rank)]
            let isHeld =
                journal.log.holdsDurably(place, chain) && counts(voter, journal, newcomers)
            if isHeld || journal.counted(place, chain, for: node) { copies += 1 }
        }
        let quorum = voters.count / 2 + 1
        if copies >= quorum { return nil }
        let detail =
            "\(node.name) called index \(place) committed with \(copies) durable copies on "
            + "disks that count, of \(quorum) needed"
        return Breach(.durability, detail)
    }

    /// A commit that was told late must also be in the logs of leaders elected meanwhile.
    private func missedByLater(
        _ place: Int, _ epoch: Epoch, _ log: ShadowLog, _ journals: [JournalJudge]
    ) -> Breach? {
        for term in terms.reversed() {
            guard term.epoch > epoch else { return nil }
            if term.isGone { continue }
            let other = journals[Int(term.leader.rank)].log
            let isThere =
                term.length >= place && other.count >= place
                && other.chain(at: place) == log.chain(at: place)
            if isThere { continue }
            let detail =
                "index \(place) was committed in epoch \(epoch.number), and "
                + "\(term.leader.name), leader of epoch \(term.epoch.number), lacks it"
            return Breach(.leaderCompleteness, detail)
        }
        return nil
    }
}
