import ArgumentParser
import SimulationRunner

/// Three protocols that have nothing to do with chat, in the same simulator.
@main
struct SimulationExamples: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulation-examples",
        abstract: "Simulates two-phase commit, membership and a replicated counter.",
        subcommands: [
            SimulateCommand.self, ReplayCommand.self, ShrinkCommand.self, WorkerCommand.self,
        ])
}

/// Which mistake to plant.
struct PlantOptions: ParsableArguments {
    @Option(help: "Plant a bug: \(Examples.bugs.joined(separator: ", ")).")
    var bug: String?

    var arguments: [String] { bug.map { ["--bug", $0] } ?? [] }
    var scenarios: [any SimulatedScenario] { Examples.scenarios(with: bug) }

    func validate() throws {
        guard let bug, !Examples.bugs.contains(bug) else { return }
        let known = Examples.bugs.joined(separator: ", ")
        throw ValidationError("There is no bug \"\(bug)\". There are: \(known).")
    }
}

struct SimulateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: "Run examples over many seeds; exit code 1 where a promise broke.")

    @OptionGroup var options: CampaignOptions
    @OptionGroup var plant: PlantOptions

    func run() throws {
        let flags = plant.arguments.map { " " + $0 }.joined()
        try SimulationCommands.simulate(
            plant.scenarios, options, workerArguments: ["worker"] + plant.arguments,
            replay: { "simulation-examples replay \($0) --seed \($1)\(flags)" })
    }
}

struct ReplayCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay", abstract: "Repeat one run of an example.")

    @OptionGroup var options: ReplayOptions
    @OptionGroup var plant: PlantOptions

    func run() throws { try SimulationCommands.replay(plant.scenarios, options) }
}

struct ShrinkCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "shrink", abstract: "Make a failing run of an example small.")

    @OptionGroup var options: ShrinkOptions
    @OptionGroup var plant: PlantOptions

    func run() throws { try SimulationCommands.shrink(plant.scenarios, options) }
}

/// One of the processes that work for a campaign.
struct WorkerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "worker", shouldDisplay: false)

    @OptionGroup var plant: PlantOptions

    func run() throws { try CampaignWorker.run(plant.scenarios) }
}
