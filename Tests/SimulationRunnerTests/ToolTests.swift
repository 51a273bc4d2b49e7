import Foundation
import StateMachine
import Testing

@testable import DiceTool
@testable import SimulationRunner

/// The dice as people run them: a process of its own.
struct Dice {
    var code: Int32
    var output: String
    var errors: String

    private static var executable: URL {
        let bundle = Bundle.allBundles.map(\.bundleURL).first { $0.pathExtension == "xctest" }
        let path = bundle ?? URL(fileURLWithPath: CommandLine.arguments[0])
        return path.deletingLastPathComponent().appendingPathComponent("DiceTool")
    }

    @discardableResult
    init(_ arguments: String..., during action: (Process) throws -> Void = { _ in }) throws {
        try self.init(arguments, during: action)
    }

    init(
        _ arguments: [String], environment more: [String: String] = [:],
        during action: (Process) throws -> Void = { _ in }
    ) throws {
        let process = Process()
        process.executableURL = Self.executable
        process.arguments = arguments
        var environment = ProcessInfo.processInfo.environment
        environment["SWIFT_DETERMINISTIC_HASHING"] = nil
        environment.merge(more) { $1 }
        process.environment = environment
        let base = NSTemporaryDirectory() + "dice-\(UUID().uuidString)"
        let files = [base + ".out", base + ".err"]
        defer { for path in files { try? FileManager.default.removeItem(atPath: path) } }
        for path in files { try Data().write(to: URL(fileURLWithPath: path)) }
        process.standardOutput = FileHandle(forWritingAtPath: files[0])
        process.standardError = FileHandle(forWritingAtPath: files[1])
        try process.run()
        try action(process)
        process.waitUntilExit()
        code = process.terminationStatus
        output = try String(contentsOfFile: files[0], encoding: .utf8)
        errors = try String(contentsOfFile: files[1], encoding: .utf8)
    }

    func value(_ name: String) -> String? {
        output.split(separator: "\n").first { $0.hasPrefix(name + " ") }
            .map { $0.dropFirst(name.count).trimmingCharacters(in: .whitespaces) }
    }
}

@Suite struct `A simulation tool` {
    @Test func `gives one hash for any number of processes`() throws {
        let results = try ["1", "2", "3"].map {
            try Dice("simulate", "fair", "--count", "40", "--jobs", $0)
        }
        #expect(results.map(\.code) == [0, 0, 0])
        #expect(Set(results.map { $0.value("campaign hash") }).count == 1)
        #expect(results.allSatisfy { $0.value("run twice") == "4" })
    }

    @Test(arguments: Leak.open, ["1", "2"])
    func `catches what leaks into a run, and shows the first event that differs`(
        _ leak: Leak, _ jobs: String
    ) throws {
        let dice = try Dice(
            "simulate", leak.rawValue, "--count", "4", "--check-every", "1", "--jobs", jobs)
        #expect(dice.code == 1)
        #expect(dice.output.contains(": determinism"), "\(dice.output)")
        #expect(dice.output.contains("the first event that differs is line "))
    }

    /// What the leaks are caught by would be worth nothing if it caught everything.
    @Test(arguments: ["1", "2"]) func `catches nothing where nothing leaks`(_ jobs: String) throws {
        let dice = try Dice(
            "simulate", "sealed", "--count", "20", "--check-every", "1", "--jobs", jobs)
        #expect(dice.code == 0, "\(dice.output)")
        #expect(dice.value("run twice") == "20")
    }

    @Test func `catches the order of hashing only where it is one`() throws {
        let arguments = ["simulate", "hash-order", "--count", "4", "--check-every", "1"]
        let dice = try Dice(
            arguments, environment: ["SWIFT_DETERMINISTIC_HASHING": "1"])
        #expect(dice.code == 0, "\(dice.output)")
    }

    @Test func `hears answers however much the system under test prints`() throws {
        let dice = try Dice("simulate", "talkative", "--count", "200", "--check-every", "1")
        #expect(dice.code == 0, "\(dice.errors)")
        #expect((dice.value("seeds"), dice.value("failures")) == ("200", "0"))
    }

    @Test(arguments: ["--report", "--junit", "--keep"])
    func `says before the work where nothing can be written`(_ option: String) throws {
        let dice = try Dice("simulate", "no-six", "--count", "5", option, "/dev/null/no/file")
        #expect(dice.code != 0)
        #expect(dice.output.isEmpty, "\(dice.output)")
        #expect(dice.errors.contains("/dev/null/no"), "\(dice.errors)")
    }

    @Test func `loses one seed where a process dies, and goes on`() throws {
        let dice = try Dice("simulate", "broken-table", "--count", "10", "--jobs", "2")
        #expect(dice.code == 1)
        #expect((dice.value("seeds"), dice.value("failures")) == ("10", "3"))
        #expect(dice.output.contains("the process survives"))
        #expect(dice.output.contains("the table broke"))
    }

    @Test(arguments: [(SIGINT, 130), (SIGTERM, 143)] as [(Int32, Int32)])
    func `prints what it has after a signal, and says so`(_ signal: Int32, _ code: Int32) throws {
        let dice = try Dice("simulate", "fair", "--count", "10000000", "--jobs", "2") {
            Thread.sleep(forTimeInterval: 1)
            kill($0.processIdentifier, signal)
        }
        #expect(dice.code == code)
        #expect(dice.value("seeds")?.hasSuffix(" (interrupted)") == true, "\(dice.output)")
        #expect(dice.value("failures") == "0")
    }

    @Test(arguments: [(SIGINT, 130), (SIGTERM, 143)] as [(Int32, Int32)])
    func `prints its table after a signal`(_ signal: Int32, _ code: Int32) throws {
        let dice = try Dice(
            "score", "six", "seven", "--campaigns", "2", "--seeds-most", "10000000", "--jobs", "1"
        ) {
            Thread.sleep(forTimeInterval: 1)
            kill($0.processIdentifier, signal)
        }
        #expect(dice.code == code)
        #expect(dice.value("six")?.hasPrefix("1 of 1") == true, "\(dice.output)")
        #expect(dice.value("seven")?.hasPrefix("-") == true)
        #expect(dice.output.contains("1 of 2 bugs found"))
        #expect(dice.output.contains("(interrupted)\nnot searched to the end: seven\n"))
    }

    @Test func `ends when its time is over, with all that it began`() throws {
        let dice = try Dice("simulate", "fair", "--minutes", "0.02", "--jobs", "1")
        #expect(dice.code == 0)
        let told = try #require(dice.value("seeds"))
        #expect(told.hasSuffix(" (its time was over)"), "\(told)")
        let count = try #require(told.split(separator: " ").first.map(String.init))
        let again = try Dice("simulate", "fair", "--count", count, "--jobs", "2")
        #expect(again.value("campaign hash") == dice.value("campaign hash"))
    }

    @Test func `names each situation that was never reached, where that is demanded`() throws {
        let calm = try Dice("simulate", "fair", "--count", "40")
        let strict = try Dice("simulate", "fair", "--count", "40", "--demand-sometimes")
        #expect((calm.code, strict.code) == (0, 1))
        #expect(strict.errors == "never reached: a seven\n")
    }

    @Test func `merges what shards reported`() throws {
        let folder = NSTemporaryDirectory() + "dice-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let files = (0..<3).map { "\(folder)/\($0).json" }
        for (index, file) in files.enumerated() {
            let shard = ["--shard", "\(index)/3", "--report", file]
            try Dice("simulate", "fair", "--count", "31", shard[0], shard[1], shard[2], shard[3])
        }
        let whole = try Dice("simulate", "fair", "--count", "31")
        let merged = try Dice("merge", files[2], files[0], files[1])
        #expect(merged.code == 0)
        #expect(merged.value("campaign hash") == whole.value("campaign hash"))
        #expect(merged.value("throws") == whole.value("throws"))
        let broken = try Dice("merge", files[2], files[0])
        #expect(broken.code != 0)
        #expect(broken.errors == "Error: Shard 1/3 is missing.\n")
    }

    @Test func `replays what it printed, bugs included`() throws {
        let dice = try Dice(
            "simulate", "--bug", "six", "--count", "5", "--failures-most", "1", "--jobs", "1")
        #expect(dice.code == 1)
        #expect(dice.output.contains("replay die+six --seed 0"))
        let replay = try Dice("replay", "die+six", "--seed", "0", "--trace")
        #expect(replay.code == 1)
        #expect(replay.output.hasPrefix("SEED=0 dice 1, forbidden 6\n["))
        #expect(replay.value("FAILED")?.hasPrefix("no 6") == true)
    }

    @Test func `keeps a failure, makes it small, tells it in words and replays it`() throws {
        let directory = NSTemporaryDirectory() + "kept-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let campaign = try Dice(
            "simulate", "die+six", "--count", "20", "--failures-most", "1", "--keep", directory)
        #expect(campaign.code == 1)
        let kept = try FileManager.default.contentsOfDirectory(atPath: directory)
        let file = directory + "/" + (try #require(kept.first))
        #expect(file.hasSuffix(".story"))
        let small = directory + "/small"
        let shrunk = try Dice("shrink", file, "--out", small)
        #expect(shrunk.code == 0)
        #expect(shrunk.output.contains("PROPERTY no 6 broke: a 6 was thrown"))
        #expect(shrunk.output.contains("choices became 1, without any one of them"))
        let replay = try Dice("replay", small)
        #expect(replay.code == 1)
        #expect(replay.value("story") == "the same run, to the letter")
        let bad = try Dice("replay", directory)
        #expect(bad.code != 0 && bad.errors.split(separator: "\n").count == 1)
    }

    @Test func `scores how fast bugs are found, and misses what can't be found`() throws {
        let path = NSTemporaryDirectory() + "score-\(UUID().uuidString).md"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let dice = try Dice(
            "score", "--campaigns", "3", "--seeds-most", "40", "--markdown", path, "--jobs", "2")
        #expect(dice.code == 1)
        #expect(dice.value("six")?.hasPrefix("3 of 3") == true)
        #expect(dice.value("six")?.contains("no 6 ×3") == true)
        #expect(dice.value("seven")?.hasPrefix("NO") == true)
        #expect(dice.output.contains(">40"))
        #expect(dice.output.contains("1 of 2 bugs found"))
        let table = try String(contentsOfFile: path, encoding: .utf8)
        #expect(table.contains("| six | 3 of 3 |"))
    }

    @Test func `counts the same seeds whatever the number of processes`() throws {
        let scores = try ["1", "2"].map {
            let dice = try Dice("score", "six", "--campaigns", "4", "--jobs", $0, "--json")
            return try JSONDecoder().decode(ScoreResult.self, from: Data(dice.output.utf8))
        }
        #expect(scores[0].bugs[0].findings.map(\.seed) == scores[1].bugs[0].findings.map(\.seed))
        let finding = try #require(scores[0].bugs[0].findings.last)
        #expect(finding.seed >= 3 << 32)
        #expect(finding.seed == 3 << 32 + finding.seeds - 1)
        #expect(scores[0].bugs[0].replay?.contains("replay die+six --seed ") == true)
    }
}
