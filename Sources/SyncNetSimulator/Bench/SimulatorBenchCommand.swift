package import ArgumentParser

/// The measuring commands of the executable that has no servers.
package struct SimulatorBenchCommand: ParsableCommand {
    /// Its name and its help.
    package static let configuration = CommandConfiguration(
        commandName: "bench", abstract: "Measure how fast things are on this machine.",
        subcommands: [SimulatorBench.self])

    /// Makes it.
    package init() {}
}
