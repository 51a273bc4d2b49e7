import DeterministicSimulation
import Foundation

/// Runs scenarios over many seeds, in parallel processes.
///
/// Processes, not threads: a library inside a system under test may have state that is
/// global to its process (SQLite's random numbers), and a trap costs one seed, not the
/// campaign. Each worker is this executable again, started with arguments of the caller's
/// that must lead to ``CampaignWorker/run(_:)``.
///
/// A part of the seeds is run twice, the second time by another process, whose addresses and
/// whose order of hashing differ: two runs of one seed have to be the same.
public struct Campaign {
    private let scenarios: [any SimulatedScenario]
    private let plan: CampaignPlan
    private let processes: Int
    private let failuresMost: Int
    private let budget: Duration?
    private let secondsMost: Double
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
        plan = CampaignPlan(
            scenarios: chosen.map(\.name), seeds: options.chosenSeeds,
            shard: try options.shard?.shard() ?? .whole, checkEvery: options.checkEvery)
        processes = Int(min(UInt64(options.chosenJobs), max(1, plan.count)))
        failuresMost = options.failuresMost
        budget = options.minutes.map { .seconds($0 * 60) }
        secondsMost = options.secondsMost
        self.workerArguments = workerArguments
        self.replay = replay
    }

    /// Runs it to the end, to its limit of failures or of time, or to Ctrl-C.
    public func run() throws -> CampaignResult {
        var result = CampaignResult(plan)
        result.jobs = processes
        result.arguments = workerArguments
        let begin = ContinuousClock.now
        let interruption = Interruption()
        defer { interruption.stop() }
        var progress = ProgressLine()
        // One process alone has another one for what is run twice; they work in turn.
        let size = processes == 1 && plan.checkEvery > 0 ? 2 : processes
        var crew = Crew(
            size, busyMost: processes, arguments: workerArguments,
            secondsMost: secondsMost, source: CampaignQueue(plan, workers: size))
        defer { crew.dismiss() }
        try crew.start()
        while !crew.isDone, result.failureCount < failuresMost {
            let answers = try crew.wait(milliseconds: 100) { interruption.hasCome }
            for answer in answers { take(answer, &crew.source, &result) }
            result.wallSeconds = begin.duration(to: .now).seconds
            progress.show(result.progress(of: plan.count, budget: budget))
            if interruption.hasCome {
                result.isInterrupted = true
                result.underWay = crew.underWay.map { "\($0.scenario) \($0.seed)" }
                result.signal = interruption.signal
                break
            }
            if let budget, begin.duration(to: .now) > budget, !result.isOutOfTime {
                result.isOutOfTime = true
                crew.source.close()
            }
            crew.feed()
        }
        progress.clear()
        result.wallSeconds = begin.duration(to: .now).seconds
        return result
    }

    private func take(
        _ answer: Crew<CampaignQueue>.Answer, _ queue: inout CampaignQueue,
        _ result: inout CampaignResult
    ) {
        guard answer.job.isCheck else {
            result.add(answer.result, replay: replay)
            if answer.job.isCheckedLater, !answer.result.hasDied {
                queue.repeatLater(answer.job, answer.result, by: answer.worker)
            }
            return
        }
        guard let first = queue.first(of: answer.job) else { return }
        // What ended its process, from outside perhaps, is no difference of two runs.
        guard !answer.result.hasDied else {
            return result.fail(answer.result, replay: replay)
        }
        compare(answer.job, first, answer.result, &result) { job, path in
            let worker = try Worker(arguments: workerArguments)
            defer { worker.dismiss() }
            worker.take(job, trace: path)
            _ = try worker.nextResult()
        }
    }

    private func compare(
        _ job: SeedJob, _ first: SeedResult, _ second: SeedResult,
        _ result: inout CampaignResult, trace: @escaping (SeedJob, String) throws -> Void
    ) {
        result.checkedSeeds += 1
        let check = DeterminismCheck(trace: trace)
        guard let failure = check.failure(job, first, second, replay: replay) else { return }
        result.fail(failure)
    }

    /// Runs it in this process, one seed after the other.
    public func runHere() -> CampaignResult {
        var result = CampaignResult(plan)
        let begin = ContinuousClock.now
        for number in 0..<plan.count {
            let job = plan.job(number)
            guard result.failureCount < failuresMost else { break }
            if let budget, begin.duration(to: .now) > budget {
                result.isOutOfTime = true
                break
            }
            guard let scenario = scenarios.first(where: { $0.name == job.scenario }) else {
                continue
            }
            let first = SeedResult(scenario, as: job.scenario, seed: job.seed)
            result.add(first, replay: replay)
            guard job.isCheckedLater else { continue }
            let second = SeedResult(scenario, as: job.scenario, seed: job.seed)
            compare(job, first, second, &result) { job, path in
                let file = try TraceFile(path)
                _ = SeedResult(scenario, as: job.scenario, seed: job.seed) { file.write($0) }
                try file.close()
            }
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
