package import ArgumentParser
import Foundation
import SimulationRunner
import SyncNetProtocol
import SyncNetSimulation

/// Cuts the power everywhere.
package struct CrashpointsCommand: ParsableCommand {
    /// Its name and its help.
    package static let configuration = CommandConfiguration(
        commandName: "crashpoints",
        abstract: "Cut the power at every write of a server; exit code 1 where it forgets.",
        discussion: """
            The server's storage runs on a simulated disk. At every write, sync, truncation, \
            creation and deletion the power goes, every legal subset of what was not synced is \
            kept (a sample where there are more than --subsets), and the server starts again, \
            twice: all that was answered has to be there, in whole commits.
            """)

    @Option(help: "How many messages are said.") var messages = 50
    @Option(help: "What draws the workload and the samples.") var seed: UInt64 = 1
    @Option(help: "Up to so many subsets of one point, all are tried.") var subsets: UInt64 = 1_024
    @Option(help: "So many are drawn where there are more.") var samples: UInt64 = 64
    @Option(help: "Plant a known bug, by its id in the catalogue; may be given again.")
    var bug: [String] = []
    @Flag(help: "Print the result as JSON.") var json = false

    /// Makes it; its options come from the command line.
    package init() {}

    /// Checks what was asked for.
    package func validate() throws {
        guard (1...10_000).contains(messages), subsets > 0, samples > 0 else {
            throw ValidationError("--messages takes 1 to 10000, --subsets and --samples 1 or more")
        }
    }

    /// Runs it.
    package func run() throws {
        var search = CrashPoints()
        search.messages = messages
        search.seed = seed
        search.subsetsMost = subsets
        search.samples = samples
        try SimulationCommands.perform {
            for id in bug { search.bugs.formUnion(try ScenarioOptions.planted(id)) }
        }
        let start = Date()
        let report = search.run()
        let seconds = Date().timeIntervalSince(start)
        if json {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
            print(String(decoding: try encoder.encode(report), as: UTF8.self))
        } else {
            let tenths = Int(seconds * 10)
            print(report.text)
            print(
                "\(report.isClean ? "nothing is lost" : "something is lost"): \(messages) messages "
                    + "in \(report.commits) commits, \(report.points) points, "
                    + "\(report.subsets) subsets (\(samples) drawn where there are more than "
                    + "\(self.subsets)), \(tenths / 10).\(tenths % 10) s")
        }
        if !report.isClean { throw ExitCode.failure }
    }
}
