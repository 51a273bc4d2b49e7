package import ArgumentParser
import SimulationRunner
import SyncNetProtocol
import SyncNetSimulation

/// Shows how soon the swarm finds every known bug.
package struct ScoreCommand: ParsableCommand {
    /// Its name and its help.
    package static let configuration = CommandConfiguration(
        commandName: "score",
        abstract: "Count the seeds that the swarm needs to find each planted bug.",
        discussion: """
            Every bug is planted alone and searched for by several campaigns of the swarm, \
            each with seeds of its own. Exit code 1 where one was not found.
            """)

    @OptionGroup var options: ScoreOptions
    @OptionGroup var scenarioOptions: ScenarioOptions

    /// Makes it; its options come from the command line.
    package init() {}

    /// Refuses what would be ignored.
    package mutating func validate() throws {
        guard scenarioOptions.bug.isEmpty else {
            throw ValidationError(
                "score plants each bug by itself: name bugs without --bug to search for these.")
        }
    }

    /// Runs it.
    package func run() throws {
        try SimulationCommands.perform {
            try SimulationCommands.score(
                try scenarioOptions.scoreEntries(), options,
                workerArguments: ["simulate-worker", "--planted"] + scenarioOptions.arguments,
                replay: { name, seed in
                    let parts = name.split(separator: "+")
                    let bug = parts.count > 1 ? " --bug \(parts[1])" : ""
                    return "scripts/syncnet replay \(parts[0]) --seed \(seed)\(bug)"
                })
        }
    }
}
