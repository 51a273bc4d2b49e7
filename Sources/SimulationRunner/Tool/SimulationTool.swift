public import ArgumentParser
import Foundation

/// An executable that simulates: the whole command line for any system.
///
/// ```swift
/// @main
/// struct Bank: SimulationTool {
///     static let scenarios: [any SimulatedScenario] = [Deposits()]
/// }
/// ```
///
/// It can `simulate` many seeds, `replay` one, `shrink` a failing one to a small story,
/// `merge` the reports of shards, `list` what there is, and, where there are known bugs,
/// `score` how fast they are found.
public protocol SimulationTool: ParsableCommand {
    /// What there is to simulate.
    static var scenarios: [any SimulatedScenario] { get }
    /// Known bugs that can be planted; none by default.
    static var bugs: [ScoreEntry] { get }
    /// What to type to run this executable: `swift run Bank`. By default its path.
    static var invocation: String { get }
    /// What it is, in half a sentence, for its help.
    static var abstract: String { get }
}

extension SimulationTool {
    /// None.
    public static var bugs: [ScoreEntry] { [] }

    /// The path by which it was run, from the directory in which it was run.
    public static var invocation: String {
        let path = CommandLine.arguments.first ?? "\(Self.self)"
        let here = FileManager.default.currentDirectoryPath + "/"
        return path.hasPrefix(here) ? "./" + path.dropFirst(here.count) : path
    }

    /// Names the scenarios.
    public static var abstract: String {
        "Simulates \(scenarios.map(\.name).joined(separator: ", "))."
    }

    /// All commands.
    public static var configuration: CommandConfiguration {
        var commands: [any ParsableCommand.Type] = [
            ToolSimulate<Self>.self, ToolReplay<Self>.self, ToolShrink<Self>.self,
            ToolMerge.self, ToolList<Self>.self, ToolWorker<Self>.self,
        ]
        if !bugs.isEmpty { commands.insert(ToolScore<Self>.self, at: 4) }
        return CommandConfiguration(abstract: abstract, subcommands: commands)
    }

    /// Every scenario that can be asked for by name, with a bug and without.
    static var everything: [any SimulatedScenario] { scenarios + bugs.map(\.planted) }

    static func replayLine(_ scenario: String, _ seed: UInt64) -> String {
        "\(invocation) replay \(scenario) --seed \(seed)"
    }
}
