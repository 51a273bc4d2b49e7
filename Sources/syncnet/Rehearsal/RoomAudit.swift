import SyncNetClient
import SyncNetProtocol

/// Reads a room on one server, and compares it with what its writers were told.
struct RoomAudit {
    var member: Member
    var plan: ClusterPlan
    /// Who asks, where one has to log in.
    var account: LoginAccount?

    /// What is lost, doubled or in another order; nothing where nothing is.
    func run(_ writers: [SteadyWriter]) async throws -> [String] {
        guard let room = writers.first?.room else { return [] }
        var start = UInt64.max
        for writer in writers { start = min(start, await writer.start) }
        let address = ChatAddress(host: member.host.string, port: Int(member.port))
        let client = try await ChatClient.connect(
            to: [address], name: account?.name ?? "audit", timing: plan.timing,
            password: account?.password, tls: plan.trust())
        var said: [String: [String]] = [:]
        var last = start
        while true {
            let page = try await client.history(
                of: room, .after(last), limit: 1_000, isLinearizable: true)
            for message in page.messages {
                guard let writer = writers.first(where: { $0.said(message) }) else { continue }
                said[writer.name, default: []].append(message.text)
            }
            guard page.hasMore, let newest = page.messages.last else { break }
            last = newest.index
        }
        await client.close()
        var wrong: [String] = []
        for writer in writers {
            let count = await writer.acknowledged
            let found = said[writer.name] ?? []
            if let text = Self.difference(found, from: writer, count) {
                wrong.append("\(member.id.string): \(text)")
            }
        }
        return wrong
    }

    private static func difference(
        _ found: [String], from writer: SteadyWriter, _ count: UInt64
    ) -> String? {
        for (slot, text) in found.prefix(Int(count)).enumerated()
        where text != writer.text(of: UInt64(slot) + 1) {
            return "\"\(text)\" stands where \"\(writer.text(of: UInt64(slot) + 1))\" should"
        }
        guard found.count != count else { return nil }
        return "has \(found.count) of the \(count) messages of \(writer.name)"
    }
}
