import Foundation
import SimulationRunner

/// What `bench calm` saw.
struct CalmReport: Codable, Equatable {
    /// What servers have told in their logs.
    struct Told: Equatable {
        var suspicions: Int
        var elections: Int

        init(log: String) {
            let lines = log.split(separator: "\n")
            suspicions = lines.count { $0.hasSuffix("does not answer: taken for dead") }
            elections = lines.count { $0.contains("elected: this server leads epoch") }
        }

        init(by cluster: BenchCluster) throws {
            let logs = try cluster.company.servers.map {
                try String(contentsOfFile: "\($0.directory)/server.log", encoding: .utf8)
            }
            self.init(log: logs.joined(separator: "\n"))
        }
    }

    var machine: BenchMachine
    /// Threads that spun.
    var spinners: Int
    var minutes: Double
    var figures: LoadFigures
    /// How often a server took another one for dead.
    var suspicions: Int
    /// Elections in that time.
    var elections: Int

    /// For people.
    var lines: [String] {
        let table = TextTable.lines(
            [ClusterRow.head, ClusterRow(place: .leader, figures: figures).cells],
            rightAligned: Set(ClusterRow.head.indices).subtracting([1]))
        return [
            machine.line, "\(spinners) threads spun for \(minutes) min", "",
        ] + table + ["", "suspicions \(suspicions), elections \(elections)"]
    }
}
