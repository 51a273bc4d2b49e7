import Foundation

/// Processes that work off the jobs of a source.
struct Crew<Source: JobSource> {
    /// A job that is done, and by which process.
    struct Answer {
        var worker: Int
        var job: SeedJob
        var result: SeedResult
    }

    /// So many jobs are told to a worker ahead, so that it never waits for the next one.
    private static var ahead: Int { 3 }
    private let size: Int
    private let busyMost: Int
    private let arguments: [String]
    private let secondsMost: Double
    private var workers: [Worker] = []
    /// When answers were last read.
    private var lastRead = SuspendingClock.now
    /// Nobody has stood still who was not read for longer.
    private static var gapMost: Double { 2 }
    /// Where the jobs come from.
    var source: Source

    /// A crew of `size` processes, of which `busyMost` work at a time.
    /// A job that takes more seconds than `secondsMost` of the wall clock ends its process; 0
    /// lets it.
    init(
        _ size: Int, busyMost: Int, arguments: [String], secondsMost: Double = 0, source: Source
    ) {
        self.size = size
        self.busyMost = busyMost
        self.arguments = arguments
        self.secondsMost = secondsMost
        self.source = source
    }

    /// Whether there is nothing left to do.
    var isDone: Bool { source.isEmpty && workers.allSatisfy { $0.outstanding.isEmpty } }

    mutating func start() throws {
        // Writing to a worker that has just died must not end us.
        signal(SIGPIPE, SIG_IGN)
        while workers.count < size { workers.append(try Worker(arguments: arguments)) }
        feed()
    }

    /// Hands out jobs.
    mutating func feed() {
        for index in workers.indices {
            let worker = workers[index]
            if worker.outstanding.isEmpty {
                let busy = workers.count { !$0.outstanding.isEmpty }
                guard busy < busyMost else { continue }
            }
            // It would be blamed for what it never begins.
            guard !worker.isBeingEnded else { continue }
            while worker.outstanding.count < Self.ahead, let job = source.next(for: index) {
                worker.take(job)
            }
        }
    }

    /// What the processes are running.
    var underWay: [SeedJob] { workers.compactMap { $0.runsDropped ? nil : $0.outstanding.first } }

    /// Forgets what a process was told and has not answered.
    mutating func drop(_ worker: Int) { workers[worker].drop() }

    /// Waits for answers, but no longer than so long.
    mutating func wait(milliseconds: Int32, isEnding: () -> Bool) throws -> [Answer] {
        var descriptors = workers.flatMap {
            [
                pollfd(fd: $0.outputDescriptor, events: Int16(POLLIN), revents: 0),
                pollfd(fd: $0.errorDescriptor, events: Int16(POLLIN), revents: 0),
            ]
        }
        let hasGap = lastRead.duration(to: .now).seconds > Self.gapMost
        _ = poll(&descriptors, nfds_t(descriptors.count), milliseconds)
        lastRead = .now
        var answers: [Answer] = []
        for index in workers.indices {
            if descriptors[index * 2 + 1].revents & Int16(POLLIN) != 0 {
                workers[index].readErrors()
            }
            if descriptors[index * 2].revents != 0 {
                answers += try workers[index].readAnswers().map {
                    Answer(worker: index, job: $0.job, result: $0.result)
                }
            }
            if hasGap { workers[index].excuse() }
            if secondsMost > 0 { workers[index].end(after: secondsMost) }
            if workers[index].hasEnded {
                // A scheduler ends all processes of a job at once, and we may hear later.
                if workers[index].wasTerminated { usleep(100_000) }
                if isEnding() { break }
                answers += try replace(index)
            }
        }
        return answers
    }

    /// A worker ended: the seed that it was running is a failure, the others are run by its
    /// successor.
    private mutating func replace(_ index: Int) throws -> [Answer] {
        let outstanding = workers[index].outstanding
        let obituary = workers[index].obituary()
        let isEndless = workers[index].isBeingEnded
        // What it died of may be a seed that nobody waits for any more.
        let isToBlame = !workers[index].runsDropped
        source.putBack(Array(outstanding.dropFirst(isToBlame ? 1 : 0)), of: index)
        workers[index] = try Worker(arguments: arguments)
        guard isToBlame, let job = outstanding.first else { return [] }
        return [Answer(worker: index, job: job, result: .died(job, obituary, isEndless: isEndless))]
    }

    func dismiss() {
        for worker in workers { worker.dismiss() }
    }
}
