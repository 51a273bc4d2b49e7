import Foundation
import StateMachine
import SyncNetProtocol

/// The state of a cluster as JSON for programs.
struct StatusReport: Encodable {
    struct Server: Encodable {
        var serverId: String
        var host: String
        var port: UInt16
        var online: Bool
        var leader: Bool
        var role: String?
        var epoch: UInt64?
        var commit: UInt64?
        var applied: UInt64?
        var last: UInt64?
        var lag: UInt64?
        var follows: String?
        var peers: [Peer]?
        var aliveTo: Int
        var askedAbout: Int
        var heardSecondsAgo: Double?
        var ailment: String?
        var member: Bool?
    }

    struct Peer: Encodable {
        var serverId: String
        var alive: Bool
        var silenceSeconds: Double?
        var commit: UInt64
    }

    var verdict: String
    var sentence: String
    var online: Int
    var configured: Int
    var leaders: Int
    var servers: [Server]

    init(_ health: ClusterHealth) {
        verdict = health.verdict.rawValue
        sentence = health.sentence
        online = health.online
        configured = health.servers.count
        leaders = health.leaders.count
        servers = health.servers.map { server in
            let status = server.status
            let reputation = health.reputation(of: server)
            return Server(
                serverId: server.id, host: server.member.host.string, port: server.member.port,
                online: server.isOnline, leader: server.isLeader,
                role: status.map { "\($0.role)" }, epoch: status?.epoch.number,
                commit: status?.commit.number, applied: status?.applied.number,
                last: status?.last.number, lag: health.lag(of: server),
                follows: status?.leader?.string, peers: status?.peers.map(Self.peer),
                aliveTo: reputation.alive, askedAbout: reputation.asked,
                heardSecondsAgo: reputation.silence.map { Double($0.nanoseconds) / 1e9 },
                ailment: server.ailment, member: server.isMember)
        }
    }

    private static func peer(_ peer: PeerStatus) -> Peer {
        Peer(
            serverId: peer.id.string, alive: peer.isAlive,
            silenceSeconds: peer.silence.map { Double($0.nanoseconds) / 1e9 },
            commit: peer.commit.number)
    }

    /// Of one server alone, which is asked for no other's word.
    init(of server: ClusterHealth.Seen, in health: ClusterHealth) {
        self.init(health)
        let isWell = server.status?.leader != nil
        verdict = isWell ? "knows a leader" : server.isOnline ? "knows no leader" : "offline"
        sentence = ServerView(server: server, isColourful: false).lines[0]
        leaders = isWell ? 1 : 0
    }

    /// On one line, keys in a fixed order.
    var text: String { JSONLine.text(of: self) }
}

/// Values as one line of JSON.
enum JSONLine {
    static func text(of value: some Encodable) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        do {
            return String(decoding: try encoder.encode(value), as: UTF8.self)
        } catch {
            preconditionFailure("the command's own values are encodable: \(error)")
        }
    }
}
