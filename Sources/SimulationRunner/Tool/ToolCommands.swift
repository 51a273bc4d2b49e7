import ArgumentParser

struct ToolSimulate<Tool: SimulationTool>: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "simulate",
            abstract: "Run scenarios over many seeds; exit code 1 where a promise broke.")
    }

    @OptionGroup var options: CampaignOptions
    @Option(help: "Plant a known bug, by its id: run the scenario that has it.")
    var bug: [String] = []

    func run() throws {
        var options = options
        options.scenarios += try bug.map { try Tool.bugs.entry($0).planted.name }
        // What has a bug is run only where it is asked for.
        let scenarios = options.scenarios.isEmpty ? Tool.scenarios : Tool.everything
        try SimulationCommands.simulate(
            scenarios, options, workerArguments: ["worker"], replay: Tool.replayLine)
    }
}

struct ToolReplay<Tool: SimulationTool>: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "replay",
            abstract: "Repeat one run, from its seed or from its story.")
    }

    @OptionGroup var options: ReplayOptions

    func run() throws { try SimulationCommands.replay(Tool.everything, options) }
}

struct ToolShrink<Tool: SimulationTool>: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "shrink",
            abstract: "Make a failing run small, and tell it in words.")
    }

    @OptionGroup var options: ShrinkOptions

    func run() throws {
        try SimulationCommands.shrink(Tool.everything, options, workerArguments: ["worker"])
    }
}

struct ToolMerge: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "merge", abstract: "Join the reports of a campaign's shards.")

    @OptionGroup var options: MergeOptions

    func run() throws { try SimulationCommands.merge(options) }
}

struct ToolScore<Tool: SimulationTool>: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "score",
            abstract: "Count the seeds that known bugs take; exit code 1 where one is missed.")
    }

    @OptionGroup var options: ScoreOptions

    func run() throws {
        try SimulationCommands.score(
            Tool.bugs, options, workerArguments: ["worker"], replay: Tool.replayLine)
    }
}

struct ToolList<Tool: SimulationTool>: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "list", abstract: "Name the scenarios, and the bugs to plant in them.")
    }

    func run() throws {
        let scenarios = Tool.scenarios.map { [$0.name, $0.summary] }
        let bugs = Tool.bugs.map { [$0.planted.name, $0.summary] }
        print(TextTable.lines(scenarios + bugs).joined(separator: "\n"))
    }
}

struct ToolWorker<Tool: SimulationTool>: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "worker", shouldDisplay: false)
    }

    func run() throws { try CampaignWorker.run(Tool.everything) }
}
