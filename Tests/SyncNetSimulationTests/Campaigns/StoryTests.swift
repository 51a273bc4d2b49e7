import ArgumentParser
import DeterministicSimulation
import Foundation
import SimulationRunner
import StateMachine
import SyncNetProtocol
import Testing

@testable import SyncNetSimulation

/// Not the `Story` that tests of judges tell.
typealias KeptStory = DeterministicSimulation.Story

extension SyncNetScenario {
    fileprivate var scenario: Scenario {
        guard case .file(let scenario) = origin else { return Scenario(name: "none") }
        return scenario
    }
}

/// Stories of bugs that are planted on purpose, each as small as the simulator could make it.
@Suite struct `A story of a planted bug` {
    static let files = stories(in: "Stories")

    @Test func `is kept in a file`() { #expect(Self.files.count >= 8) }

    @Test(arguments: files) func `fails with the bug, and not without it`(file: String) throws {
        let story = try KeptStory.load(file)
        let told = try #require(story.violation)
        let report = try play(story)
        #expect(report.violation?.property == told.property)
        if report.hash != story.hash {
            let place = report.divergence.map { ": \($0)" } ?? ""
            Issue.record("\(file) is another run by now\(place)", severity: .warning)
        }
        var mended = story
        mended.settings.removeAll { $0.key == "bugs" }
        #expect(mended.settings.count < story.settings.count)
        #expect(try play(mended).violation == nil)
    }

    @Test(arguments: files) func `needs every one of its choices`(file: String) throws {
        let story = try KeptStory.load(file)
        let told = try #require(story.violation)
        #expect(story.choices.decisions.count <= 16)
        for place in story.choices.decisions.indices {
            var fewer = story
            let left = fewer.choices.decisions.remove(at: place)
            let found = try play(fewer).violation?.property
            #expect(found != told.property, "without \(story.choices.text(of: left))")
        }
    }

    @Test(arguments: ["R18", "L6"]) func `is made small from a run of a scenario`(
        bug: String
    ) throws {
        let planted = try #require(PlantedBugs(id: bug))
        let scenario = SyncNetScenario(try Campaign.scenario("crash-storm", bugs: planted))
        let seed = try #require(
            (0..<UInt64(20)).first { scenario.run(RunRequest(seed: $0)).report.violation != nil })
        let options = try ShrinkOptions.parse(["crash-storm", "--seed", "\(seed)"])
        let result = try Shrink([scenario], options).run()
        #expect(result.isMinimal)
        #expect(result.story.choices.decisions.count <= 3)
        #expect(result.story.setting("servers") == "1")
    }

    private func play(_ story: KeptStory) throws -> RunReport {
        try story.play(try story.scenario(among: [SyncNetScenario(Scenario(name: "any"))])).report
    }

    /// The stories of a directory below `Simulations/`.
    static func stories(in directory: String) -> [String] {
        let path = "\(Campaign.directory)/\(directory)"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        return names.filter { $0.hasSuffix(".story") }.sorted().map { "\(path)/\($0)" }
    }
}

@Suite struct `SyncNet as a story` {
    @Test(arguments: [StorageKind.sqlite, .memory])
    func `is the same run again, from its text alone`(storage: StorageKind) throws {
        var scenario = try Campaign.scenario("everything")
        scenario.storage = storage
        scenario.servers = 3...5
        scenario.duration = .seconds(4)...(.seconds(5))
        let runnable = SyncNetScenario(scenario)
        for seed in 0..<UInt64(3) {
            let first = runnable.run(RunRequest(seed: seed, source: .recording))
            let written = KeptStory(of: runnable, seed: seed, first)
            let story = try KeptStory(text: written.text)
            let other = SyncNetScenario(Scenario(name: "other"))
            let again = try story.play(try story.scenario(among: [other])).report
            #expect(again.hash == first.report.hash, "\(again.divergence?.description ?? "")")
            #expect(again.divergence == nil)
        }
    }

    @Test func `has the streams of a run with small limits`() throws {
        var scenario = try Campaign.scenario("calm")
        scenario.hasSmallLimits = true
        var decisions = Decisions.seeded(1)
        let setting = Setting(scenario, &decisions)
        let told = try #require(
            try SyncNetScenario(scenario).set(scenario.name, setting.lines) as? SyncNetScenario)
        var playback = Decisions.playback(of: DecisionList())
        let read = Setting(told.scenario, &playback)
        #expect(read.options.streams.congestedAbove == setting.options.streams.congestedAbove)
        #expect(read.limits == setting.limits)
        #expect(read.lines == setting.lines)
    }

    @Test func `keeps its choices where servers and clients before them go`() throws {
        var story = KeptStory(scenario: "calm", seed: 1)
        story.settings = try Campaign.scenario("calm").lines.map {
            switch $0.key {
            case "servers": StorySetting("servers", "5")
            case "clients": StorySetting("clients", "6")
            default: $0
            }
        }
        let lines = [
            "node 4 s5", "node 1028 c5", "0 s  workload.action c5 (act 1) = join",
            "0 s  disk.commit s5 #2 = 10 ms",
        ]
        story.choices = try KeptStory(
            text: Array((["story 1", "scenario calm"] + lines).joined(separator: "\n").utf8)
        ).choices
        let ideas = SyncNetScenario(Scenario(name: "calm")).smaller(than: story)
        let servers = try #require(ideas.dropLast().last?.dropFirst(4).first)
        #expect(servers.setting("servers") == "3")
        #expect(servers.choices.decisions.map(\.node) == [1_028, 2])
        let clients = try #require(ideas.last?.first)
        #expect(clients.setting("clients") == "1")
        #expect(clients.choices.decisions.map(\.node) == [1_024, 4])
    }

    @Test func `has every setting that a scenario file has`() throws {
        let profile = try SwarmProfile.load("\(Campaign.directory)/Profiles/swarm.yaml")
        var scenarios = try Scenario.names(in: Campaign.directory).map {
            try Campaign.scenario($0)
        }
        for seed in 0..<UInt64(200) {
            var decisions = Decisions.seeded(seed)
            scenarios.append(Swarm.scenario(from: profile, &decisions))
        }
        for scenario in scenarios {
            var read = try #require(
                try SyncNetScenario(scenario).set(scenario.name, scenario.lines)
                    as? SyncNetScenario
            ).scenario
            var told = scenario
            read.about = told.about
            // Playbacks know faults by their names.
            told.faults.choices.sort { $0.kind.rawValue < $1.kind.rawValue }
            told.leaderFaults.choices.sort { $0.kind.rawValue < $1.kind.rawValue }
            #expect(read == told)
        }
    }

    @Test func `without an act of somebody keeps the names of all others`() throws {
        let runnable = SyncNetScenario(try Campaign.scenario("leader-crash"))
        let end = Instant.zero + .seconds(6)
        let first = runnable.run(RunRequest(seed: 5, source: .recording, until: end))
        let all = try #require(first.recorded)
        let story = KeptStory(of: runnable, seed: 5, first)
        func acts(_ list: DecisionList) -> [Decision] {
            list.decisions.filter {
                ["workload.action", "workload.moment"].contains(list.kind(of: $0))
            }
        }
        let only = story.choices.with(acts(story.choices))
        let says = only.decisions.filter { only.text(of: $0).hasSuffix("= say") }
        let removed = try #require(says.first)
        let fewer = only.with(only.decisions.filter { $0 != removed })
        let scenario = try story.scenario(among: [runnable])
        let request = RunRequest(seed: 5, source: .playback(fewer), until: end)
        let used = try #require(try scenario.run(request).recorded)
        #expect(all.decisions.count > only.decisions.count)
        #expect(acts(used).map { used.text(of: $0) } == fewer.decisions.map { fewer.text(of: $0) })
    }

    @Test func `that does not say what it needs is refused in one line`() throws {
        var story = KeptStory(scenario: "calm", seed: 1)
        story.settings = [StorySetting("servers", "3")]
        let scenarios = [SyncNetScenario(Scenario(name: "any"))]
        let missing = #expect(throws: ScenarioError.self) { try story.scenario(among: scenarios) }
        #expect(missing.map { "\($0)".contains("does not say its clients") } == true)
        for (key, value) in [
            ("clients", "2"), ("timing", "lan"), ("duration", "2s"), ("storage", "paper"),
        ] { story.settings.append(StorySetting(key, value)) }
        let wrong = #expect(throws: ScenarioError.self) { try story.scenario(among: scenarios) }
        #expect(wrong.map { "\($0)".contains("storage can't be \"paper\"") } == true)
    }
}
