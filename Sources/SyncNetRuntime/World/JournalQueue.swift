import Logging
import NIOCore
import NodeRuntime
import StateMachine
import SyncNetProtocol

/// One thing that the machine asked of its journal.
enum JournalJob: Sendable {
    /// All that one event asked to write, with the tickets that it asked under.
    case commit([JournalWrite], [Ticket])
    case fetch(JournalQuery, Ticket)
}

/// The journal as the machine's loop sees it: gathers jobs while the disk's thread works.
///
/// Whatever gathers meanwhile goes to the disk together, and consecutive commits become one
/// transaction there (group commit): the more there is to do, the less each commit costs.
final class JournalQueue: Flushable {
    private static let readsAtOnce = 16

    private let disk: DiskThread
    private let inbox: Inbox<SyncNet>
    private let ticks: TickEnd
    private let logger: Logger
    private var writes: [JournalWrite] = []
    private var tickets: [Ticket] = []
    private var fetches: [(JournalQuery, Ticket)] = []
    private var waiting: [JournalJob] = []
    private var isBusy = false
    private var isTouched = false
    private var hasFailed = false
    /// How long commits took.
    private(set) var commits = Tally.Histogram()

    init(
        on disk: DiskThread, into inbox: Inbox<SyncNet>, flushedBy ticks: TickEnd, logger: Logger
    ) {
        self.disk = disk
        self.logger = logger
        self.inbox = inbox
        self.ticks = ticks
    }

    func write(_ write: JournalWrite, ticket: Ticket) {
        writes.append(write)
        if tickets.last != ticket { tickets.append(ticket) }
    }

    func fetch(_ query: JournalQuery, ticket: Ticket) { fetches.append((query, ticket)) }

    /// What one event asked for is complete.
    func settle() {
        guard !writes.isEmpty || !fetches.isEmpty else { return }
        if !writes.isEmpty { waiting.append(.commit(writes, tickets)) }
        for (query, ticket) in fetches { waiting.append(.fetch(query, ticket)) }
        writes.removeAll(keepingCapacity: true)
        tickets.removeAll(keepingCapacity: true)
        fetches.removeAll(keepingCapacity: true)
        guard !isBusy, !isTouched else { return }
        isTouched = true
        ticks.touch(self)
    }

    func flush() {
        isTouched = false
        guard !isBusy, !hasFailed, !waiting.isEmpty else { return }
        isBusy = true
        let jobs = takeBatch()
        disk.perform(jobs).assumeIsolated().whenSuccess { self.finish($0) }
    }

    /// What is answered together: no more reads than that, since writes among them would wait for
    /// the last one, and all their pages would be in memory at once.
    private func takeBatch() -> [JournalJob] {
        var reads = 0
        let end = waiting.firstIndex { job in
            if case .fetch = job { reads += 1 }
            return reads > Self.readsAtOnce
        }
        defer { waiting.removeFirst(end ?? waiting.count) }
        return Array(waiting[..<(end ?? waiting.count)])
    }

    /// Has what the start left verified, while the server works.
    func verifyHistory() {
        disk.verifyHistory().assumeIsolated().whenSuccess { self.take($0) }
    }

    private func finish(_ outcome: DiskThread.Outcome) {
        isBusy = false
        take(outcome)
        flush()
    }

    private func take(_ outcome: DiskThread.Outcome) {
        if let trouble = outcome.trouble, !hasFailed { logger.critical("\(trouble)") }
        for time in outcome.commits { commits.add(nanoseconds: time) }
        for event in outcome.events {
            if case .journalFailed = event { hasFailed = true }
            inbox.put(event)
        }
    }
}
