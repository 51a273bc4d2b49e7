import SyncNetClient
import SyncNetProtocol

/// Asks servers how they are, all at once.
enum StatusProbe {
    /// How long a server may take to answer.
    static let patience = Duration.seconds(2)

    /// Asks every member.
    static func cluster(_ members: [Member]) async -> ClusterHealth {
        let addresses = members.map {
            ChatAddress(host: $0.host.string, port: Int($0.port))
        }
        let answers = await StatusQuery.ask(addresses, within: patience)
        return ClusterHealth(
            servers: zip(members, answers).map { member, answer in
                switch answer.outcome {
                case .answered(_, let status):
                    ClusterHealth.Seen(member: member, isOnline: true, status: status)
                case .refused: ClusterHealth.Seen(member: member, isOnline: true, status: nil)
                case .silent: ClusterHealth.Seen(member: member, isOnline: false, status: nil)
                }
            })
    }
}
