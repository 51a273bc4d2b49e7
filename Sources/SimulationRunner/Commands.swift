import ArgumentParser
import DeterministicSimulation
import Foundation

/// Whole commands, for executables that want them as they are.
///
/// ```swift
/// struct Simulate: ParsableCommand {
///     @OptionGroup var options: CampaignOptions
///     func run() throws {
///         try SimulationCommands.simulate(
///             scenarios, options, workerArguments: ["worker"],
///             replay: { "my-tool replay \($0) --seed \($1)" })
///     }
/// }
/// struct Worker: ParsableCommand {
///     static let configuration = CommandConfiguration(shouldDisplay: false)
///     func run() throws { try CampaignWorker.run(scenarios) }
/// }
/// ```
public enum SimulationCommands {
    /// Runs a campaign and prints its result. Throws `ExitCode.failure` after failures.
    public static func simulate(
        _ scenarios: [any SimulatedScenario], _ options: CampaignOptions,
        workerArguments: [String], replay: @escaping (String, UInt64) -> String
    ) throws {
        let campaign = try Campaign(
            scenarios, options, workerArguments: workerArguments, replay: replay)
        let result = try campaign.run()
        if let directory = options.keep {
            _ = try keep(result, of: scenarios, in: directory)
        }
        print(options.json ? try result.json() : result.text)
        if !result.isClean { throw ExitCode.failure }
        if result.isInterrupted { throw ExitCode(130) }
    }

    /// Repeats one run and prints its report. Throws `ExitCode.failure` where it breaks a
    /// property, or is not what was recorded.
    public static func replay(
        _ scenarios: [any SimulatedScenario], _ options: ReplayOptions
    ) throws {
        let replay = try Replay(scenarios, options)
        let report = try replay.run { print($0) }
        print(try replay.text(of: report))
        if replay.complaint(about: report) != nil { throw ExitCode.failure }
    }
}
