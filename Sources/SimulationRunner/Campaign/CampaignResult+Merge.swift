import Foundation

extension CampaignResult {
    /// Reads a report.
    static func load(_ path: String) throws -> CampaignResult {
        struct Version: Decodable { var format: Int }
        guard let data = FileManager.default.contents(atPath: path) else {
            throw RunnerError("\(path) can't be read.")
        }
        guard let version = try? JSONDecoder().decode(Version.self, from: data) else {
            throw RunnerError("\(path) is no report of a campaign, as --report writes it.")
        }
        guard version.format == Self.format else {
            throw RunnerError(
                "\(path) is a report in format \(version.format), but this version reads "
                    + "\(Self.format).")
        }
        do {
            return try JSONDecoder().decode(CampaignResult.self, from: data)
        } catch {
            throw RunnerError("\(path) is a damaged report: \(error)")
        }
    }

    /// The result of the whole campaign, from the results of all its shards with their names.
    ///
    /// All but the times and the number of processes is what the whole campaign would have
    /// given. Throws where shards are missing, given twice, or not of one campaign.
    public static func merged(_ parts: [(name: String, result: CampaignResult)]) throws
        -> CampaignResult
    {
        guard let first = parts.first else { throw RunnerError("There is nothing to merge.") }
        var found: [Int: String] = [:]
        for (name, part) in parts {
            if let why = part.difference(from: first.result) {
                throw RunnerError("\(name) and \(first.name) are of two campaigns: \(why).")
            }
            if let other = found.updateValue(name, forKey: part.shard.index) {
                throw RunnerError("\(other) and \(name) are both shard \(part.shard).")
            }
        }
        let count = first.result.shard.count
        let missing = (0..<count).filter { found[$0] == nil }.map { "\($0)/\(count)" }
        guard missing.isEmpty else {
            let verb =
                missing.count == 1
                ? "Shard \(missing[0]) is"
                : "Shards "
                    + missing.joined(separator: ", ") + " are"
            throw RunnerError("\(verb) missing.")
        }
        let ordered = parts.sorted { $0.result.shard.index < $1.result.shard.index }
        var whole = ordered[0].result
        whole.shard = .whole
        for part in ordered.dropFirst() { whole.add(part.result) }
        return whole
    }

    /// What several campaigns came to together, each of them whole, in one shard or in all.
    public static func together(_ parts: [(name: String, result: CampaignResult)]) throws
        -> CampaignResult
    {
        var campaigns: [[(name: String, result: CampaignResult)]] = []
        for part in parts {
            let place = campaigns.firstIndex { $0[0].result.difference(from: part.result) == nil }
            if let place { campaigns[place].append(part) } else { campaigns.append([part]) }
        }
        let wholes = try campaigns.map { try merged($0) }
        guard var sum = wholes.first else { throw RunnerError("There is nothing to merge.") }
        for whole in wholes.dropFirst() {
            let seconds = sum.wallSeconds + whole.wallSeconds
            let jobs = max(sum.jobs, whole.jobs)
            sum.add(whole)
            // One campaign was run after the other.
            (sum.wallSeconds, sum.jobs) = (seconds, jobs)
            sum.scenarios += whole.scenarios.filter { !sum.scenarios.contains($0) }
            sum.firstSeed = min(sum.firstSeed, whole.firstSeed)
            sum.endSeed = max(sum.endSeed, whole.endSeed)
        }
        return sum
    }

    private func difference(from other: CampaignResult) -> String? {
        func both(_ what: String, _ mine: String, _ theirs: String) -> String? {
            mine == theirs ? nil : "the \(what) are \(mine) and \(theirs)"
        }
        func range(_ result: CampaignResult) -> String {
            "\(result.firstSeed)..<\(result.endSeed)"
        }
        func names(_ result: CampaignResult) -> String {
            result.scenarios.joined(separator: " ")
        }
        return both("seeds", range(self), range(other))
            ?? both("scenarios", names(self), names(other))
            ?? both("numbers of shards", "\(shard.count)", "\(other.shard.count)")
            ?? both("arguments", told(self, other), told(other, self))
    }

    /// With what the processes of one were started, where the other one says it as well: a
    /// planted bug, or other scenarios of the same names.
    private func told(_ result: CampaignResult, _ other: CampaignResult) -> String {
        guard let arguments = result.arguments, other.arguments != nil else { return "unknown" }
        // Paths are each machine's own.
        return arguments.filter { !$0.contains("/") }.joined(separator: " ")
    }

    private mutating func add(_ part: CampaignResult) {
        seeds += part.seeds
        checkedSeeds += part.checkedSeeds
        events += part.events
        simulatedMicroseconds += part.simulatedMicroseconds
        wallSeconds = max(wallSeconds, part.wallSeconds)
        jobs += part.jobs
        add(hash: UInt64(part.hash, radix: 16) ?? 0)
        for name in part.counterOrder { add(part.counters[name] ?? 0, to: name) }
        for (name, point) in part.sometimes {
            sometimes[name, default: SometimesTally()].add(
                point.hits, point.firstSeed, point.scenario)
        }
        measures.merge(part.measures) { mine, theirs in
            var sum = mine
            sum.add(theirs)
            return sum
        }
        tallies.merge(part.tallies) { mine, theirs in
            ScenarioTally(
                seeds: mine.seeds + theirs.seeds, failures: mine.failures + theirs.failures,
                cpuSeconds: mine.cpuSeconds + theirs.cpuSeconds)
        }
        failureCount += part.failureCount
        failures += part.failures
        failures.sort { ($0.scenario, $0.seed) < ($1.scenario, $1.seed) }
        isInterrupted = isInterrupted || part.isInterrupted
        if let more = part.underWay { underWay = (underWay ?? []) + more }
        signal = signal ?? part.signal
        isOutOfTime = isOutOfTime || part.isOutOfTime
    }
}
