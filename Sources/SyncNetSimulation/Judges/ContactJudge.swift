import StateMachine
import SyncNetProtocol

/// A leader leads only as long as a quorum answers it: law (design, failure detection): it
/// steps down when no quorum has answered its own messages of this epoch for the death time.
///
/// What nobody can have answered is known from outside: a peer to which nothing from the
/// leader got, or from which nothing came, since the death time ago. Looked at whenever the
/// leader itself looks, with its heartbeats.
struct ContactJudge {
    private let servers: Int
    private let death: Interval
    private let confirmation: Interval
    /// When something last got from one server to another, by `from * servers + to`.
    private var arrivals: [Instant]
    private var leadsSince: [Instant]
    /// Whose clock does not tell true time.
    private var isCrooked: [Bool]

    init(servers: Int, timing: Timing) {
        self.servers = servers
        death = timing.death
        // A question that waits is looked at with the next probe.
        confirmation = timing.confirmation + timing.probe
        arrivals = Array(repeating: .zero, count: servers * servers)
        leadsSince = Array(repeating: .zero, count: servers)
        isCrooked = Array(repeating: false, count: servers)
    }

    @inline(__always)
    mutating func arrived(from: NodeID, to: NodeID, at now: Instant) {
        guard Int(from.rank) < servers else { return }
        arrivals[Int(from.rank) * servers + Int(to.rank)] = now
    }

    mutating func becameLeader(_ node: NodeID, at now: Instant) {
        leadsSince[Int(node.rank)] = now
    }

    /// Demands nothing of a server any more.
    mutating func forget(_ node: NodeID) { isCrooked[Int(node.rank)] = true }

    /// A leader leads on, though its own disk has owed it an answer for so long.
    func leadsOn(_ node: NodeID, without owed: Interval) -> Breach? {
        guard owed > death, !isCrooked[Int(node.rank)] else { return nil }
        let detail =
            "\(node.name) leads on, though its disk has not answered for "
            + "\(owed.nanoseconds / 1_000_000) ms"
        return Breach(.stepDown, detail)
    }

    /// A leader has looked for answers, and leads on.
    func leadsOn(_ node: NodeID, at now: Instant, _ members: [NodeID]) -> Breach? {
        let leader = Int(node.rank)
        guard !isCrooked[leader], now.since(leadsSince[leader]) > death else { return nil }
        let contacts = contacts(of: leader, within: death, now, members)
        if contacts > members.count / 2 { return nil }
        let detail =
            "\(node.name) leads on, though no more than \(contacts) of \(members.count) servers "
            + "can have answered it for \(death.nanoseconds / 1_000_000) ms"
        return Breach(.stepDown, detail)
    }

    /// A server tells somebody that it leads.
    func claimed(_ node: NodeID, at now: Instant, _ members: [NodeID]) -> Breach? {
        guard !isCrooked[Int(node.rank)] else { return nil }
        let contacts = contacts(of: Int(node.rank), within: confirmation, now, members)
        if contacts > members.count / 2 { return nil }
        let detail =
            "\(node.name) calls itself leader, though no more than \(contacts) of \(members.count) "
            + "servers can have confirmed it for \(confirmation.nanoseconds / 1_000_000) ms"
        return Breach(.honestStatus, detail)
    }

    /// How many can have answered the leader within a time, itself included.
    private func contacts(
        of leader: Int, within time: Interval, _ now: Instant, _ members: [NodeID]
    ) -> Int {
        var contacts = 0
        for member in members {
            let peer = Int(member.rank)
            if peer == leader {
                contacts += 1
                continue
            }
            let heard = arrivals[leader * servers + peer]
            let answered = arrivals[peer * servers + leader]
            if now.since(min(heard, answered)) <= time { contacts += 1 }
        }
        return contacts
    }
}
