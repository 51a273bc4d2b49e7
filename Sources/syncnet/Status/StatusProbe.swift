import SyncNetClient
import SyncNetProtocol

/// Asks servers how they are, all at once.
enum StatusProbe {
    /// How long a server may take to answer.
    static let patience = Duration.seconds(2)

    /// Asks every member, with TLS where somebody is trusted.
    static func cluster(_ members: [Member], tls: ChatTLS?) async -> ClusterHealth {
        let addresses = members.map {
            ChatAddress(host: $0.host.string, port: Int($0.port))
        }
        let answers = await StatusQuery.ask(addresses, within: patience, tls: tls)
        return ClusterHealth(servers: zip(members, answers).map(seen)).told(by: answers)
    }

    private static func seen(_ member: Member, _ answer: StatusAnswer) -> ClusterHealth.Seen {
        switch answer.outcome {
        case .answered(_, let status):
            ClusterHealth.Seen(member: member, isOnline: true, status: status)
        case .refused: ClusterHealth.Seen(member: member, isOnline: true, status: nil)
        case .insecure(let trouble):
            ClusterHealth.Seen(member: member, isOnline: false, status: nil, trouble: trouble)
        case .silent: ClusterHealth.Seen(member: member, isOnline: false, status: nil)
        }
    }
}

extension ClusterHealth {
    /// The same, with who is a member: the log says so, and the leader knows it first.
    fileprivate func told(by answers: [StatusAnswer]) -> Self {
        guard leaders.count == 1, let place = servers.firstIndex(where: \.isLeader),
            case .answered(let listed, _) = answers[place].outcome, !listed.isEmpty
        else { return self }
        var told = self
        for place in servers.indices {
            told.servers[place].isMember = listed.contains { $0.id == servers[place].member.id }
        }
        return told
    }
}
