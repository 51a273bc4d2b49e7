import Foundation

/// The processes of a campaign, and the seeds among them.
struct Crew {
    /// So many seeds are told to a worker ahead, so that it never waits for the next one.
    private static let ahead = 3
    private let size: Int
    private let arguments: [String]
    private var waiting: ArraySlice<SeedJob>
    private var workers: [Worker] = []

    init(_ size: Int, arguments: [String], jobs: [SeedJob]) {
        self.size = size
        self.arguments = arguments
        waiting = jobs[...]
    }

    var isDone: Bool { waiting.isEmpty && workers.allSatisfy { $0.outstanding.isEmpty } }

    mutating func start() throws {
        // Writing to a worker that has just died must not end us.
        signal(SIGPIPE, SIG_IGN)
        while workers.count < size { workers.append(try hire()) }
    }

    private mutating func hire() throws -> Worker {
        let worker = try Worker(arguments: arguments)
        feed(worker)
        return worker
    }

    private mutating func feed(_ worker: Worker) {
        while worker.outstanding.count < Self.ahead, let job = waiting.popFirst() {
            worker.take(job)
        }
    }

    /// Waits for answers, but no longer than so long.
    mutating func wait(milliseconds: Int32, isEnding: Bool) throws -> [SeedResult] {
        var descriptors = workers.flatMap {
            [
                pollfd(fd: $0.outputDescriptor, events: Int16(POLLIN), revents: 0),
                pollfd(fd: $0.errorDescriptor, events: Int16(POLLIN), revents: 0),
            ]
        }
        _ = poll(&descriptors, nfds_t(descriptors.count), milliseconds)
        var results: [SeedResult] = []
        for index in workers.indices {
            if descriptors[index * 2 + 1].revents & Int16(POLLIN) != 0 {
                workers[index].readErrors()
            }
            guard descriptors[index * 2].revents != 0 else { continue }
            results += try workers[index].readAnswers()
            if workers[index].hasEnded {
                if isEnding { continue }
                results += try replace(index)
            }
            feed(workers[index])
        }
        return results
    }

    /// A worker ended: the seed that it was running is a failure, the others are run by its
    /// successor.
    private mutating func replace(_ index: Int) throws -> [SeedResult] {
        let outstanding = workers[index].outstanding
        let obituary = workers[index].obituary()
        waiting = ArraySlice(outstanding.dropFirst() + waiting)
        workers[index] = try hire()
        return outstanding.first.map { [SeedResult.died($0, obituary)] } ?? []
    }

    func dismiss() {
        for worker in workers { worker.dismiss() }
    }
}
