import Foundation
import Logging

extension CheckedSettings {
    /// Before a certificate expires this many days are left for a new one.
    private static let daysLeft = 30

    /// What a server says of its settings when it starts.
    var startMetadata: Logger.Metadata {
        var metadata: Logger.Metadata = ["servers": "\(servers.count)"]
        if let tls = settings.tls { metadata["certificate"] = "until \(Self.day(tls.expires))" }
        return metadata
    }

    private static func day(_ date: Date) -> String { date.formatted(.iso8601) }

    /// What an operator should read about encryption at a server's start.
    func tlsNotices(at now: Date = Date()) -> [String] {
        guard let tls = settings.tls else { return [] }
        var notices: [String] = []
        let days = Int(tls.expires.timeIntervalSince(now) / 86_400)
        if days < Self.daysLeft {
            notices.append(
                "the certificate expires in \(days) days: have a new one made, and restart")
        }
        if !address.isLoopback, settings.network.multicastTTL > 0 {
            notices.append(
                "what is said in open rooms goes out by multicast, which is not encrypted: "
                    + "with network.multicast_ttl 0 it stays on this machine")
        }
        return notices
    }
}
