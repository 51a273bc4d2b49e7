import DeterministicSimulation
import Foundation
import StateMachine

/// What a worker tells of one seed, as one line of JSON.
struct SeedResult: Codable, Equatable, Sendable {
    struct Number: Codable, Equatable, Sendable {
        var name: String
        var value: UInt64
    }

    var scenario: String
    var seed: UInt64
    var events: UInt64 = 0
    var simulatedNanoseconds: UInt64 = 0
    var hash: UInt64 = 0
    var counters: [Number] = []
    var sometimes: [Number] = []
    var measures: [Number] = []
    var property: String?
    var detail: String?
    var configuration: String?
    /// What the processor spent on it. Not the same in two runs of one seed.
    var cpuNanoseconds: UInt64 = 0

    init(scenario: String, seed: UInt64) {
        self.scenario = scenario
        self.seed = seed
    }

    /// Runs a seed of a scenario that was asked for by a name. One that throws has failed.
    init(
        _ scenario: any SimulatedScenario, as name: String, seed: UInt64,
        trace: ((String) -> Void)? = nil
    ) {
        self.init(scenario: name, seed: seed)
        let begin = Self.processorTime
        defer { cpuNanoseconds = Self.processorTime - begin }
        do {
            take(try scenario.run(RunRequest(seed: seed, trace: trace)).report)
        } catch {
            property = "the scenario runs"
            detail = "\(error)"
        }
    }

    /// What came of a run that was made.
    init(_ report: RunReport, of scenario: String, seed: UInt64) {
        self.init(scenario: scenario, seed: seed)
        take(report)
    }

    private mutating func take(_ report: RunReport) {
        events = report.events
        simulatedNanoseconds = report.simulated.nanoseconds
        hash = report.hash
        counters = (report.counters + report.counts.list).map {
            Number(name: $0.name, value: $0.value)
        }
        sometimes = report.sometimes.map { Number(name: $0.name, value: $0.value) }
        measures = report.measures.map { Number(name: $0.name, value: $0.nanoseconds) }
        configuration = report.configuration
        property = report.violation?.property
        detail = report.violation?.detail
    }

    var cpuSeconds: Double { Double(cpuNanoseconds) / 1e9 }

    private static var processorTime: UInt64 {
        var time = timespec()
        guard clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time) == 0 else { return 0 }
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    var hexadecimalHash: String { String(hash, radix: 16) }

    /// The property of a failure that ended its process.
    static let death = "the process survives"
    /// The property of one that was ended since it took too long.
    static let endless = "the run ends"
    var hasDied: Bool { property == Self.death || property == Self.endless }

    /// A worker that ended while it ran this seed; `endless` where we ended it.
    static func died(_ job: SeedJob, _ how: String, isEndless: Bool = false) -> SeedResult {
        var result = SeedResult(scenario: job.scenario, seed: job.seed)
        result.property = isEndless ? endless : death
        result.detail = how
        return result
    }

    /// A run that could not be made.
    static func failed(_ job: SeedJob, _ error: any Error) -> SeedResult {
        var result = SeedResult(scenario: job.scenario, seed: job.seed)
        result.property = "the scenario runs"
        result.detail = "\(error)"
        return result
    }

    /// This run in 64 bits, with its name and its seed.
    var fingerprint: UInt64 {
        var mixed: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in scenario.utf8 { mixed = (mixed ^ UInt64(byte)) &* 0x100_0000_01B3 }
        for word in [seed, hash, events] {
            mixed ^= word
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            mixed ^= mixed >> 31
        }
        return mixed
    }
}
