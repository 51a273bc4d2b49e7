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
            Without a scenario every seed draws a run of its own: which faults happen in it, \
            how strong, how large the cluster is and what people do (the swarm of \
            Simulations/Profiles/swarm.yaml). "all" stands for all scenarios of Simulations.

            Every failure is told with the promise that broke, the simulated time, and the \
            command line that replays it.
            """)

    @OptionGroup var options: CampaignOptions
    @OptionGroup var scenarioOptions: ScenarioOptions

    /// Makes it; its options come from the command line.
    package init() {}

    /// Runs it.
    package func run() throws {
        try SimulationCommands.perform {
            let arguments = scenarioOptions.arguments
            let flags = arguments.isEmpty ? "" : " " + arguments.joined(separator: " ")
            var options = options
            options.scenarios = try scenarioOptions.chosen(options.scenarios)
            try SimulationCommands.simulate(
                try scenarioOptions.scenarios(), options,
                workerArguments: ["simulate-worker"] + arguments,
                replay: { "scripts/syncnet replay \($0) --seed \($1)\(flags)" })
        }
    }
}
