package import ArgumentParser
import SimulationRunner
import SyncNetSimulation

/// Makes a failing run small.
package struct ShrinkCommand: ParsableCommand {
    /// Its name and its help.
    package static let configuration = CommandConfiguration(
        commandName: "shrink",
        abstract: "Make a failing run small, and tell it in words.",
        discussion: """
            Leaves out choices, nodes, settings and time as long as the same promise breaks. \
            What is left is kept with --out; replay repeats it from that file.
            """)

    @OptionGroup var options: ShrinkOptions
    @OptionGroup var scenarioOptions: ScenarioOptions

    /// Makes it; its options come from the command line.
    package init() {}

    /// Runs it.
    package func run() throws {
        try SimulationCommands.perform {
            try SimulationCommands.shrink(
                try scenarioOptions.scenarios(), options,
                workerArguments: ["simulate-worker"] + scenarioOptions.arguments)
        }
    }
}
