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
        return ClusterHealth(
            servers: zip(members, answers).map { member, answer in
                switch answer.outcome {
                case .answered(_, let status):
                    ClusterHealth.Seen(member: member, isOnline: true, status: status)
                case .refused: ClusterHealth.Seen(member: member, isOnline: true, status: nil)
                case .insecure(let trouble):
                    ClusterHealth.Seen(
                        member: member, isOnline: false, status: nil, trouble: trouble)
                case .silent: ClusterHealth.Seen(member: member, isOnline: false, status: nil)
                }
            })
    }
}
