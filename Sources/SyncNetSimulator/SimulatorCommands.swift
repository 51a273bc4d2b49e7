package import ArgumentParser

/// The commands of the simulator, for every executable that has them.
package enum SimulatorCommands {
    /// All of them.
    package static let all: [any ParsableCommand.Type] = [
        SimulateCommand.self, ScoreCommand.self, SimulateWorkerCommand.self, ReplayCommand.self,
        ShrinkCommand.self, MergeCommand.self, GoldenCommand.self, CrashpointsCommand.self,
    ]
}
