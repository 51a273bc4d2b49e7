import Foundation
import SyncNetProtocol
import SyncNetWire

/// Asks servers how they are, all at once.
enum StatusProbe {
    /// How long a server may take to answer.
    static let patience = Duration.seconds(2)

    /// Asks every member.
    static func cluster(_ members: [Member]) async -> ClusterHealth {
        await withTaskGroup(of: (Int, ServerStatus?).self) { group in
            for (rank, member) in members.enumerated() {
                group.addTask { (rank, await answer(of: member)) }
            }
            var servers = members.map { ClusterHealth.Seen(member: $0, status: nil) }
            for await (rank, status) in group { servers[rank].status = status }
            return ClusterHealth(servers: servers)
        }
    }

    /// Asks one. A thread of its own, since it blocks.
    private static func answer(of member: Member) async -> ServerStatus? {
        await withCheckedContinuation { continuation in
            Thread { continuation.resume(returning: ask(member)) }.start()
        }
    }

    private static func ask(_ member: Member) -> ServerStatus? {
        guard
            var connection = LineConnection.open(
                host: member.host.string, port: member.port, within: patience)
        else { return nil }
        let request = ClientRequest(
            sender: "status", createdAt: Date().timeIntervalSince1970, session: nil, request: 1,
            body: .discovery(status: true))
        var bytes: [UInt8] = []
        ClientCodec.encode(
            Message(stamp: .zero, body: .request(request)), sender: request.sender,
            createdAt: request.createdAt ?? 0, into: &bytes)
        guard connection.send(bytes), let line = connection.line() else { return nil }
        guard let reply = try? ClientCodec.decodeReply(line) else { return nil }
        guard case .reply(.servers(_, _, let status)) = reply.body else { return nil }
        return status
    }
}
