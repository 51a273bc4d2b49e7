import ArgumentParser

/// Measures what growth costs.
struct ScaleCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scale",
        abstract: "Measure what idle clients, a long history and more servers cost.",
        subcommands: [IdleBench.self, HistoryBench.self, ServersBench.self])
}
