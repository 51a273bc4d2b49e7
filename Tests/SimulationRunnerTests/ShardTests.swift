import ArgumentParser
import Foundation
import StateMachine
import Testing

@testable import DiceTool
@testable import SimulationRunner

private let scenarios: [any SimulatedScenario] = ["a", "b", "c"].map { DiceScenario(name: $0) }

private func result(_ arguments: [String]) throws -> CampaignResult {
    let options = try CampaignOptions.parse(arguments)
    return try Campaign(
        scenarios, options, workerArguments: [], replay: { "replay \($0) --seed \($1)" }
    ).runHere()
}

private func shards(_ count: Int, of arguments: [String]) throws -> [(String, CampaignResult)] {
    try (0..<count).map { index in
        ("\(index).json", try result(arguments + ["--shard", "\(index)/\(count)"]))
    }
}

@Suite struct `A shard` {
    @Test(arguments: 1...5)
    func `has seeds of its own, and all together have every seed once`(_ shards: Int) {
        for length in 0...23 as ClosedRange<UInt64> {
            let jobs = (0..<shards).map { index in
                let plan = CampaignPlan(
                    scenarios: ["a", "b", "c"], seeds: 5..<(5 + length),
                    shard: Shard(index, of: shards), checkEvery: 4)
                return (0..<plan.count).map(plan.job)
            }
            let whole = CampaignPlan(
                scenarios: ["a", "b", "c"], seeds: 5..<(5 + length), shard: .whole, checkEvery: 4)
            let all = jobs.flatMap { $0 }.sorted { $0.seed < $1.seed }
            #expect(all == (0..<whole.count).map(whole.job))
            #expect(all.map(\.seed) == Array(5..<(5 + length)))
        }
    }

    @Test func `is what the environment of a cluster says`() throws {
        let slurm = [
            "SLURM_ARRAY_TASK_ID": "7", "SLURM_ARRAY_TASK_COUNT": "4", "SLURM_ARRAY_TASK_MIN": "5",
        ]
        #expect(try Shard(environment: slurm) == Shard(2, of: 4))
        let stepped = [
            "SLURM_ARRAY_TASK_ID": "4", "SLURM_ARRAY_TASK_COUNT": "3", "SLURM_ARRAY_TASK_MIN": "0",
            "SLURM_ARRAY_TASK_STEP": "2",
        ]
        #expect(try Shard(environment: stepped) == Shard(2, of: 3))
        let alone = [
            "SLURM_ARRAY_TASK_ID": "3", "SLURM_ARRAY_TASK_COUNT": "1", "SLURM_ARRAY_TASK_MIN": "3",
            "SIMULATION_SHARDS": "4",
        ]
        #expect(try Shard(environment: alone) == Shard(3, of: 4))
        let pod = ["JOB_COMPLETION_INDEX": "1", "SIMULATION_SHARDS": "3"]
        #expect(try Shard(environment: pod) == Shard(1, of: 3))
    }

    @Test(arguments: [
        [:], ["JOB_COMPLETION_INDEX": "1"], ["SLURM_ARRAY_TASK_ID": "1"],
        ["JOB_COMPLETION_INDEX": "3", "SIMULATION_SHARDS": "3"],
        ["JOB_COMPLETION_INDEX": "one", "SIMULATION_SHARDS": "3"],
        ["SLURM_ARRAY_TASK_ID": "9", "SLURM_ARRAY_TASK_COUNT": "2", "SLURM_ARRAY_TASK_MIN": "1"],
    ])
    func `is refused where the environment says too little or nonsense`(
        _ environment: [String: String]
    ) {
        #expect(throws: RunnerError.self) { try Shard(environment: environment) }
    }

    @Test func `is counted from 0`() {
        #expect(throws: RunnerError.self) { try Shard("4/4") }
        #expect(throws: RunnerError.self) { try Shard("0/0") }
        #expect(throws: RunnerError.self) { try Shard("-1/4") }
        #expect(throws: RunnerError.self) { try Shard("1") }
        #expect(throws: RunnerError.self) { try result(["--shard", "x/2"]) }
    }
}

@Suite struct `Merged reports` {
    @Test(arguments: [["--count", "50"], ["--seeds", "7..<41", "--check-every", "3"]])
    func `are the report of the whole campaign`(_ arguments: [String]) throws {
        var whole = try result(arguments)
        var merged = try CampaignResult.merged(try shards(4, of: arguments).reversed())
        #expect(merged.jobs == 4)
        // Only the times and the number of processes may differ.
        for name in whole.scenarios {
            whole.tallies[name]?.cpuSeconds = 0
            merged.tallies[name]?.cpuSeconds = 0
        }
        (whole.wallSeconds, merged.wallSeconds, merged.jobs) = (0, 0, 1)
        #expect(try merged.json() == whole.json())
        #expect(merged == whole)
    }

    @Test func `have the failures of all shards`() throws {
        let loaded: [any SimulatedScenario] = [DiceScenario(name: "loaded", forbidden: 6)]
        func part(_ more: String...) throws -> CampaignResult {
            let options = try CampaignOptions.parse(["--count", "6", "--report", "x"] + more)
            return try Campaign(
                loaded, options, workerArguments: [], replay: { "\($0) \($1)" }
            ).runHere()
        }
        let parts = try ["0/2", "1/2"].map { ($0, try part("--shard", $0)) }
        let (merged, whole) = (try CampaignResult.merged(parts), try part())
        #expect(merged.failures == whole.failures)
        #expect(merged.failureCount == whole.failureCount && whole.failureCount > 1)
    }

    @Test func `are refused where a shard is missing or there twice`() throws {
        let parts = try shards(3, of: ["--count", "9"])
        #expect(throws: RunnerError("Shard 1/3 is missing.")) {
            try CampaignResult.merged([parts[0], parts[2]])
        }
        #expect(throws: RunnerError("Shards 0/3, 2/3 are missing.")) {
            try CampaignResult.merged([parts[1]])
        }
        #expect(throws: RunnerError("0.json and again.json are both shard 0/3.")) {
            try CampaignResult.merged(parts + [("again.json", parts[0].1)])
        }
    }

    @Test func `are refused where they are of two campaigns`() throws {
        let parts = try shards(2, of: ["--count", "9"])
        let other = try shards(2, of: ["--count", "10"])
        #expect(
            throws: RunnerError(
                "1.json and 0.json are of two campaigns: the seeds are 0..<10 and 0..<9.")
        ) { try CampaignResult.merged([parts[0], other[1]]) }
    }

    @Test func `of several campaigns are added up, each of them whole`() throws {
        let (one, other) = (try shards(2, of: ["--count", "9"]), try result(["--count", "12"]))
        let parts = one + [("other.json", other)]
        let sum = try CampaignResult.together(parts)
        let whole = try CampaignResult.merged(one)
        #expect(sum.seeds == 21)
        for (name, point) in sum.sometimes {
            let hits = [whole, other].map { $0.sometimes[name]?.hits ?? 0 }
            #expect(point.hits == hits[0] + hits[1])
        }
        #expect(sum.neverReached == ["a seven"])
        #expect(throws: RunnerError("Shard 0/2 is missing.")) {
            try CampaignResult.together(Array(parts.dropFirst()))
        }
    }

    @Test func `come from files, and other files are refused`() throws {
        let path = NSTemporaryDirectory() + "report-\(UUID().uuidString).json"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let result = try result(["--count", "9"])
        try SimulationCommands.write(try result.json(), path)
        #expect(try CampaignResult.load(path) == result)
        try SimulationCommands.write("{\"format\": 99}", path)
        #expect(throws: RunnerError.self) { try CampaignResult.load(path) }
        try SimulationCommands.write("no report", path)
        #expect(throws: RunnerError("\(path) is no report of a campaign, as --report writes it.")) {
            try CampaignResult.load(path)
        }
    }
}
