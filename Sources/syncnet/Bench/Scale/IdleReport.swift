import SimulationRunner

/// All that `bench scale idle` measured.
struct IdleReport: Codable, Equatable {
    var machine: BenchMachine
    /// Bytes of a message's text.
    var bytes: Int
    var rows: [IdleRow]

    private static let legend = """
        memory: resident, of the leader, before and after these clients came. at rest: processors \
        that the leader uses while nobody says anything. server CPU us: of all servers together, \
        for one message. generator, others: processors used by the load generator and by \
        everything that is no part of this.
        """

    /// A table and what it means, for people.
    var lines: [String] {
        let table = TextTable.lines(
            [IdleRow.head] + rows.map(\.cells), rightAligned: Set(IdleRow.head.indices))
        return [machine.line, ""] + table + ["", Self.legend]
    }
}

/// One number of idle clients.
struct IdleRow: Codable, Equatable {
    /// Clients that follow a room and say nothing.
    var idle: Int
    /// Resident memory of their server before they came.
    var bytesBefore: Int
    /// The same once all of them follow their room.
    var bytesAfter: Int
    /// Processors that their server uses while nobody says anything.
    var restCores: Double
    /// What the others measured who wrote meanwhile.
    var figures: LoadFigures

    /// What stands above the columns.
    static let head = [
        "idle", "memory MiB", "with them", "KiB each", "at rest", "messages/s", "p50 ms",
        "p99 ms", "server CPU us", "generator", "others",
    ]

    /// Resident memory for each of them, in KiB; 0 where there is none.
    var kibibytesEach: Double {
        idle == 0 ? 0 : Double(bytesAfter - bytesBefore) / Double(idle) / 1_024
    }

    var cells: [String] {
        [
            "\(idle)", Self.mebibytes(bytesBefore), Self.mebibytes(bytesAfter),
            idle == 0 ? "-" : ClusterRow.text(kibibytesEach, 2), ClusterRow.text(restCores, 3),
            ClusterRow.text(figures.perSecond, 0), ClusterRow.text(figures.p50Ms, 2),
            ClusterRow.text(figures.p99Ms, 2), ClusterRow.text(figures.serverCpuUs, 0),
            ClusterRow.text(figures.generatorCores, 2), ClusterRow.text(figures.otherCores, 2),
        ]
    }

    private static func mebibytes(_ bytes: Int) -> String {
        ClusterRow.text(Double(bytes) / 1_048_576, 1)
    }
}
