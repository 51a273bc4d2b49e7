/// What a search for bad crash points has tried and found.
package struct CrashPointReport: Equatable, Sendable, Codable {
    /// One operation at which the power went.
    struct Point {
        var number: UInt64
        var operation: DiskOperation
        var tried: UInt64
        var isExhaustive: Bool
        var failures: [String]
    }

    /// All points of one sort.
    package struct Line: Equatable, Sendable, Codable {
        /// What was done, and to which file: "write syncnet.db-wal".
        package var what: String
        /// So many operations.
        package var points = 0
        /// Of so many of them all legal subsets were tried.
        package var exhaustive = 0
        /// So many subsets were tried.
        package var subsets: UInt64 = 0
        /// So many of these were not survived.
        package var failures = 0
    }

    /// How many commits the workload has.
    package var commits = 0
    /// One line for each sort of point, in the order in which they came up.
    package var lines: [Line] = []
    /// The first failures, one sentence each.
    package var failures: [String] = []

    /// How many points there are.
    package var points: Int { lines.reduce(0) { $0 + $1.points } }
    /// How many subsets were tried.
    package var subsets: UInt64 { lines.reduce(0) { $0 + $1.subsets } }
    /// Whether all of them were survived.
    package var isClean: Bool { lines.allSatisfy { $0.failures == 0 } }

    mutating func add(_ point: Point) {
        let what = "\(point.operation.kind) \(point.operation.file)"
        if !lines.contains(where: { $0.what == what }) { lines.append(Line(what: what)) }
        for place in lines.indices where lines[place].what == what {
            lines[place].points += 1
            lines[place].exhaustive += point.isExhaustive ? 1 : 0
            lines[place].subsets += point.tried
            lines[place].failures += point.failures.count
        }
        guard let first = point.failures.first, failures.count < 10 else { return }
        failures.append("point \(point.number), \(what) at \(point.operation.offset): \(first)")
    }

    /// A table that a person can read.
    package var text: String {
        var rows = [["operation", "points", "exhaustive", "sampled", "subsets", "failed"]]
        for line in lines + [total] {
            rows.append([
                line.what, "\(line.points)", "\(line.exhaustive)",
                "\(line.points - line.exhaustive)", "\(line.subsets)", "\(line.failures)",
            ])
        }
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        let table = rows.map { row in
            row.indices.map { column in
                let space = String(repeating: " ", count: widths[column] - row[column].count)
                return column == 0 ? row[column] + space : space + row[column]
            }.joined(separator: "  ")
        }
        return (table + failures).joined(separator: "\n")
    }

    private var total: Line {
        Line(
            what: "all", points: points, exhaustive: lines.reduce(0) { $0 + $1.exhaustive },
            subsets: subsets, failures: lines.reduce(0) { $0 + $1.failures })
    }
}
