import Foundation

/// Compares two runs of one seed, and finds the event at which they went apart.
struct DeterminismCheck {
    /// The name of what breaks where two runs of a seed differ.
    static let property = "determinism"
    /// So many traces are made to see the difference again.
    private static let attempts = 4

    /// Runs a seed with its trace in a file, where possible in a process of its own.
    let trace: (SeedJob, String) throws -> Void

    /// The failure; nil where both runs are one.
    func failure(
        _ job: SeedJob, _ one: SeedResult, _ other: SeedResult,
        replay: (String, UInt64) -> String
    ) -> CampaignFailure? {
        guard let difference = Self.difference(one, other) else { return nil }
        return CampaignFailure(
            scenario: job.scenario, seed: job.seed, property: Self.property,
            simulatedSeconds: Double(one.simulatedNanoseconds) / 1e9,
            detail: "two runs of this seed differ: \(difference)\n" + explain(job),
            configuration: one.configuration,
            replay: replay(job.scenario, job.seed))
    }

    /// What differs first, in words; nil where nothing does. Time on a processor may.
    static func difference(_ one: SeedResult, _ other: SeedResult) -> String? {
        var (one, other) = (one, other)
        (one.cpuNanoseconds, other.cpuNanoseconds) = (0, 0)
        guard one != other else { return nil }
        func pair(_ what: String, _ left: String, _ right: String) -> String? {
            left == right ? nil : "\(what) \(left) and \(right)"
        }
        func broken(_ result: SeedResult) -> String {
            result.property.map { "\($0) (\(result.detail ?? ""))" } ?? "nothing"
        }
        let counters = zip(
            one.counters + one.sometimes + one.measures,
            other.counters + other.sometimes + other.measures
        ).lazy.compactMap { pair($0.name, "\($0.value)", "\($1.value)") }.first
        return pair("trace hash", one.hexadecimalHash, other.hexadecimalHash)
            ?? pair("events", "\(one.events)", "\(other.events)")
            ?? pair("broken", broken(one), broken(other))
            ?? counters ?? "what they count or say of themselves"
    }

    /// Repeats the seed with traces until two of them differ.
    private func explain(_ job: SeedJob) -> String {
        let folder = NSTemporaryDirectory() + "simulation-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true)
            try trace(job, folder + "/once")
            for _ in 1..<Self.attempts {
                try trace(job, folder + "/then")
                if let found = try TraceDifference.between(folder + "/once", folder + "/then") {
                    return found.text
                }
            }
        } catch {
            return "their traces can't be compared: \(error)"
        }
        return "\(Self.attempts) traces of it are alike: what differs is not in the trace, or "
            + "depends on the time or on what the process ran before"
    }
}
