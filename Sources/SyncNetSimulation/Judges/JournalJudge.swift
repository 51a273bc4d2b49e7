package import StateMachine
import SyncNetProtocol

/// One server's journal as seen from outside: its log, its vote, its clock's ceiling; and
/// what of it is durable.
///
/// Law: what was answered for is there after a restart, whole commits only; and no vote,
/// acknowledgement or stamp leaves the server that a crash could make it forget. What lies on
/// a damaged disk is refused or as it was. Only a disk that was emptied has another name.
///
/// One thing is beyond the law, since nothing on the disk could tell: a disk that lied before
/// its power went may hold an earlier state, whole; and where a bit of the last commits is
/// wrong, the same loss of power may take the evidence of them, which no commit waits for.
struct JournalJudge {
    private struct PendingBallot {
        var ticket: Ticket
        var ballot: Ballot
    }

    var log = ShadowLog()
    private(set) var ballot = Ballot(round: .zero, vote: nil)
    private(set) var ceiling = Stamp.zero
    private(set) var boot = Boot(0)
    private(set) var disk: DiskID?
    /// How often the disk had been emptied at the last start.
    private var emptied: UInt64 = 0
    /// What was durable on its former disks: a leader may go on counting what it was told of
    /// them, until the next one answers it.
    private var formerLogs: [ShadowLog] = []
    /// The leaders that the present disk has answered.
    private var answered: [NodeID] = []
    /// Whether the server goes on without what it had promised, and nobody can blame it.
    private(set) var isExcused = false
    private var pendingBallots: [PendingBallot] = []
    private var pendingCeilings: [(ticket: Ticket, ceiling: Stamp)] = []
    /// The writes that are not answered, each with the time at which it was asked for.
    private var unanswered: [(ticket: Ticket, at: Instant)] = []

    mutating func asked(_ ticket: Ticket, at now: Instant) {
        if unanswered.last?.ticket != ticket { unanswered.append((ticket, now)) }
    }

    /// For how long the disk has owed an answer.
    func owes(at now: Instant) -> Interval { unanswered.first.map { now.since($0.at) } ?? .zero }

    mutating func asked(_ write: JournalWrite, _ ticket: Ticket, commit: UInt64) {
        switch write {
        case .ballot(let ballot):
            pendingBallots.append(PendingBallot(ticket: ticket, ballot: ballot))
        case .ceiling(let ceiling): pendingCeilings.append((ticket, ceiling))
        case .append, .cut, .form, .recovering, .apply: break
        }
    }

    mutating func written(_ ticket: Ticket) {
        log.written(ticket)
        while let first = unanswered.first, first.ticket <= ticket { unanswered.removeFirst() }
        while let first = pendingBallots.first, first.ticket <= ticket {
            ballot = first.ballot
            pendingBallots.removeFirst()
        }
        while let first = pendingCeilings.first, first.ticket <= ticket {
            ceiling = max(ceiling, first.ceiling)
            pendingCeilings.removeFirst()
        }
    }

    /// What a start found on the disk, against what the journal had answered for.
    mutating func started(
        _ found: Recovered, by node: NodeID, on health: DiskHealth?
    ) -> Breach? {
        let breach = compare(found, node, isEmptied: health.map { $0.emptied != emptied } ?? true)
        emptied = health?.emptied ?? 0
        guard breach != nil, health?.mayHaveForgotten == true else { return breach }
        isExcused = true
        return nil
    }

    /// A server says that what is on its disk is damaged.
    func refused(by node: NodeID, on health: DiskHealth?) -> Breach? {
        if health?.isDamaged ?? true { return nil }
        return Breach(.journal, "\(node.name) takes its disk for damaged, which it is not")
    }

    private mutating func compare(
        _ found: Recovered, _ node: NodeID, isEmptied: Bool
    ) -> Breach? {
        defer {
            pendingBallots.removeAll()
            pendingCeilings.removeAll()
            unanswered.removeAll()
            ballot = found.ballot
            ceiling = found.ceiling
            boot = found.boot
            disk = found.disk
        }
        if let disk, disk != found.disk {
            formerLogs.append(log)
            answered = []
            log = ShadowLog()
            if isEmptied { return nil }
            let detail = "\(node.name) says that it has another disk, and has not"
            return Breach(.journal, detail)
        }
        let before = log.count
        guard log.reconcile(with: found) else {
            let detail =
                "\(node.name) found a log up to \(found.last.number) after its restart, which "
                + "is none that its disk can hold (\(log.count) entries answered for, "
                + "\(before) asked for)"
            return Breach(.journal, detail)
        }
        if found.boot <= boot {
            return Breach(.journal, "\(node.name) started twice as boot \(found.boot.number)")
        }
        if found.ceiling < ceiling {
            let detail = "\(node.name) forgot its clock's ceiling \(ceiling.number)"
            return Breach(.journal, detail)
        }
        return forgottenVote(found.ballot, by: node)
    }

    private func forgottenVote(_ found: Ballot, by node: NodeID) -> Breach? {
        let isKept =
            found.round > ballot.round
            || found.round == ballot.round && (ballot.vote == nil || found.vote == ballot.vote)
        if isKept { return nil }
        let detail =
            "\(node.name) forgot its vote in round \(ballot.round.number), it found round "
            + "\(found.round.number)"
        return Breach(.journal, detail)
    }

    /// A vote is shown to somebody else.
    func voted(in round: Epoch, for candidate: NodeID, by node: NodeID) -> Breach? {
        let isDurable =
            ballot.round > round || ballot.round == round && ballot.vote == candidate
        if isDurable { return nil }
        let detail =
            "\(node.name) told its vote for \(candidate.name) in round \(round.number) before "
            + "it was durable"
        return Breach(.promise, detail)
    }

    /// From the moment a vote is issued, durable or not, nothing of a lower epoch is
    /// acknowledged.
    func acknowledged(in epoch: Epoch, by node: NodeID) -> Breach? {
        let latest = pendingBallots.last?.ballot ?? ballot
        if epoch >= latest.round || latest.vote == nil { return nil }
        let detail =
            "\(node.name) acknowledged entries in epoch \(epoch.number) after it had voted in "
            + "round \(latest.round.number)"
        return Breach(.promise, detail)
    }

    /// An answer of the present disk has got to a leader.
    mutating func answers(_ leader: NodeID) {
        if !formerLogs.isEmpty, !answered.contains(leader) { answered.append(leader) }
    }

    /// Whether a leader may count this server for what one of its former disks held.
    func counted(_ index: Int, _ chain: UInt64, for leader: NodeID) -> Bool {
        guard !answered.contains(leader) else { return false }
        return formerLogs.contains { $0.holdsDurably(index, chain) }
    }

    /// Entries are acknowledged to a leader.
    func acknowledged(through index: LogIndex, by node: NodeID) -> Breach? {
        if Int(index.number) <= log.durableCount { return nil }
        let detail =
            "\(node.name) acknowledged entries through \(index.number), durable are "
            + "\(log.durableCount)"
        return Breach(.promise, detail)
    }
}

extension NodeID {
    /// How people call it: servers by rank from 1, clients from 1.
    package var name: String {
        rank < UInt32(Limits.membersMax)
            ? "s\(rank + 1)" : "c\(rank - UInt32(Limits.membersMax) + 1)"
    }
}
