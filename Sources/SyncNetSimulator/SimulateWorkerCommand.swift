package import ArgumentParser
import SimulationRunner
import SyncNetSimulation

/// One of the processes that work for a campaign.
package struct SimulateWorkerCommand: ParsableCommand {
    /// Its name and its help.
    package static let configuration = CommandConfiguration(
        commandName: "simulate-worker", shouldDisplay: false)

    @OptionGroup var scenarioOptions: ScenarioOptions

    @Flag(help: "Know the swarm with each planted bug, too.")
    var planted = false

    /// Makes it; its options come from the command line.
    package init() {}

    /// Runs it.
    package func run() throws {
        var scenarios = try scenarioOptions.scenarios()
        if planted { scenarios += try scenarioOptions.scoreEntries().map(\.planted) }
        try CampaignWorker.run(scenarios)
    }
}
