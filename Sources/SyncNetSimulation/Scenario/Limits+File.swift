import DeterministicSimulation
import SyncNetProtocol

/// The limits that short runs meet, by their names in scenario files.
extension Limits {
    private typealias Place = any (WritableKeyPath<Limits, Int> & Sendable)
    private static let named: [(name: String, place: Place)] = [
        ("page-default", \.pageDefault), ("page-max", \.pageMax),
        ("session-window", \.sessionWindow), ("append-entries", \.appendEntries),
        ("append-bytes", \.appendBytes), ("appends-in-flight", \.appendsInFlight),
        ("unstored", \.unstored), ("cached-entries", \.cachedEntries),
        ("sessions", \.sessions), ("text-bytes", \.textBytes),
    ]
    private static let stampBlockName = "stamp-block"

    mutating func take(_ table: ScenarioTable) throws(ScenarioError) {
        for (name, place) in Self.named {
            try table.value(name, as: "a number above 0", into: &self[keyPath: place]) {
                Int($0).flatMap { $0 > 0 ? $0 : nil }
            }
        }
        try table.number(Self.stampBlockName, into: &stampBlock)
        try table.end()
    }

    /// Those that are not as usual, as lines.
    var lines: [StorySetting] {
        let usual = Limits()
        var lines = Self.named.compactMap { name, place in
            self[keyPath: place] == usual[keyPath: place]
                ? nil : StorySetting("limits.\(name)", "\(self[keyPath: place])")
        }
        if stampBlock != usual.stampBlock {
            lines.append(StorySetting("limits.\(Self.stampBlockName)", "\(stampBlock)"))
        }
        return lines
    }
}
