import SyncNetProtocol

/// The state of a cluster as a table for people.
struct StatusTable {
    var health: ClusterHealth
    var isColourful: Bool

    /// Title, one row per server, summary and verdict.
    var lines: [String] {
        let header = [
            "Server", "Address", "Status", "Leader", "Seen", "Heard", "Epoch", "Commit", "Lag",
        ]
        let rows = health.servers.map(row)
        let widths = header.indices.map { column in
            ([header] + rows).map { $0[column].count }.max() ?? 0
        }
        let rule = String(repeating: "─", count: widths.reduce(0, +) + 2 * (widths.count - 1))
        let count = health.leaders.count
        let summary =
            "\(health.online)/\(health.servers.count) online, "
            + "\(count) leader\(count == 1 ? "" : "s")"
        return ["SyncNet cluster status", rule, line(header, widths), rule]
            + zip(health.servers, rows).map { paint(line($1, widths), for: $0) }
            + [rule, "Summary: \(summary)", verdictColour.paint(health.sentence, if: isColourful)]
    }

    private func row(of server: ClusterHealth.Seen) -> [String] {
        let address = "\(server.member.host.string):\(server.member.port)"
        guard let status = server.status else {
            let word =
                server.isOnline ? "starting" : server.isMember == false ? "no member" : "offline"
            return [server.id, address, word, "–"] + seen(server) + ["–", "–", "–"]
        }
        let lag = health.lag(of: server) ?? 0
        return [
            server.id, address,
            server.isMember == false ? "no member" : StatusTable.word(for: status.role),
            server.isLeader ? "YES" : "no",
        ] + seen(server) + ["\(status.epoch.number)", "\(status.commit.number)", "\(lag)"]
    }

    /// How many of the others take it for alive, and when one of them heard it last.
    private func seen(_ server: ClusterHealth.Seen) -> [String] {
        let reputation = health.reputation(of: server)
        guard reputation.asked > 0 else { return ["–", "–"] }
        let heard = reputation.silence.map { "\(ServerView.seconds($0)) s" } ?? "never"
        return ["\(reputation.alive)/\(reputation.asked)", heard]
    }

    /// What a role is called.
    static func word(for role: ServerRole) -> String {
        switch role {
        case .recovering: "recovering"
        case .searching: "searching"
        case .following, .leading: "online"
        }
    }

    private func line(_ cells: [String], _ widths: [Int]) -> String {
        let padded = cells.enumerated().map { column, cell in
            let space = String(repeating: " ", count: widths[column] - cell.count)
            return column >= 5 ? space + cell : cell + space
        }
        return padded.joined(separator: "  ").trimmingTail()
    }

    private func paint(_ line: String, for server: ClusterHealth.Seen) -> String {
        if !server.isOnline { return Colour.red.paint(line, if: isColourful) }
        if !server.isWell { return Colour.yellow.paint(line, if: isColourful) }
        return server.isLeader ? Colour.green.paint(line, if: isColourful) : line
    }

    private var verdictColour: Colour {
        switch health.verdict {
        case .healthy: .green
        case .degraded: .yellow
        case .noLeader, .multipleLeaders: .red
        }
    }
}

extension String {
    /// Without blanks at the end.
    fileprivate func trimmingTail() -> String {
        var text = self[...]
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}
