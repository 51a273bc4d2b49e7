package import ArgumentParser
import Foundation
import SimulationRunner

/// Measures the simulator.
package struct SimulatorBench: ParsableCommand {
    /// Its name and its help.
    package static let configuration = CommandConfiguration(
        commandName: "simulator",
        abstract: "Measure the simulator, with trace hash and all checkers on.",
        discussion: """
            The rates are of a second of one processor's time, so what else the machine does \
            disturbs them little. The same version gives the same trace hashes everywhere.

            """
                + SimulatorWorkload.allCases.map { "\($0.rawValue): \($0.summary)" }
                .joined(separator: "\n"))

    @Option(help: "Only these workloads, divided by commas; all but election-1000 by default.")
    var only: String?

    @Option(help: "How many seeds of the swarm, 1 to 1000000.")
    var seeds = 200

    @Flag(help: "Print JSON instead of a table.")
    var json = false

    @OptionGroup var scenarioOptions: ScenarioOptions

    /// Makes it; its options come from the command line.
    package init() {}

    /// Throws where options make no sense.
    package func validate() throws {
        _ = try workloads()
        guard (1...1_000_000).contains(seeds) else {
            throw ValidationError("--seeds has to be from 1 to 1000000.")
        }
    }

    /// Runs it.
    package func run() throws {
        let rows = try workloads().map { try $0.run(seeds: seeds, in: scenarioOptions) }
        if json {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
            encoder.keyEncodingStrategy = .convertToSnakeCase
            return print(String(decoding: try encoder.encode(rows), as: UTF8.self))
        }
        let table = TextTable.lines(
            [SimulatorRow.head] + rows.map(\.cells), rightAligned: [1, 2, 3, 4, 5, 6])
        table.forEach { print($0) }
    }

    private func workloads() throws -> [SimulatorWorkload] {
        guard let only else { return SimulatorWorkload.allCases.filter { $0 != .election1000 } }
        return try only.split(separator: ",").map { name in
            guard let workload = SimulatorWorkload(rawValue: String(name)) else {
                let known = SimulatorWorkload.allCases.map(\.rawValue).joined(separator: ", ")
                throw ValidationError("There is no workload \"\(name)\", only: \(known).")
            }
            return workload
        }
    }
}
