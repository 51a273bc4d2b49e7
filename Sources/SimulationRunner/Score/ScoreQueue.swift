/// The jobs of a score: each process searches one campaign after the other, each up to its
/// first failure.
struct ScoreQueue: JobSource {
    /// One campaign for one bug.
    struct Search: Equatable {
        /// The place of the bug in the list.
        var entry: Int
        var campaign: Int
    }

    private struct Progress {
        var search: Search
        var told: UInt64 = 0
        var answered: UInt64 = 0
        var cpuSeconds = 0.0
        var returned: [SeedJob] = []
    }

    /// The first seeds of two campaigns are so far apart.
    static let distance: UInt64 = 1 << 32

    private let names: [String]
    private let seedsMost: UInt64
    private var waiting: ArraySlice<Search>
    private var running: [Int: Progress] = [:]

    init(_ names: [String], campaigns: Int, seedsMost: UInt64) {
        self.names = names
        self.seedsMost = seedsMost
        waiting =
            (0..<campaigns).flatMap { campaign in
                names.indices.map { Search(entry: $0, campaign: campaign) }
            }[...]
    }

    var isEmpty: Bool { waiting.isEmpty && running.isEmpty }

    mutating func next(for worker: Int) -> SeedJob? {
        if running[worker] == nil, let search = waiting.popFirst() {
            running[worker] = Progress(search: search)
        }
        guard var progress = running[worker] else { return nil }
        defer { running[worker] = progress }
        if let job = progress.returned.popLast() { return job }
        guard progress.told < seedsMost else { return nil }
        let first = UInt64(progress.search.campaign) * Self.distance
        defer { progress.told += 1 }
        return SeedJob(scenario: names[progress.search.entry], seed: first + progress.told)
    }

    mutating func putBack(_ jobs: [SeedJob], of worker: Int) {
        running[worker]?.returned = jobs.reversed()
    }

    /// Takes an answer. Gives what came of the search where that is decided.
    mutating func take(
        _ result: SeedResult, by worker: Int
    ) -> (search: Search, finding: ScoreFinding)? {
        guard var progress = running[worker] else { return nil }
        progress.answered += 1
        progress.cpuSeconds += result.cpuSeconds
        guard result.property != nil || progress.answered == seedsMost else {
            running[worker] = progress
            return nil
        }
        running[worker] = nil
        let finding = ScoreFinding(
            seeds: progress.answered, seed: result.seed, cpuSeconds: progress.cpuSeconds,
            property: result.property)
        return (progress.search, finding)
    }
}
