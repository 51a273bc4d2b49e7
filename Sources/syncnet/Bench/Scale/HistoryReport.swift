import SimulationRunner

/// All that `bench scale history` measured.
struct HistoryReport: Codable, Equatable {
    var machine: BenchMachine
    /// Bytes of a message's text.
    var bytes: Int
    var rows: [HistoryRow]

    private static let legend = """
        filled/s: how fast the room was filled, by 64 sessions with 64 messages outstanding each. \
        end, middle: milliseconds of a page of 50 messages. start ms: from a server's start until \
        it answers with a page. caught up/s: entries that a wiped server got in a second, its \
        start included. messages/s, server CPU us: of clients that write from that length on. \
        others: processors used then by everything that is no part of this.
        """

    /// A table and what it means, for people.
    var lines: [String] {
        let table = TextTable.lines(
            [HistoryRow.head] + rows.map(\.cells), rightAligned: Set(HistoryRow.head.indices))
        return [machine.line, ""] + table + ["", Self.legend]
    }

    /// What takes how long, against the length of the history.
    var plot: Plot {
        func series(_ name: String, _ value: (HistoryRow) -> Double) -> Plot.Series {
            Plot.Series(
                name: name, points: rows.map { Plot.Point(x: Double($0.messages), y: value($0)) })
        }
        return Plot(
            title: "What a long history costs",
            x: Plot.Axis(label: "messages in the room", isLogarithmic: true),
            y: Plot.Axis(label: "milliseconds", isLogarithmic: true),
            series: [
                series("a page from the end, p50") { $0.pages.endP50Ms },
                series("a page from the middle, p50") { $0.pages.middleP50Ms },
                series("a message, p50 of \(rows.first?.figures.clients ?? 0) clients") {
                    $0.figures.p50Ms
                },
                series("start of a server") { $0.startMs },
                series("catching up of a wiped server") { $0.catchUp.seconds * 1_000 },
            ])
    }
}

/// One length of the history.
struct HistoryRow: Codable, Equatable {
    /// Messages in the room.
    var messages: Int
    /// How many of them were acknowledged a second while the room was filled.
    var fillPerSecond: Double
    var pages: PageFigures
    /// From the start of a server's process until it serves, in milliseconds: the middle of some.
    var startMs: Double
    var catchUp: CatchUp
    /// What clients measured that wrote from that length on.
    var figures: LoadFigures

    /// What stands above the columns.
    static let head = [
        "messages", "filled/s", "end p50", "p99", "middle p50", "p99", "start ms",
        "caught up/s", "messages/s", "p50 ms", "server CPU us", "others",
    ]

    var cells: [String] {
        [
            "\(messages)", ClusterRow.text(fillPerSecond, 0), ClusterRow.text(pages.endP50Ms, 2),
            ClusterRow.text(pages.endP99Ms, 2), ClusterRow.text(pages.middleP50Ms, 2),
            ClusterRow.text(pages.middleP99Ms, 2), ClusterRow.text(startMs, 0),
            ClusterRow.text(catchUp.perSecond, 0), ClusterRow.text(figures.perSecond, 0),
            ClusterRow.text(figures.p50Ms, 2), ClusterRow.text(figures.serverCpuUs, 0),
            ClusterRow.text(figures.otherCores, 2),
        ]
    }
}
