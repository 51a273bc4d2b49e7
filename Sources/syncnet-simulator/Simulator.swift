import ArgumentParser
import SyncNetSimulator

/// The simulator without the servers: it builds in half the time, for machines that only
/// rehearse disasters and for builds with sanitizers.
@main
struct Simulator: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "syncnet-simulator",
        abstract: "Rehearses disasters: the simulations of syncnet, and nothing else.",
        subcommands: SimulatorCommands.all + [SimulatorBenchCommand.self])
}
