import ArgumentParser
import DeterministicSimulation
import Foundation
import SimulationRunner
import StateMachine
import Testing

@testable import DiceTool

private let scenarios: [any SimulatedScenario] = [
    DiceScenario(name: "fair"), DiceScenario(name: "no-six", forbidden: 6),
]

private func campaign(_ arguments: String...) throws -> CampaignResult {
    let options = try CampaignOptions.parse(arguments)
    return try Campaign(
        scenarios, options, workerArguments: [], replay: { "dice replay \($0) --seed \($1)" }
    ).runHere()
}

@Suite struct `A campaign` {
    @Test func `runs a tenth of its seeds twice, whatever the number of scenarios`() throws {
        for names in [["fair"], ["fair", "no-six"]] {
            let arguments = names + ["--count", "40", "--failures-most", "99"]
            let result = try Campaign(
                scenarios, try CampaignOptions.parse(arguments), workerArguments: [],
                replay: { "\($0) \($1)" }
            ).runHere()
            #expect((result.seeds, result.checkedSeeds) == (40, 4))
        }
    }

    @Test func `has the same hash however many seeds are run twice`() throws {
        let results = try ["0", "1", "7"].map {
            try campaign("fair", "--count", "20", "--check-every", $0)
        }
        #expect(results.map(\.checkedSeeds) == [0, 20, 3])
        #expect(Set(results.map(\.hash)).count == 1)
    }

    @Test func `says where two runs of a seed go apart`() throws {
        let leaky = DiceScenario(name: "leaky", leak: .unseeded)
        let options = try CampaignOptions.parse(["--count", "3", "--check-every", "1"])
        let result = try Campaign(
            [leaky], options, workerArguments: [], replay: { "dice replay \($0) --seed \($1)" }
        ).runHere()
        let failure = try #require(result.failures.first)
        #expect(failure.property == "determinism")
        #expect(failure.detail.contains("trace hash"))
        #expect(failure.detail.contains("the first event that differs is line "))
        #expect(failure.detail.contains("once  ["))
        #expect(failure.detail.contains("then  ["))
    }

    @Test func `knows what was rare, which seed came there first, and what never came`() throws {
        let result = try campaign("fair", "--seeds", "3..<23")
        let six = try #require(result.sometimes["a six"])
        let first = try #require(six.firstSeed)
        let sooner = try campaign("fair", "--seeds", "0..<\(first + 1)")
        #expect(sooner.sometimes["a six"]?.firstSeed ?? 99 <= first)
        #expect(six.scenario == "fair" && six.hits > 0)
        #expect(result.neverReached == ["a seven"])
        let lines = result.text.split(separator: "\n")
        let title = try #require(lines.firstIndex { $0.hasPrefix("sometimes") })
        #expect(lines[title + 1].hasPrefix("NEVER  a seven"))
    }

    @Test func `tells how long things took, in simulated time`() throws {
        let result = try campaign("fair", "--count", "50")
        let lengths = try #require(result.measures["time to a six"])
        #expect((1_000_000_000...10_000_000_000).contains(lengths.least))
        #expect(lengths.least <= lengths.percentile(50))
        #expect(lengths.percentile(50) <= lengths.most)
        #expect(result.text.contains("median"))
    }

    @Test func `deals its seeds out, and adds up`() throws {
        let result = try campaign("fair", "--seeds", "10..<15")
        #expect(result.isClean)
        #expect((result.seeds, result.counters["throws"]) == (5, 50))
        #expect(result.text.contains("campaign hash"))
    }

    @Test func `has one hash whatever the order, another for other seeds`() throws {
        let hashes = try [
            campaign("fair", "no-six", "--count", "20").hash,
            campaign("fair", "no-six", "--count", "20").hash,
            campaign("fair", "no-six", "--count", "19").hash,
        ]
        #expect(hashes[0] == hashes[1])
        #expect(hashes[0] != hashes[2])
    }

    @Test func `names the property, the moment, and the command that repeats it`() throws {
        let result = try campaign("no-six", "--count", "20", "--failures-most", "3")
        #expect(result.failureCount == 3)
        let failure = try #require(result.failures.first)
        #expect(failure.property == "no 6")
        #expect(failure.replay == "dice replay no-six --seed \(failure.seed)")
        #expect(failure.simulatedSeconds >= 1)
        #expect(try result.json().contains("\"property\" : \"no 6\""))
    }

    @Test func `refuses scenarios that do not exist, and numbers that make no sense`() {
        #expect(throws: RunnerError("There is no scenario \"x\". There are: fair, no-six.")) {
            try campaign("x")
        }
        #expect(throws: (any Error).self) { try campaign("--count", "0") }
        #expect(throws: (any Error).self) { try campaign("--seeds", "5..<5") }
        #expect(throws: (any Error).self) { try campaign("--seeds", "1..<5", "--count", "4") }
        #expect(throws: (any Error).self) { try campaign("--minutes", "0") }
    }
}

@Suite struct `A replay` {
    private func replay(_ arguments: String...) throws -> (Replay, ReplayOptions) {
        let options = try ReplayOptions.parse(arguments)
        return (try Replay(scenarios, options), options)
    }

    @Test func `gives the same run from its seed and from its file`() throws {
        let path = NSTemporaryDirectory() + "dice-\(UUID().uuidString).story"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let (first, _) = try replay("fair", "--seed", "7", "--record", path)
        let report = try first.run { _ in }
        let (second, _) = try replay(path)
        let repeated = try second.run { _ in }
        #expect(report == repeated)
        #expect(second.complaint(about: repeated) == nil)
    }

    @Test func `says where the file and the run go apart`() throws {
        let path = NSTemporaryDirectory() + "dice-\(UUID().uuidString).story"
        defer { try? FileManager.default.removeItem(atPath: path) }
        _ = try replay("fair", "--seed", "7", "--record", path).0.run { _ in }
        let text = try String(contentsOfFile: path, encoding: .utf8)
        let changed = text.replacingOccurrences(of: "workload.eyes", with: "workload.nose")
        try changed.write(toFile: path, atomically: true, encoding: .utf8)
        let (second, _) = try replay(path)
        let complaint = second.complaint(about: try second.run { _ in })
        #expect(complaint?.contains("workload.nose") == true)
        #expect(complaint?.contains("never asked for") == true)
    }

    @Test func `says whether a failure came again`() throws {
        let path = NSTemporaryDirectory() + "dice-\(UUID().uuidString).story"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let seed = try #require(try failingSeed())
        _ = try replay("no-six", "--seed", "\(seed)", "--record", path).0.run { _ in }
        let (again, _) = try replay(path)
        let report = try again.run { _ in }
        #expect(again.comparison(with: report) == "the same run, to the letter")
        let text = try String(contentsOfFile: path, encoding: .utf8)
        let mended = text.replacingOccurrences(of: "scenario no-six", with: "scenario fair")
        try mended.write(toFile: path, atomically: true, encoding: .utf8)
        let (later, _) = try replay(path)
        let clean = try later.run { _ in }
        #expect(later.comparison(with: clean) == "no 6 holds now")
        #expect(later.complaint(about: clean) == nil)
    }

    @Test func `traces up to a moment`() throws {
        var lines: [String] = []
        let (replay, _) = try replay("fair", "--seed", "7", "--trace", "--until", "2500ms")
        let report = try replay.run { lines.append($0) }
        #expect(report.simulated.nanoseconds == 2_500_000_000)
        #expect(lines.count == 6, "a start, its event, and two throws with a mark each")
    }

    @Test func `knows what was drawn before the run begins`() throws {
        let (replay, _) = try replay("no-six", "--seed", "7")
        #expect(try replay.configuration() == "SEED=7 dice 1, forbidden 6")
    }

    @Test func `asks for what is missing`() {
        #expect(throws: RunnerError("Which run of fair? Add --seed N.")) {
            try replay("fair")
        }
        #expect(throws: RunnerError.self) { try replay("/nowhere") }
    }
}
