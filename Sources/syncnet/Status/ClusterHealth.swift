import StateMachine
import SyncNetClient
import SyncNetProtocol

/// How a cluster is, as its servers tell.
struct ClusterHealth: Equatable, Sendable {
    /// One server.
    struct Seen: Equatable, Sendable {
        var member: Member
        /// Whether it answered.
        var isOnline: Bool
        /// What it answered; nil where it can't say yet.
        var status: ServerStatus?
        /// Why it could not be asked, though it is there.
        var trouble: TLSTrouble?
        /// Whether it is a member, as the leader says; nil where none says so.
        var isMember: Bool?

        var id: String { member.id.string }
        var isLeader: Bool { status?.role == .leading }

        /// Whether it does its part.
        var isWell: Bool { isLeader || status?.role == .following }

        /// What is wrong with it; nil where it does its part, or has none.
        var ailment: String? {
            guard !isWell, isMember != false else { return nil }
            switch status?.role {
            case nil: return isOnline ? "starting" : "offline"
            case .recovering: return "recovering"
            default: return "searching a leader"
            }
        }
    }

    /// How the others see a server.
    struct Reputation: Equatable, Sendable {
        /// How many of the servers that could be asked take it for alive.
        var alive: Int
        /// How many could be asked.
        var asked: Int
        /// How long ago one of them heard it; nil where none did.
        var silence: Interval?
    }

    /// What the others say of a server.
    func reputation(of server: Seen) -> Reputation {
        let opinions = servers.filter { $0.id != server.id }.compactMap {
            $0.status?.peers.first { $0.id == server.member.id }
        }
        return Reputation(
            alive: opinions.count(where: \.isAlive), asked: opinions.count,
            silence: opinions.compactMap(\.silence).min())
    }

    /// Whether it believes to do its part, and none of the others hears it.
    func isUnheard(_ server: Seen) -> Bool {
        let reputation = reputation(of: server)
        return server.isWell && reputation.asked > 0 && reputation.alive == 0
    }

    /// The word for all of it.
    enum Verdict: String, Sendable {
        case healthy
        case degraded
        case noLeader = "no leader"
        case multipleLeaders = "multiple leaders"
    }

    /// In the order of the ring.
    var servers: [Seen]

    /// All but those of which the leader says that they are no members.
    var members: [Seen] { servers.filter { $0.isMember != false } }

    var online: Int { servers.count(where: \.isOnline) }
    var leaders: [Seen] { servers.filter(\.isLeader) }

    /// Why servers that are there could not be asked, one line for each.
    var troubles: [String] {
        servers.compactMap { server in
            server.trouble.map { "\(server.member.host.string):\(server.member.port) \($0)" }
        }
    }

    /// Why none of the servers can be asked, though one is there.
    var insecurity: Failure? { online == 0 ? troubles.first.map { Failure($0) } : nil }

    /// The highest commit index that any server knows.
    var commit: LogIndex { servers.compactMap(\.status?.commit).max() ?? .zero }

    var verdict: Verdict {
        switch leaders.count {
        case 0: .noLeader
        case 1: members.allSatisfy { $0.isWell && !isUnheard($0) } ? .healthy : .degraded
        default: .multipleLeaders
        }
    }

    /// How many entries a server still has to apply; nil where it does not answer.
    func lag(of server: Seen) -> UInt64? {
        server.status.map { commit.number - min($0.applied.number, commit.number) }
    }

    /// One sentence for people.
    var sentence: String {
        let ailing = servers.compactMap { server in
            let ailment = server.ailment ?? (isUnheard(server) ? "heard by nobody" : nil)
            return ailment.map { "\(server.id) \($0)" }
        }
        switch verdict {
        case .healthy: return "The cluster is healthy."
        case .degraded: return "Degraded: \(ailing.joined(separator: ", ")); the others go on."
        case .multipleLeaders:
            return "Multiple leaders: " + leaders.map(\.id).joined(separator: ", ") + "."
        case .noLeader where online * 2 <= servers.count:
            return "No leader: \(online) of \(servers.count) servers online is no majority."
        case .noLeader: return "No leader: an election is on its way."
        }
    }
}
