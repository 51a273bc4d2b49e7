import Foundation
import SyncNetProtocol

extension SwarmProfile {
    /// Reads a profile file.
    package static func load(_ path: String) throws(ScenarioError) -> SwarmProfile {
        let (table, name) = try ScenarioTable.load(path)
        var profile = SwarmProfile(name: name)
        try profile.take(table)
        return profile
    }

    private mutating func take(_ table: ScenarioTable) throws(ScenarioError) {
        try table.value("about", as: "a line", into: &about) { $0 }
        try table.numbers("servers", from: 1...9, into: &servers)
        try table.numbers("clients", from: 1...100, into: &clients)
        let profiles = TimingProfile.allCases.map(\.rawValue).joined(separator: ", ")
        let names = try table.list("timing", as: "some of: \(profiles)") {
            TimingProfile(rawValue: $0)
        }
        if let names, !names.isEmpty { timings = names }
        try table.numbers("length", from: 1...1_000, into: &length)
        try table.numbers("orders", from: 1...100_000, into: &orders)
        try table.numbers("strikes", from: 1...10_000, into: &strikes)
        try table.percent("calm", into: &calmPercent)
        try table.percent("family", into: &familyPercent)
        try table.percent("kind", into: &kindPercent)
        try table.percent("leader", into: &leaderPercent)
        try table.percent("memory", into: &memoryPercent)
        try table.percent("small-limits", into: &smallLimitsPercent)
        try table.percent("fault-points", into: &faultPointsPercent)
        try table.percent("odd-names", into: &oddNamesPercent)
        try table.percent("shared-names", into: &sharedNamesPercent)
        try table.percent("nonsense", into: &nonsensePercent)
        try table.percent("changing", into: &changingPercent)
        try table.percent("accounts", into: &accountsPercent)
        let known = FaultFamily.allCases.map(\.rawValue).joined(separator: ", ")
        let chosen = try table.list("families", as: "some of: \(known)") {
            FaultFamily(rawValue: $0)
        }
        if let chosen { families = chosen }
        try table.end()
    }
}

extension ScenarioTable {
    fileprivate func percent(
        _ key: String, into value: inout UInt64
    ) throws(ScenarioError) {
        try self.value(key, as: "a percentage, 0 to 100", into: &value) { text in
            let digits = text.hasSuffix("%") ? String(text.dropLast()) : text
            return UInt64(digits).flatMap { $0 <= 100 ? $0 : nil }
        }
    }
}
