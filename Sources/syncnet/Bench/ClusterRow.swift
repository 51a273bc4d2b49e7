import Foundation

/// A line of the table of `bench cluster`.
struct ClusterRow: Codable, Equatable {
    /// Where the clients were connected.
    enum Place: String, Codable, CaseIterable {
        case leader
        case spread
    }

    var place: Place
    var figures: LoadFigures

    /// What stands above the columns.
    static let head = [
        "clients", "on", "messages/s", "p50 ms", "p99 ms", "max ms", "server CPU us",
        "fsyncs", "generator", "others", "refused",
    ]

    /// What the columns mean, for people.
    static let legend = """
        server CPU us, fsyncs: of all servers together, for one message. generator, others: \
        processors used by the load generator and by everything that is no part of this.
        """

    var cells: [String] {
        [
            "\(figures.clients)", place.rawValue, Self.text(figures.perSecond, 0),
            Self.text(figures.p50Ms, 2), Self.text(figures.p99Ms, 2),
            Self.text(figures.maxMs, 1), Self.text(figures.serverCpuUs, 0),
            Self.text(figures.commits, 2), Self.text(figures.generatorCores, 2),
            Self.text(figures.otherCores, 2), "\(figures.refused)",
        ]
    }

    static func text(_ number: Double, _ places: Int) -> String {
        String(format: "%.\(places)f", number)
    }

    /// Of several runs, the one with the middle throughput: its figures belong together.
    static func middle(of rows: [ClusterRow]) -> ClusterRow? {
        let sorted = rows.sorted { $0.figures.perSecond < $1.figures.perSecond }
        return sorted.isEmpty ? nil : sorted[(sorted.count - 1) / 2]
    }
}
