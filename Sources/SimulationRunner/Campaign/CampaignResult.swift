import DeterministicSimulation
import Foundation

/// A seed that broke a property.
public struct CampaignFailure: Codable, Equatable, Sendable {
    /// The scenario.
    public var scenario: String
    /// The seed.
    public var seed: UInt64
    /// The property that broke.
    public var property: String
    /// When, in seconds of simulated time.
    public var simulatedSeconds: Double
    /// What was seen.
    public var detail: String
    /// What was drawn before the run began, where the scenario says it.
    public var configuration: String?
    /// The command line that repeats it.
    public var replay: String
}

/// How often a rare but legal situation was reached.
public struct SometimesTally: Codable, Equatable, Sendable {
    /// How often, over all seeds.
    public var hits: UInt64 = 0
    /// The lowest seed that reached it.
    public var firstSeed: UInt64?
    /// The scenario of that seed.
    public var scenario: String?

    /// Counts hits of a seed, or of many whose lowest it is.
    mutating func add(_ more: UInt64, _ seed: UInt64?, _ place: String?) {
        hits += more
        guard more > 0, let seed, seed < firstSeed ?? .max else { return }
        (firstSeed, scenario) = (seed, place)
    }
}

/// What came of one scenario.
public struct ScenarioTally: Codable, Equatable, Sendable {
    /// How many seeds were run.
    public var seeds: UInt64 = 0
    /// How many of them broke a property.
    public var failures: Int = 0
    /// What the processors spent on it, in seconds.
    public var cpuSeconds: Double = 0
}

/// What a campaign ended with, or a shard of one, or several shards together.
public struct CampaignResult: Codable, Equatable, Sendable {
    /// Changes where a report can't be read by an older version, or the other way round.
    static let format = 1

    /// How many seeds were run.
    public internal(set) var seeds: UInt64 = 0
    /// How many of them were run twice.
    public internal(set) var checkedSeeds: UInt64 = 0
    /// How many events were handled.
    public internal(set) var events: UInt64 = 0
    /// How much time passed in the simulated worlds, in microseconds.
    public internal(set) var simulatedMicroseconds: UInt64 = 0
    /// How long it took, in seconds; of several shards, the longest.
    public internal(set) var wallSeconds: Double = 0
    /// Processes that worked at a time, in all shards.
    public internal(set) var jobs: Int = 1
    /// All runs in 64 bits, in hexadecimal: the same however many processes and shards took
    /// part, and in whatever order they ended.
    public internal(set) var hash: String = "0"
    /// What was counted, by name.
    public internal(set) var counters: [String: UInt64] = [:]
    /// The names of the counters, in the order in which they first came.
    public internal(set) var counterOrder: [String] = []
    /// How often each rare situation was reached, by name.
    public internal(set) var sometimes: [String: SometimesTally] = [:]
    /// What was measured in simulated time, by name.
    public internal(set) var measures: [String: Histogram] = [:]
    /// What came of each scenario, by name.
    public internal(set) var tallies: [String: ScenarioTally] = [:]
    /// How many seeds broke a property, also those that are not listed.
    public internal(set) var failureCount: Int = 0
    /// The failures, by scenario and seed.
    public internal(set) var failures: [CampaignFailure] = []
    /// Whether it was interrupted before its end.
    public internal(set) var isInterrupted = false
    /// The signal that interrupted it; nil where it is unknown.
    public internal(set) var signal: Int32?
    /// Whether its time was over before its end.
    public internal(set) var isOutOfTime = false
    /// The seeds that were being run when it was interrupted, each behind its scenario's name.
    public internal(set) var underWay: [String]?
    /// What the processes that ran the seeds were told: the same for all shards of a campaign.
    var arguments: [String]?

    /// The scenarios, in the order in which seeds are dealt out to them.
    public internal(set) var scenarios: [String] = []
    /// The first seed of the whole campaign.
    public internal(set) var firstSeed: UInt64 = 0
    /// The seed after the last one of the whole campaign.
    public internal(set) var endSeed: UInt64 = 0
    /// Which part of it this is.
    public internal(set) var shard = Shard.whole
    /// The version of these fields.
    private(set) var format = Self.format

    init(_ plan: CampaignPlan) {
        scenarios = plan.scenarios
        (firstSeed, endSeed) = (plan.seeds.lowerBound, plan.seeds.upperBound)
        shard = plan.shard
        for name in plan.scenarios { tallies[name] = ScenarioTally() }
    }

    /// Whether every seed kept every property.
    public var isClean: Bool { failureCount == 0 }

    /// How much time passed in the simulated worlds, in seconds.
    public var simulatedSeconds: Double { Double(simulatedMicroseconds) / 1e6 }

    /// The rare situations that no seed reached, in order.
    public var neverReached: [String] {
        sometimes.filter { $0.value.hits == 0 }.map(\.key).sorted()
    }

    mutating func add(_ result: SeedResult, replay: (String, UInt64) -> String) {
        seeds += 1
        events += result.events
        simulatedMicroseconds += result.simulatedNanoseconds / 1_000
        // A sum does not care about the order in which processes finish.
        add(hash: result.fingerprint)
        tallies[result.scenario, default: ScenarioTally()].seeds += 1
        tallies[result.scenario, default: ScenarioTally()].cpuSeconds += result.cpuSeconds
        for counter in result.counters { add(counter.value, to: counter.name) }
        for point in result.sometimes {
            sometimes[point.name, default: SometimesTally()].add(
                point.value, result.seed, result.scenario)
        }
        for measure in result.measures {
            measures[measure.name, default: Histogram()].add(measure.value)
        }
        fail(result, replay: replay)
    }

    /// Counts a run that broke a property.
    mutating func fail(_ result: SeedResult, replay: (String, UInt64) -> String) {
        guard let property = result.property else { return }
        fail(
            CampaignFailure(
                scenario: result.scenario, seed: result.seed, property: property,
                simulatedSeconds: Double(result.simulatedNanoseconds) / 1e9,
                detail: result.detail ?? "", configuration: result.configuration,
                replay: replay(result.scenario, result.seed)))
    }

    mutating func fail(_ failure: CampaignFailure) {
        failureCount += 1
        tallies[failure.scenario, default: ScenarioTally()].failures += 1
        failures.append(failure)
        failures.sort { ($0.scenario, $0.seed) < ($1.scenario, $1.seed) }
    }

    mutating func add(hash other: UInt64) {
        hash = String((UInt64(hash, radix: 16) ?? 0) &+ other, radix: 16)
    }

    mutating func add(_ value: UInt64, to counter: String) {
        if counters[counter] == nil { counterOrder.append(counter) }
        counters[counter, default: 0] += value
    }

    /// The result as JSON.
    public func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
}
