package import ArgumentParser
import SimulationRunner
import SyncNetSimulation

/// Repeats the runs whose hashes are kept.
package struct GoldenCommand: ParsableCommand {
    /// Its name and its help.
    package static let configuration = CommandConfiguration(
        commandName: "golden",
        abstract: "Repeat the runs of a file of hashes; exit code 1 where one differs.")

    @Argument(help: "The file: a scenario, a seed, a hash and a number of events on each line.")
    var file: String

    @Option(help: "Repeat only every so-manieth run.")
    var every = 1

    @Option(help: "Write so many runs to the file instead, as this build makes them.")
    var rewrite: Int?

    @OptionGroup var scenarioOptions: ScenarioOptions

    /// Makes it; its options come from the command line.
    package init() {}

    /// Refuses numbers that make no sense.
    package mutating func validate() throws {
        if every < 1 { throw ValidationError("--every has to be at least 1.") }
        if let rewrite, rewrite < 1 { throw ValidationError("--rewrite has to be at least 1.") }
    }

    /// Runs it.
    package func run() throws {
        try SimulationCommands.perform {
            let directory = try scenarioOptions.directory()
            if let rewrite {
                var golden = try GoldenRuns(count: rewrite, in: directory)
                golden.runs = try golden.runs.map { try $0.again(in: directory) }
                try golden.write(to: file)
                return print("\(golden.runs.count) runs written to \(file)")
            }
            let golden = try GoldenRuns(path: file).runs
            var different = 0
            var repeated = 0
            for (place, kept) in golden.enumerated() where place % every == 0 {
                let now = try kept.again(in: directory)
                repeated += 1
                if now == kept { continue }
                different += 1
                print("kept  \(kept.line)\nnow   \(now.line)")
            }
            print("\(repeated - different) of \(repeated) runs are as they were kept")
            if different > 0 { throw ExitCode.failure }
        }
    }
}
