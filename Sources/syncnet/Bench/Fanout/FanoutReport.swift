import SimulationRunner

/// All that `bench fanout` measured.
struct FanoutReport: Codable, Equatable {
    var machine: BenchMachine
    /// Bytes of a message's text.
    var bytes: Int
    /// Runs of which each row is the middle one.
    var runs: Int
    var rows: [FanoutFigures]

    private static let head = [
        "load", "receivers", "messages", "deliveries/s", "p50 ms", "p99 ms", "max ms", "lost",
        "doubled", "server CPU us", "generator", "others",
    ]

    private var legend: String {
        let outstanding = rows.first { $0.rate == 0 }?.outstanding ?? 0
        return """
            One sender; in the burst it has \(outstanding) messages outstanding at most. Times are \
            from its write to a receiver's read. server CPU us: of all servers together, for one \
            delivery. generator, others: processors used by sender and receivers, and by \
            everything that is no part of this.
            """
    }

    /// A table and what it means, for people.
    var lines: [String] {
        let table = TextTable.lines(
            [Self.head] + rows.map(cells),
            rightAligned: Set(Self.head.indices).subtracting([0]))
        return [machine.line, ""] + table + ["", legend]
    }

    private func cells(of row: FanoutFigures) -> [String] {
        [
            row.rate == 0 ? "burst" : "\(row.rate)/s", "\(row.receivers)", "\(row.messages)",
            ClusterRow.text(row.perSecond, 0), ClusterRow.text(row.p50Ms, 2),
            ClusterRow.text(row.p99Ms, 2), ClusterRow.text(row.maxMs, 1), "\(row.lost)",
            "\(row.doubled)", ClusterRow.text(row.serverCpuUs, 2),
            ClusterRow.text(row.generatorCores, 2), ClusterRow.text(row.otherCores, 2),
        ]
    }

    /// What is wrong with the servers; nil where every receiver got every message once.
    var wrong: String? {
        let (lost, doubled) = (rows.reduce(0) { $0 + $1.lost }, rows.reduce(0) { $0 + $1.doubled })
        guard lost + doubled > 0 else { return nil }
        return "the servers lost \(lost) and doubled \(doubled) deliveries: that is a bug of theirs"
    }
}
