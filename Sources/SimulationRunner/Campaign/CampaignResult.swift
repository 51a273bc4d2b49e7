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
    /// The command line that repeats it.
    public var replay: String
}

/// What a campaign ended with.
public struct CampaignResult: Codable, Equatable, Sendable {
    /// How many seeds were run.
    public var seeds: UInt64 = 0
    /// How many events were handled.
    public var events: UInt64 = 0
    /// How much time passed in the simulated worlds.
    public var simulatedSeconds: Double = 0
    /// How long it took.
    public var wallSeconds: Double = 0
    /// Processes that worked at a time.
    public var jobs: Int = 1
    /// All runs in 64 bits, in hexadecimal: the same however many processes took part, and
    /// in whatever order they ended.
    public var hash: String = "0"
    /// What was counted, by name.
    public var counters: [String: UInt64] = [:]
    /// The names of the counters, in the order in which they first came.
    public var counterOrder: [String] = []
    /// How often each rare situation was reached, by name; 0 where it never was.
    public var reached: [String: UInt64] = [:]
    /// How many seeds broke a property, also those that are not listed.
    public var failureCount: Int = 0
    /// The failures, by scenario and seed.
    public var failures: [CampaignFailure] = []
    /// Whether it was interrupted before its end.
    public var isInterrupted = false

    private var sum: UInt64 = 0

    /// Makes an empty one.
    public init() {}

    /// Whether every seed kept every property.
    public var isClean: Bool { failureCount == 0 }

    mutating func add(_ result: SeedResult, replay: (String, UInt64) -> String) {
        seeds += 1
        events += result.events
        let simulated = Double(result.simulatedNanoseconds) / 1e9
        simulatedSeconds += simulated
        // A sum does not care about the order in which processes finish.
        sum &+= result.fingerprint
        hash = String(sum, radix: 16)
        for point in result.sometimes { reached[point.name, default: 0] += point.value }
        for counter in result.counters {
            if counters[counter.name] == nil { counterOrder.append(counter.name) }
            counters[counter.name, default: 0] += counter.value
        }
        guard let property = result.property else { return }
        failureCount += 1
        failures.append(
            CampaignFailure(
                scenario: result.scenario, seed: result.seed, property: property,
                simulatedSeconds: simulated, detail: result.detail ?? "",
                replay: replay(result.scenario, result.seed)))
        failures.sort { ($0.scenario, $0.seed) < ($1.scenario, $1.seed) }
    }

    /// The result as lines for people.
    public var text: String {
        var lines = failures.map(Self.text)
        lines.append(contentsOf: summary)
        return lines.joined(separator: "\n")
    }

    private static func text(_ failure: CampaignFailure) -> String {
        let time = String(format: "%.6f", failure.simulatedSeconds)
        let detail = failure.detail.replacingOccurrences(of: "\n", with: "\n    ")
        return """
            FAILED \(failure.scenario) seed \(failure.seed) at \(time) s: \(failure.property)
                \(detail)
                \(failure.replay)

            """
    }

    private var summary: [String] {
        let ratio = wallSeconds > 0 ? simulatedSeconds / wallSeconds : 0
        let speed = wallSeconds > 0 ? Double(events) / wallSeconds : 0
        var rows: [(String, String)] = [
            ("seeds", "\(seeds)" + (isInterrupted ? " (interrupted)" : "")),
            ("events", "\(events)"),
            (
                "simulated time",
                String(format: "%.0f s, %.0f times real time", simulatedSeconds, ratio)
            ),
            ("wall time", String(format: "%.1f s, %d at a time", wallSeconds, jobs)),
            ("events per second", String(format: "%.0f", speed)),
        ]
        rows += counterOrder.map { ($0, "\(counters[$0] ?? 0)") }
        rows += reached.sorted { $0.key < $1.key }.map { ("sometimes: \($0.key)", "\($0.value)") }
        rows.append(("campaign hash", hash))
        rows.append(("failures", "\(failureCount)"))
        let width = rows.map(\.0.count).max() ?? 0
        return rows.map { $0.0.padding(toLength: width + 2, withPad: " ", startingAt: 0) + $0.1 }
    }

    /// The result as JSON.
    public func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }

    private enum CodingKeys: CodingKey {
        case seeds, events, simulatedSeconds, wallSeconds, jobs, hash, counters, counterOrder
        case reached, failureCount, failures, isInterrupted
    }
}
