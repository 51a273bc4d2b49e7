import ArgumentParser
import SimulationRunner
import SyncNetSimulation

/// Rehearses disasters.
struct SimulateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: "Run scenarios over many seeds; exit code 1 where a promise broke.",
        discussion: """
            Every failure is told with the promise that broke, the simulated time, and the \
            command line that replays it.
            """)

    @OptionGroup var options: CampaignOptions
    @OptionGroup var scenarioOptions: ScenarioOptions

    func run() throws {
        let arguments = scenarioOptions.arguments
        let flags = arguments.isEmpty ? "" : " " + arguments.joined(separator: " ")
        try SimulationCommands.simulate(
            try scenarioOptions.scenarios(), options,
            workerArguments: ["simulate-worker"] + arguments,
            replay: { "scripts/syncnet replay \($0) --seed \($1)\(flags)" })
    }
}

/// One of the processes that work for a campaign.
struct SimulateWorkerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate-worker", shouldDisplay: false)

    @OptionGroup var scenarioOptions: ScenarioOptions

    func run() throws { try CampaignWorker.run(try scenarioOptions.scenarios()) }
}

/// Repeats one run.
struct ReplayCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Repeat one simulated run, from its seed or its recorded decisions.",
        discussion: """
            A file of Simulations/Regressions repeats all runs that it names.
            """)

    @OptionGroup var options: ReplayOptions
    @OptionGroup var scenarioOptions: ScenarioOptions

    func run() throws {
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
