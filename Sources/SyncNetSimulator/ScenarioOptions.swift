import ArgumentParser
import Foundation
import SimulationRunner
import SyncNetProtocol
import SyncNetSimulation

/// Where scenarios are found, and which known bugs are planted in them.
struct ScenarioOptions: ParsableArguments {
    @Option(help: "The directory with the scenarios.")
    var simulations: String?

    @Option(help: "Plant a known bug, by its id in the catalogue; may be given again.")
    var bug: [String] = []

    /// The swarm that is run where no scenario is named.
    static let swarm = "swarm"
    /// Stands for all scenarios that are no swarms.
    static let all = "all"

    /// All scenarios of the directory, and the swarms of its profiles, in order.
    func scenarios() throws -> [any SimulatedScenario] {
        let directory = try directory()
        var bugs: PlantedBugs = []
        for id in bug { bugs.formUnion(try Self.planted(id)) }
        let scenarios = try Scenario.names(in: directory).map { name in
            var scenario = try Scenario.load("\(directory)/\(name).yaml")
            scenario.bugs.formUnion(bugs)
            return SyncNetScenario(scenario)
        }
        let profiles = "\(directory)/Profiles"
        guard FileManager.default.fileExists(atPath: profiles) else { return scenarios }
        let swarms = try Scenario.names(in: profiles).map { name in
            var profile = try SwarmProfile.load("\(profiles)/\(name).yaml")
            profile.bugs.formUnion(bugs)
            return SyncNetScenario(profile)
        }
        return scenarios + swarms
    }

    /// The swarm with each bug of the catalogue planted alone.
    func scoreEntries() throws -> [ScoreEntry] {
        let path = "\(try directory())/Profiles/\(Self.swarm).yaml"
        return try PlantedBugs.catalogue.map { id, bug in
            var profile = try SwarmProfile.load(path)
            profile.bugs = bug
            return ScoreEntry(id, PlantedBugs.words(of: id), in: SyncNetScenario(profile))
        }
    }

    /// The names of those that a campaign runs, by what was asked for.
    func chosen(_ names: [String]) throws -> [String] {
        guard !names.isEmpty else { return [Self.swarm] }
        guard names.contains(Self.all) else { return names }
        return try Scenario.names(in: try directory())
    }

    /// The same flags again, for another process or for a person.
    var arguments: [String] {
        (simulations.map { ["--simulations", $0] } ?? []) + bug.flatMap { ["--bug", $0] }
    }

    static func planted(_ id: String) throws -> PlantedBugs {
        let catalogue = PlantedBugs.catalogue
        guard let found = catalogue.first(where: { $0.id == id.uppercased() }) else {
            let known = catalogue.map(\.id).joined(separator: ", ")
            throw ScenarioError("there is no bug \"\(id)\" to plant, only \(known)")
        }
        return found.bug
    }

    /// The directory that was named, that of the package, or that beside the person.
    func directory() throws -> String {
        let environment = ProcessInfo.processInfo.environment
        if let named = simulations ?? environment["SYNCNET_SIMULATIONS"] { return named }
        var package = Self.executable
        for _ in 0..<4 { package.deleteLastPathComponent() }
        let places = ["Simulations", package.appendingPathComponent("Simulations").path]
        guard let place = places.first(where: FileManager.default.fileExists) else {
            throw ScenarioError(
                "there is no directory Simulations here: say --simulations DIRECTORY")
        }
        return place
    }

    private static var executable: URL {
        let link = "/proc/self/exe"
        if let path = try? FileManager.default.destinationOfSymbolicLink(atPath: link) {
            return URL(fileURLWithPath: path)
        }
        return Bundle.main.executableURL ?? URL(fileURLWithPath: CommandLine.arguments[0])
    }
}
