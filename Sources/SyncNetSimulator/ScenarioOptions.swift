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

    /// All scenarios of the directory, in order.
    func scenarios() throws -> [any SimulatedScenario] {
        let directory = try directory()
        var bugs: PlantedBugs = []
        for id in bug { bugs.formUnion(try Self.planted(id)) }
        return try Scenario.names(in: directory).map { name in
            var scenario = try Scenario.load("\(directory)/\(name).yaml")
            scenario.bugs.formUnion(bugs)
            return SyncNetScenario(scenario)
        }
    }

    /// The same flags again, for another process or for a person.
    var arguments: [String] {
        (simulations.map { ["--simulations", $0] } ?? []) + bug.flatMap { ["--bug", $0] }
    }

    private static func planted(_ id: String) throws -> PlantedBugs {
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
