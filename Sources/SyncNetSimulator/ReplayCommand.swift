package import ArgumentParser
import SimulationRunner
import SyncNetSimulation

/// Repeats one run.
package struct ReplayCommand: ParsableCommand {
    /// Its name and its help.
    package static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Repeat one simulated run, from its seed or its recorded decisions.",
        discussion: """
            A file of Simulations/Regressions repeats all runs that it names.
            """)

    @OptionGroup var options: ReplayOptions
    @OptionGroup var scenarioOptions: ScenarioOptions

    /// Makes it; its options come from the command line.
    package init() {}

    /// Runs it.
    package func run() throws {
        try SimulationCommands.perform {
            let scenarios = try scenarioOptions.scenarios()
            guard options.what.hasSuffix(".yaml") else {
                return try SimulationCommands.replay(scenarios, options)
            }
            let regression = try Regression.load(options.what)
            for seed in options.seed.map({ [$0] }) ?? regression.seeds {
                var one = options
                one.what = regression.scenario
                one.seed = seed
                try SimulationCommands.replay(scenarios, one)
            }
        }
    }
}
