import Foundation
import Testing

@testable import SimulationRunner

/// What ends processes, what never ends, and what can't be done.
@Suite struct `A simulation tool in trouble` {
    private let directory = NSTemporaryDirectory() + "trouble-\(UUID().uuidString)"

    private func leave() { try? FileManager.default.removeItem(atPath: directory) }

    @Test func `keeps a run that ends its process, makes it small and tells it`() throws {
        defer { leave() }
        let campaign = try Dice(
            "simulate", "weak-table", "--count", "20", "--failures-most", "1", "--keep", directory)
        #expect(campaign.code == 1)
        #expect(campaign.output.contains("the table broke under 5"))
        let kept = try FileManager.default.contentsOfDirectory(atPath: directory)
        let file = directory + "/" + (try #require(kept.first))
        let small = directory + "/small"
        let shrunk = try Dice("shrink", file, "--out", small)
        #expect(shrunk.code == 0, "\(shrunk.errors)")
        #expect(shrunk.output.contains("choices became 1, without any one of them"))
        #expect(shrunk.output.contains("PROPERTY the process survives broke"))
        #expect(shrunk.output.contains("the table broke under 5"))
        let replay = try Dice("replay", small, "--trace")
        #expect(![0, 1, 2].contains(replay.code))
        #expect(replay.output.split(separator: "\n").last?.contains("input") == true)
        #expect(replay.errors.contains("the table broke under 5"))
    }

    @Test func `makes a seed small that ends its process`() throws {
        let campaign = try Dice("simulate", "weak-table", "--count", "20", "--failures-most", "1")
        let words = campaign.output.split(separator: " ")
        let seed = try #require(words.firstIndex(of: "--seed").map { words[$0 + 1] })
        let number = String(seed.prefix { $0.isNumber })
        let shrunk = try Dice("shrink", "weak-table", "--seed", number)
        #expect(shrunk.code == 0, "\(shrunk.errors)")
        #expect(shrunk.output.contains("choices became 1, without any one of them"))
    }

    @Test func `says so where a run that ends its process has no choices to keep`() throws {
        let shrunk = try Dice("shrink", "broken-table", "--seed", "4")
        #expect(shrunk.code == 2)
        #expect(shrunk.errors.hasPrefix("Error: This run ends its process"))
    }

    @Test func `ends a seed that never ends, and goes on`() throws {
        let dice = try Dice(
            "simulate", "tilted", "--count", "6", "--jobs", "2", "--seconds-most", "1")
        #expect(dice.code == 1)
        #expect((dice.value("seeds"), dice.value("failures")) == ("6", "2"))
        #expect(dice.output.contains("it took more than 1 s, and was ended"))
        defer { leave() }
        let kept = try Dice(
            "simulate", "tilted", "--seeds", "4", "--seconds-most", "1", "--keep", directory)
        #expect(kept.code == 1)
        #expect(kept.errors.contains("tilted seed 4 is not kept: it takes too long"))
    }

    @Test(arguments: [
        ("D.swift:31: Fatal error: 5 is too many", "D.swift:31: Fatal error: 17 is too many", true),
        ("D.swift:31: Fatal error: none", "D.swift:31: Fatal error: none left", false),
        ("it was ended by signal 4", "D.swift:31: Fatal error: none", false),
    ])
    func `takes only an end like the one that is known for the same`(
        _ one: String, _ other: String, _ areAlike: Bool
    ) {
        #expect(Isolation.areAlike(one, other) == areAlike)
    }

    @Test func `takes a process that can't run a story for none that ends`() throws {
        try FileManager.default.createDirectory(
            atPath: directory, withIntermediateDirectories: true)
        defer { leave() }
        let shrunk = try Dice(
            "simulate", "weak-table", "--count", "20", "--failures-most", "1", "--keep", directory)
        #expect(shrunk.code == 1)
        let kept = try FileManager.default.contentsOfDirectory(atPath: directory)
        let file = directory + "/" + (try #require(kept.first))
        let text = try String(contentsOfFile: file, encoding: .utf8)
        let renamed = text.replacing("scenario weak-table", with: "scenario gone")
        try Data(renamed.utf8).write(to: URL(fileURLWithPath: file))
        let ended = try Dice("shrink", file)
        #expect(ended.code == 2)
        #expect(try String(contentsOfFile: file, encoding: .utf8) == renamed)
    }

    @Test func `names the seeds that are under way where it is interrupted`() throws {
        try FileManager.default.createDirectory(
            atPath: directory, withIntermediateDirectories: true)
        defer { leave() }
        let junit = directory + "/report.xml"
        let dice = try Dice(
            "simulate", "tilted", "--seeds", "4", "--jobs", "1", "--seconds-most", "30",
            "--junit", junit
        ) {
            Thread.sleep(forTimeInterval: 3)
            kill($0.processIdentifier, SIGINT)
        }
        #expect(dice.code == 130)
        #expect(dice.value("under way") == "tilted 4")
        let xml = try String(contentsOfFile: junit, encoding: .utf8)
        #expect(xml.contains("errors=\"1\""))
        #expect(xml.contains("under way: tilted 4"))
    }

    /// A process that ends in a second run, as one does that runs out of memory.
    @Test func `takes a second run that dies for no difference of two runs`() throws {
        var result = CampaignResult(
            CampaignPlan(scenarios: ["fair"], seeds: 0..<1, shard: .whole, checkEvery: 1))
        let died = SeedResult.died(
            SeedJob(scenario: "fair", seed: 0, isCheck: true), "it was ended by signal 9")
        result.fail(died) { "replay \($0) --seed \($1)" }
        #expect(result.failures.map(\.property) == ["the process survives"])
        #expect(result.failures[0].detail.contains("signal 9"))
        #expect((result.seeds, result.failureCount) == (0, 1))
    }

    @Test(arguments: [
        ["simulate", "nothing"], ["replay", "nothing"], ["shrink", "fair", "--seed", "1"],
        ["merge", "/nowhere"], ["simulate", "fair", "--shard", "4/4"],
        ["simulate", "fair", "--junit", "/proc/report.xml"], ["score", "nothing"],
    ])
    func `has an exit code of its own for what can't be done`(_ arguments: [String]) throws {
        let dice = try Dice(arguments)
        #expect(dice.code == 2)
        #expect(dice.errors.split(separator: "\n").count == 1, "\(dice.errors)")
        #expect(dice.output.isEmpty)
    }

    @Test func `refuses to merge what was run with other arguments`() throws {
        func part(_ index: Int, _ arguments: [String]?) -> CampaignResult {
            var result = CampaignResult(
                CampaignPlan(
                    scenarios: ["fair"], seeds: 0..<9, shard: Shard(index, of: 2), checkEvery: 0))
            result.arguments = arguments
            return result
        }
        let problem = RunnerError(
            "b and a are of two campaigns: the arguments are worker --bug L1 and worker.")
        #expect(throws: problem) {
            try CampaignResult.merged([
                ("a", part(0, ["worker"])), ("b", part(1, ["worker", "--bug", "L1"])),
            ])
        }
        // A report of a former version does not say.
        _ = try CampaignResult.merged([("a", part(0, ["worker"])), ("b", part(1, nil))])
    }

    @Test(
        arguments: [
            ("3..<5", 3..<5), ("3...5", 3..<6), ("7", 7..<8), ("5..<5", nil), ("6...5", nil),
            ("-1", nil), ("0..<18446744073709551615", nil), ("18446744073709551615", nil),
            ("a", nil),
        ] as [(String, Range<UInt64>?)])
    func `takes seeds as people write them`(_ text: String, _ seeds: Range<UInt64>?) {
        #expect(SeedRange(argument: text)?.seeds == seeds)
    }

    @Test(
        arguments: [
            ([5], 5), ([5, 8], 6), ([1, 5, 9], 5), ([1, nil], nil), ([1, 3, nil], 3), ([], nil),
        ] as [([UInt64?], UInt64?)])
    func `has the median of an even number of campaigns between two`(
        _ seeds: [UInt64?], _ median: UInt64?
    ) {
        var score = BugScore(id: "B", summary: "")
        score.findings = seeds.map {
            ScoreFinding(seeds: $0 ?? 9_999, seed: 0, cpuSeconds: 1, property: $0.map { _ in "p" })
        }
        #expect(score.medianSeeds == median)
    }
}
