import DeterministicSimulation
import SimulationRunner
import StateMachine
import SyncNetProtocol
import Testing

@testable import SyncNetSimulation

@Suite struct `SyncNet in the simulated world` {
    static let names = (try? Scenario.names(in: Campaign.directory)) ?? []

    @Test(arguments: names) func `keeps its promises in every scenario`(name: String) throws {
        // One in a debug build: campaigns of the release build run many of each.
        var scenario = try Campaign.scenario(name)
        let most = min(scenario.duration.upperBound, .seconds(10))
        scenario.duration = min(scenario.duration.lowerBound, most)...most
        let failure = Campaign.firstFailure(of: scenario, below: 1)
        #expect(failure == nil, "\(name), seed \(failure?.seed ?? 0)")
    }

    @Test(arguments: [StorageKind.sqlite, .memory])
    func `repeats a run from its seed and from its decisions`(storage: StorageKind) throws {
        var scenario = try Campaign.scenario("disk-crash")
        scenario.storage = storage
        scenario.duration = .seconds(5)...(.seconds(5))
        let runnable = SyncNetScenario(scenario)
        let first = runnable.run(RunRequest(seed: 7, source: .recording))
        let again = runnable.run(RunRequest(seed: 7))
        #expect(again.report.hash == first.report.hash)
        let list = try #require(first.recorded)
        let played = runnable.run(RunRequest(seed: 7, source: .playback(list)))
        #expect(played.report.hash == first.report.hash)
        #expect(played.report.divergence == nil)
        #expect(runnable.run(RunRequest(seed: 8)).report.hash != first.report.hash)
    }

    @Test func `runs fifty servers at once`() throws {
        var scenario = Scenario(name: "fifty")
        scenario.servers = 50...50
        scenario.clients = 4...4
        scenario.timings = [.guide]
        scenario.storage = .memory
        scenario.duration = .seconds(4)...(.seconds(4))
        scenario.bounds.elections = 1
        let report = SyncNetScenario(scenario).run(
            RunRequest(seed: 1, until: .zero + .seconds(4))
        ).report
        #expect(report.violation == nil)
        #expect(report.counters.first { $0.name == "elections" }?.value == 1)
        let said = report.counters.first { $0.name == "messages acknowledged" }?.value ?? 0
        #expect(said > 10)
    }

    @Test func `tells a run in lines that a person can follow`() throws {
        var lines: [String] = []
        var scenario = try Campaign.scenario("leader-crash")
        scenario.storage = .memory
        let request = RunRequest(seed: 3, until: .zero + .seconds(1)) { lines.append($0) }
        _ = SyncNetScenario(scenario).run(request)
        #expect(lines.contains { $0.contains("token of s") })
        #expect(lines.contains { $0.contains("order 1: join room") })
        #expect(lines.contains { $0.contains("LEADS epoch 1") })
        #expect(!lines.contains { $0.contains("SyncNetProtocol.") })
    }
}
