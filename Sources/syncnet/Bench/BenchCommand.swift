import ArgumentParser
import SyncNetSimulator

/// Measures.
struct BenchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Measure how fast things are on this machine.",
        discussion: """
            Figures say something only beside others of the same run on a quiet machine. Each \
            report says how busy the machine was with other things.
            """,
        subcommands: [
            ClusterBench.self, FanoutBench.self, ScaleCommand.self, FailoverBench.self,
            CalmBench.self,
            SimulatorBench.self, LoadCommand.self, PlotCommand.self,
        ])
}
