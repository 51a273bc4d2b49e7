package import ArgumentParser
import SimulationRunner
import SyncNetSimulation

/// Rehearses disasters.
package struct SimulateCommand: ParsableCommand {
    /// Its name and its help.
    package static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: "Run scenarios over many seeds; exit code 1 where a promise broke.",
        discussion: """
            Every failure is told with the promise that broke, the simulated time, and the \
            command line that replays it.
            """)

    @OptionGroup var options: CampaignOptions
    @OptionGroup var scenarioOptions: ScenarioOptions

    /// Makes it; its options come from the command line.
    package init() {}

    /// Runs it.
    package func run() throws {
        let arguments = scenarioOptions.arguments
        let flags = arguments.isEmpty ? "" : " " + arguments.joined(separator: " ")
        try SimulationCommands.simulate(
            try scenarioOptions.scenarios(), options,
            workerArguments: ["simulate-worker"] + arguments,
            replay: { "scripts/syncnet replay \($0) --seed \($1)\(flags)" })
    }
}
