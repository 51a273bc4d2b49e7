/// Where the processes of a ``Crew`` get their work.
protocol JobSource {
    /// The next job for one of the processes; nil where there is none for it now.
    mutating func next(for worker: Int) -> SeedJob?
    /// Takes a job back that a process did not get to.
    mutating func putBack(_ jobs: [SeedJob], of worker: Int)
    /// Whether there will be no more jobs, whatever comes of those that are being run.
    var isEmpty: Bool { get }
}

/// The jobs of a campaign: those that are left, and the repetitions.
struct CampaignQueue: JobSource {
    private struct Repetition {
        var job: SeedJob
        var first: SeedResult
        /// The process that made the first run.
        var avoided: Int
        var isTaken = false
    }

    /// So many repetitions may wait for each process; until they are made, nothing new begins.
    private static let waitingMost = 8
    private let plan: CampaignPlan
    private let workers: Int
    private var position: UInt64 = 0
    private var end: UInt64
    private var returned: [SeedJob] = []
    private var repetitions: [Repetition] = []

    init(_ plan: CampaignPlan, workers: Int) {
        self.plan = plan
        self.workers = workers
        end = plan.count
    }

    var isEmpty: Bool { position == end && returned.isEmpty && repetitions.isEmpty }

    /// Begins nothing new; repetitions are still made.
    mutating func close() { end = position }

    mutating func next(for worker: Int) -> SeedJob? {
        let free = repetitions.firstIndex {
            !$0.isTaken && ($0.avoided != worker || workers == 1)
        }
        if let free {
            repetitions[free].isTaken = true
            return repetitions[free].job
        }
        guard repetitions.count(where: { !$0.isTaken }) < Self.waitingMost * workers else {
            return nil
        }
        if let job = returned.popLast() { return job }
        guard position < end else { return nil }
        defer { position += 1 }
        return plan.job(position)
    }

    mutating func putBack(_ jobs: [SeedJob], of worker: Int) {
        for job in jobs {
            if job.isCheck, let index = index(of: job) {
                repetitions[index].isTaken = false
            } else {
                returned.append(job)
            }
        }
    }

    /// Has a seed run again, by another process where there is one.
    mutating func repeatLater(_ job: SeedJob, _ first: SeedResult, by worker: Int) {
        var job = job
        job.isCheck = true
        repetitions.append(Repetition(job: job, first: first, avoided: worker))
    }

    /// What came of the first run of a repetition that is done.
    mutating func first(of job: SeedJob) -> SeedResult? {
        index(of: job).map { repetitions.remove(at: $0).first }
    }

    private func index(of job: SeedJob) -> Int? {
        repetitions.firstIndex { $0.job == job }
    }
}
