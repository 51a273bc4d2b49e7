import SimulationRunner

/// All that `bench scale servers` measured.
struct ServersReport: Codable, Equatable {
    var machine: BenchMachine
    /// Bytes of a message's text.
    var bytes: Int
    /// Runs of which each row is the middle one.
    var runs: Int
    var rows: [ServersRow]

    /// A table and what it means, for people.
    var lines: [String] {
        let head = ["servers"] + ClusterRow.head
        let table = TextTable.lines(
            [head] + rows.map(\.cells), rightAligned: Set(head.indices).subtracting([2]))
        return [machine.line, ""] + table + ["", ClusterRow.legend]
    }

    /// Throughput against servers.
    var plot: Plot {
        let series = Plot.Series(
            name: "\(rows.first?.figures.clients ?? 0) clients on the leader",
            points: rows.map { Plot.Point(x: Double($0.servers), y: $0.figures.perSecond) })
        return Plot(
            title: "Acknowledged messages", x: Plot.Axis(label: "servers"),
            y: Plot.Axis(label: "messages/s"), series: [series])
    }
}

/// One size of a cluster.
struct ServersRow: Codable, Equatable {
    var servers: Int
    var figures: LoadFigures

    var cells: [String] { ["\(servers)"] + ClusterRow(place: .leader, figures: figures).cells }
}
