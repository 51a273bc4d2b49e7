import Foundation

/// What came of one campaign for one bug.
public struct ScoreFinding: Codable, Equatable, Sendable {
    /// How many seeds it took, the failing one included; all where none failed.
    public var seeds: UInt64
    /// The last seed that was run: where a property broke, the one that broke it.
    public var seed: UInt64
    /// What the processors spent, in seconds.
    public var cpuSeconds: Double
    /// The property that broke; nil where none did.
    public var property: String?
}

/// What came of one bug.
public struct BugScore: Codable, Equatable, Sendable {
    /// The bug.
    public var id: String
    /// What is wrong.
    public var summary: String
    /// The campaigns that came to their end.
    public internal(set) var findings: [ScoreFinding] = []
    /// The command line that repeats one of the failures.
    public internal(set) var replay: String?

    init(id: String, summary: String) {
        self.id = id
        self.summary = summary
    }

    /// In how many campaigns a property broke.
    public var foundCount: Int { findings.count { $0.property != nil } }

    /// The seeds to the first failure, in ascending order; nil stands for more than were run.
    public var seeds: [UInt64?] {
        let found = findings.filter { $0.property != nil }.map(\.seeds).sorted()
        return found + Array(repeating: nil, count: findings.count - found.count)
    }

    /// The median of the seeds, of an even number of campaigns the mean of the two in the
    /// middle; nil where that is unknown, as a campaign in the middle found nothing.
    public var medianSeeds: UInt64? {
        let seeds = seeds
        guard !seeds.isEmpty, let low = seeds[(seeds.count - 1) / 2],
            let high = seeds[seeds.count / 2]
        else { return nil }
        return low + (high - low) / 2
    }

    /// What the processors spent in the median campaign, in seconds.
    public var medianSeconds: Double {
        let seconds = findings.map(\.cpuSeconds).sorted()
        guard !seconds.isEmpty else { return 0 }
        return (seconds[(seconds.count - 1) / 2] + seconds[seconds.count / 2]) / 2
    }

    /// What broke, the most frequent first, with how often.
    public var properties: [(name: String, count: Int)] {
        let names = findings.compactMap(\.property)
        let counts = Dictionary(names.map { ($0, 1) }, uniquingKeysWith: +)
        return counts.map { (name: $0.key, count: $0.value) }
            .sorted { ($1.count, $0.name) < ($0.count, $1.name) }
    }
}

/// How fast known bugs are found.
public struct ScoreResult: Codable, Equatable, Sendable {
    /// The bugs, in the order in which they were given.
    public internal(set) var bugs: [BugScore]
    /// How many campaigns each was to have.
    public internal(set) var campaigns: Int
    /// After how many seeds a campaign gave up.
    public internal(set) var seedsMost: UInt64
    /// How long all took.
    public internal(set) var wallSeconds: Double = 0
    /// What the processors spent in all, in seconds.
    public internal(set) var cpuSeconds: Double = 0
    /// How many processes worked at a time.
    public internal(set) var jobs: Int = 1
    /// Whether it was interrupted before its end.
    public internal(set) var isInterrupted = false
    /// The signal that interrupted it.
    public internal(set) var signal: Int32?

    init(bugs: [BugScore], campaigns: Int, seedsMost: UInt64) {
        self.bugs = bugs
        self.campaigns = campaigns
        self.seedsMost = seedsMost
    }

    /// Those that no campaign found, by id. Where it was interrupted, those are not among them
    /// of which no campaign came to its end.
    public var missed: [String] {
        bugs.filter { $0.foundCount == 0 && (!isInterrupted || !$0.findings.isEmpty) }.map(\.id)
    }

    /// Those of which no campaign came to its end, by id.
    public var unsearched: [String] { bugs.filter { $0.findings.isEmpty }.map(\.id) }

    /// The result as JSON.
    public func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
}
