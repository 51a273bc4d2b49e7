package import ArgumentParser
import SimulationRunner

/// Joins the reports of a campaign that ran in shards.
package struct MergeCommand: ParsableCommand {
    /// Its name and its help.
    package static let configuration = CommandConfiguration(
        commandName: "merge", abstract: "Join the reports of a campaign's shards.",
        discussion: """
            Each shard leaves its report with simulate --shard i/n --report FILE. The result is \
            that of the whole campaign, its hash included; a shard that is missing or there \
            twice is an error. With --several, reports of several campaigns are added up, so that \
            --demand-sometimes asks what all of them reached together.
            """)

    @OptionGroup var options: MergeOptions

    /// Makes it; its options come from the command line.
    package init() {}

    /// Runs it.
    package func run() throws { try SimulationCommands.merge(options) }
}
