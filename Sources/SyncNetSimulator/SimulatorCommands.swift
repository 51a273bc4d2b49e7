package import ArgumentParser

/// The commands of the simulator, for every executable that has them.
package enum SimulatorCommands {
    /// All of them.
    package static let all: [any ParsableCommand.Type] = [
        SimulateCommand.self, ScoreCommand.self, SimulateWorkerCommand.self, ReplayCommand.self,
        MergeCommand.self, ShrinkCommand.self,
    ]
}
