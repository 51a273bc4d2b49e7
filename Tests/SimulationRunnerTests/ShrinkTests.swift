import ArgumentParser
import DeterministicSimulation
import Foundation
import SimulationRunner
import Testing

@testable import DiceTool

private let scenarios: [any SimulatedScenario] = [
    DiceScenario(name: "fair"), DiceScenario(name: "no-six", forbidden: 6),
]

/// The first seed that throws a six.
func failingSeed() throws -> UInt64? {
    try (0..<UInt64(100)).first { seed in
        try scenarios[1].run(RunRequest(seed: seed)).report.violation != nil
    }
}

@Suite struct `Making a run small` {
    private func shrink(_ arguments: String...) throws -> Shrink {
        try Shrink(scenarios, try ShrinkOptions.parse(arguments))
    }

    @Test func `leaves the one throw that matters, and tells it`() throws {
        let seed = try #require(try failingSeed())
        let shrink = try shrink("no-six", "--seed", "\(seed)")
        let result = try shrink.run()
        #expect(result.isMinimal)
        let choices = result.story.choices
        #expect(choices.decisions.map { choices.text(of: $0) }.count == 1)
        #expect(choices.decisions.first?.value == .number(6))
        let words = try shrink.words(for: result.story)
        #expect(words.last?.hasSuffix("PROPERTY no 6 broke: a 6 was thrown") == true)
    }

    @Test func `goes on from a file`() throws {
        let path = NSTemporaryDirectory() + "dice-\(UUID().uuidString).story"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let seed = try #require(try failingSeed())
        let first = try shrink("no-six", "--seed", "\(seed)").run()
        try first.story.write(path)
        let second = try shrink(path).run()
        #expect(second.story.text == first.story.text)
    }

    @Test func `is refused where nothing broke, and where the file is bad`() throws {
        let problem = RunnerError("This run breaks no property: there is nothing to make small.")
        #expect(throws: problem) { try shrink("fair", "--seed", "1") }
        #expect(throws: RunnerError("Which run of fair? Add --seed N.")) { try shrink("fair") }
        let nowhere = RunnerError(
            "\"/nowhere\" is neither a scenario nor a file. Scenarios: fair, no-six.")
        #expect(throws: nowhere) { try shrink("/nowhere") }
        let path = NSTemporaryDirectory() + "bad-\(UUID().uuidString).story"
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Data("story 1\nscenario fair\nnonsense\n".utf8).write(to: URL(filePath: path))
        #expect(throws: RunnerError("\(path), line 3: \"nonsense\" is not understood")) {
            try shrink(path)
        }
        let twice = RunnerError("A story has its seed in itself: leave --seed out.")
        #expect(throws: twice) { try shrink(path, "--seed", "1") }
    }

    @Test func `says before the work that it can't keep the small story`() throws {
        let seed = try #require(try failingSeed())
        let problem = #expect(throws: RunnerError.self) {
            try shrink("no-six", "--seed", "\(seed)", "--out", "/nowhere/small.story")
        }
        #expect(problem?.description.hasPrefix("/nowhere/small.story can't be written") == true)
    }

    @Test func `has the smallest story so far where it is interrupted`() throws {
        let seed = try #require(try failingSeed())
        let shrink = try shrink("no-six", "--seed", "\(seed)")
        var asked = 0
        let result = try shrink.run(isEnding: {
            asked += 1
            return asked > 3
        })
        #expect(!result.isMinimal)
        #expect(result.runs <= 3)
        #expect(result.story.choices.decisions.count <= result.choicesBefore)
        #expect(result.story.violation?.property == "no 6")
    }

    @Test func `keeps every failure of a campaign that is asked to`() throws {
        let directory = NSTemporaryDirectory() + "kept-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let options = try CampaignOptions.parse(["no-six", "--count", "20"])
        let campaign = try Campaign(scenarios, options, workerArguments: []) { "\($0) \($1)" }
        let result = campaign.runHere()
        let paths = try SimulationCommands.keep(result, of: scenarios, in: directory)
        #expect(!paths.isEmpty && paths.count == result.failureCount)
        for path in paths { #expect(try Story.load(path).violation?.property == "no 6") }
    }
}
