import DeterministicSimulation
import Foundation
import StateMachine
package import SyncNetProtocol
import Yams

extension Scenario {
    /// Reads a scenario file.
    package static func load(_ path: String) throws(ScenarioError) -> Scenario {
        let (table, name) = try ScenarioTable.load(path)
        var scenario = Scenario(name: name)
        try scenario.take(table)
        return scenario
    }

    /// Finds a scenario by its name among the files of a directory.
    package static func find(
        _ name: String, in directory: String
    ) throws(ScenarioError) -> Scenario {
        let path = "\(directory)/\(name).yaml"
        if FileManager.default.fileExists(atPath: path) { return try load(path) }
        if FileManager.default.fileExists(atPath: name) { return try load(name) }
        let names = try names(in: directory).joined(separator: ", ")
        throw ScenarioError("there is no scenario \"\(name)\"; \(directory) has: \(names)")
    }

    /// The names of all scenarios in a directory, in order.
    package static func names(in directory: String) throws(ScenarioError) -> [String] {
        guard let files = try? FileManager.default.contentsOfDirectory(atPath: directory) else {
            throw ScenarioError("\(directory): there is no such directory with scenarios")
        }
        return files.filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(5)) }.sorted()
    }

    /// Reads a scenario from its text.
    package static func parse(
        _ text: String, name: String, file: String
    ) throws(ScenarioError) -> Scenario {
        try Scenario(ScenarioTable.parse(text, file: file), name: name)
    }

    /// Reads a scenario from its table.
    init(_ table: ScenarioTable, name: String) throws(ScenarioError) {
        self.init(name: name)
        try take(table)
    }

    private mutating func take(_ table: ScenarioTable) throws(ScenarioError) {
        try table.value("about", as: "a line", into: &about) { $0 }
        try table.numbers("servers", from: 1...100, into: &servers)
        try table.numbers("spares", from: 0...99, into: &spares)
        var changes = ClosedRange(uncheckedBounds: (Interval.zero, Interval.zero))
        try table.intervals("changes", into: &changes)
        if changes.upperBound > .zero { self.changes = changes }
        try table.numbers("clients", from: 0...10_000, into: &clients)
        try table.value("plain", as: "a percentage of the clients, 0 to 100", into: &plainPercent) {
            UInt64($0).flatMap { $0 <= 100 ? $0 : nil }
        }
        try table.value(
            "stubborn", as: "a percentage of the clients, 0 to 100", into: &stubbornPercent
        ) {
            UInt64($0).flatMap { $0 <= 100 ? $0 : nil }
        }
        let profiles = TimingProfile.allCases.map(\.rawValue).joined(separator: ", ")
        let names = try table.list("timing", as: "one of: \(profiles)") {
            TimingProfile(rawValue: $0)
        }
        if let names, !names.isEmpty { timings = names }
        try table.intervals("duration", into: &duration)
        try table.value("storage", as: "sqlite or memory", into: &storage) {
            StorageKind(rawValue: $0)
        }
        try table.flag("small-limits", into: &hasSmallLimits)
        try table.flag("fault-points", into: &hasFaultPoints)
        try table.flag("odd-names", into: &hasOddNames)
        try table.flag("shared-names", into: &hasSharedNames)
        try table.number("first-name", into: &firstName)
        if let part = try table.table("points") {
            var set = PointsSetting()
            try part.number("kinds", into: &set.kinds)
            try part.number("one-in", into: &set.period)
            try part.number("salt", into: &set.salt)
            try part.end()
            points = set
        }
        try table.flag("nonsense", into: &hasNonsense)
        try table.value("accounts", as: "off, optional or required", into: &accounts) { word in
            AccountPolicy.allCases.first { "\($0.word)" == word }
        }
        let ways = SecondAct.Rest.allCases.map(\.rawValue).joined(separator: ", ")
        let rests = try table.list("second-act", as: "some of: \(ways)") {
            SecondAct.Rest(rawValue: $0)
        }
        if let rests, !rests.isEmpty { self.rests = rests }
        try takeParts(table)
        try table.end()
    }

    private mutating func takeParts(_ table: ScenarioTable) throws(ScenarioError) {
        if let part = try table.table("workload") { try workload.take(part) }
        if let part = try table.table("network") { try network.take(part) }
        if let part = try table.table("disk") { try disk.take(part) }
        if let part = try table.table("faults") {
            try part.flag("swarm", into: &isSwarm)
            faults = try FaultProfile(part)
        }
        try table.value("ambush", as: "a percentage of the leaders, 0 to 100", into: &ambushPercent)
        {
            UInt64($0).flatMap { $0 <= 100 ? $0 : nil }
        }
        if let part = try table.table("leader-faults") { leaderFaults = try FaultProfile(part) }
        if let part = try table.table("rolling") { rolling = try Rolling(part) }
        if let part = try table.table("bounds") { try bounds.take(part) }
        if let part = try table.table("limits") {
            limits = Limits()
            try limits?.take(part)
        }
        try table.intervals("operator", into: &operatorPause)
        let ids = PlantedBugs.catalogue.map(\.id).joined(separator: ", ")
        let planted = try table.list("bugs", as: "ids of planted bugs: \(ids)") {
            PlantedBugs(id: $0)
        }
        for bug in planted ?? [] { bugs.formUnion(bug) }
    }
}

extension PlantedBugs {
    /// The bug of that id in the catalogue.
    package init?(id: String) {
        guard let known = Self.catalogue.first(where: { $0.id == id }) else { return nil }
        self = known.bug
    }
}

extension Workload {
    fileprivate mutating func take(_ table: ScenarioTable) throws(ScenarioError) {
        try table.number("rooms", into: &rooms)
        try table.intervals("pause", into: &pause)
        try table.number("outstanding", into: &outstanding)
        try table.weight("say", into: &say)
        try table.weight("burst", into: &burst)
        try table.weight("read", into: &read)
        try table.weight("linearizable", into: &linearizable)
        try table.weight("join", into: &join)
        try table.weight("leave", into: &leave)
        try table.weight("discover", into: &discover)
        try table.weight("quit", into: &quit)
        try table.weight("odd", into: &odd)
        try table.weight("visit", into: &visit)
        try table.weight("invite", into: &invite)
        try table.weight("peek", into: &peek)
        try table.weight("search", into: &search)
        try table.value("private", as: "a percentage of the rooms, 0 to 100", into: &privatePercent)
        {
            UInt64($0).flatMap { $0 <= 100 ? $0 : nil }
        }
        try table.number("text", into: &text)
        if let part = try table.table("storm") {
            var storm = Storm(at: .seconds(5), clients: 50)
            try part.interval("at", into: &storm.at)
            try part.number("clients", into: &storm.clients)
            try part.end()
            self.storm = storm
        }
        try table.end()
        rooms = max(rooms, 1)
    }
}

extension Network {
    fileprivate mutating func take(_ table: ScenarioTable) throws(ScenarioError) {
        try table.intervals("delay", into: &delay)
        try table.share("loss", into: &loss)
        try table.share("doubling", into: &doubling)
        try table.share("holding-back", into: &holdingBack)
        try table.end()
    }
}

extension DiskSpeed {
    fileprivate mutating func take(_ table: ScenarioTable) throws(ScenarioError) {
        try table.intervals("commit", into: &commit)
        try table.share("slow", into: &slow)
        try table.intervals("slowly", into: &slowly)
        try table.end()
    }
}

extension Rolling {
    fileprivate init(_ table: ScenarioTable) throws(ScenarioError) {
        pause = .seconds(3)...(.seconds(3))
        down = .milliseconds(500)...(.seconds(2))
        try table.intervals("pause", into: &pause)
        try table.intervals("down", into: &down)
        try table.end()
    }
}

extension Bounds {
    fileprivate mutating func take(_ table: ScenarioTable) throws(ScenarioError) {
        try table.interval("liveness", into: &liveness)
        try table.number("elections", into: &elections)
        try table.number("suspicions", into: &suspicions)
        try table.flag("count-tokens", into: &countsTokens)
        try table.end()
    }
}
