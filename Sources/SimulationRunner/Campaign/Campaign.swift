import DeterministicSimulation
import Foundation

/// Runs scenarios over many seeds, in parallel processes.
///
/// Processes, not threads: a library inside a system under test may have state that is
/// global to its process (SQLite's random numbers), and a trap costs one seed, not the
/// campaign. Each worker is this executable again, started with arguments of the caller's
/// that must lead to ``CampaignWorker/run(_:)``.
public struct Campaign {
    private let scenarios: [any SimulatedScenario]
    private let jobs: [SeedJob]
    private let processes: Int
    private let failuresMost: Int
    private let workerArguments: [String]
    private let replay: (String, UInt64) -> String

    /// Plans a campaign.
    ///
    /// `replay` makes the command line that repeats a seed of a scenario.
    public init(
        _ scenarios: [any SimulatedScenario], _ options: CampaignOptions,
        workerArguments: [String], replay: @escaping (String, UInt64) -> String
    ) throws {
        let chosen = try scenarios.named(options.scenarios)
        guard !chosen.isEmpty else { throw RunnerError("There are no scenarios to run.") }
        self.scenarios = chosen
        jobs = options.chosenSeeds.map { seed in
            let scenario = chosen[Int(seed % UInt64(chosen.count))]
            return SeedJob(scenario: scenario.name, seed: seed)
        }
        processes = min(options.chosenJobs, jobs.count)
        failuresMost = options.failuresMost
        self.workerArguments = workerArguments
        self.replay = replay
    }

    /// Runs it to the end, to its limit of failures, or to Ctrl-C.
    public func run() throws -> CampaignResult {
        var result = CampaignResult()
        result.jobs = processes
        let begin = ContinuousClock.now
        let interruption = Interruption()
        defer { interruption.stop() }
        var progress = ProgressLine(total: jobs.count)
        var crew = Crew(processes, arguments: workerArguments, jobs: jobs)
        defer { crew.dismiss() }
        try crew.start()
        while !crew.isDone, result.failureCount < failuresMost {
            let finished = try crew.wait(milliseconds: 100, isEnding: interruption.hasCome)
            for seed in finished { result.add(seed, replay: replay) }
            result.wallSeconds = begin.duration(to: .now).seconds
            progress.show(result)
            if interruption.hasCome {
                result.isInterrupted = true
                break
            }
        }
        progress.clear()
        result.wallSeconds = begin.duration(to: .now).seconds
        return result
    }

    /// Runs it in this process, one seed after the other.
    public func runHere() -> CampaignResult {
        var result = CampaignResult()
        let begin = ContinuousClock.now
        for job in jobs where result.failureCount < failuresMost {
            guard let scenario = scenarios.first(where: { $0.name == job.scenario }) else {
                continue
            }
            result.add(SeedResult(scenario, seed: job.seed), replay: replay)
        }
        result.wallSeconds = begin.duration(to: .now).seconds
        return result
    }
}

extension Duration {
    var seconds: Double {
        Double(components.seconds) + Double(components.attoseconds) / 1e18
    }
}
