import NIOCore
import NIOPosix
import StateMachine
import SyncNetProtocol

/// The thread on which the disk is waited for, so that the machine's loop never does.
///
/// It is an event loop of its own: a store belongs to it like a channel to another one.
final class DiskThread: Sendable {
    private let own: any EventLoop
    private let asking: any EventLoop
    private let store: NIOLoopBoundBox<(any JournalStore)?>
    /// What is looked at besides.
    private let side: NIOLoopBoundBox<Side?>

    /// A check that is under way on another thread, and its end.
    private struct Side {
        var check: any SideCheck
        var end: EventLoopFuture<Outcome>
    }

    /// Uses the loop `own` for nothing but waiting; answers on the loop `asking`.
    init(own: any EventLoop, asking: any EventLoop) {
        self.own = own
        self.asking = asking
        store = .makeEmptyBox(valueType: (any JournalStore).self, eventLoop: own)
        side = .makeEmptyBox(valueType: Side.self, eventLoop: own)
    }

    /// Opens the store; answers what it kept, and what an operator should read about it.
    func open(_ opener: @escaping StoreOpener) -> EventLoopFuture<(Recovered, [String])> {
        let store = store
        return own.submit {
            let opened = try opener()
            store.value = opened.store
            return (opened.recovered, opened.notices)
        }.hop(to: asking)
    }

    /// What came of jobs.
    struct Outcome: Sendable {
        var events: [Event<SyncNet>] = []
        /// How long each commit took, in nanoseconds.
        var commits: [UInt64] = []
        /// What is wrong with the store, in a sentence.
        var trouble: String?

        mutating func fail(_ error: any Error) {
            let failure = (error as? any JournalStoreError)?.journalFailure ?? .broken
            events.append(.journalFailed(failure))
            trouble = "\(error)"
        }
    }

    /// Lets the store verify what its start has left, in steps between which jobs get their
    /// turn; answers at the end, or when it fails.
    func verifyHistory() -> EventLoopFuture<Outcome> {
        let done = own.makePromise(of: Outcome.self)
        let besides = own.flatSubmit { self.checkBesides() }
        own.execute { self.verifyMore(done) }
        return done.futureResult.and(besides).map { steps, check in
            steps.events.isEmpty ? check : steps
        }.hop(to: asking)
    }

    private func checkBesides() -> EventLoopFuture<Outcome> {
        guard let check = store.value?.besides else {
            return own.makeSucceededFuture(Outcome())
        }
        let end = NIOThreadPool.singleton.runIfActive(eventLoop: own) {
            var outcome = Outcome()
            do { try check.run() } catch { outcome.fail(error) }
            return outcome
        }
        side.value = Side(check: check, end: end)
        return end
    }

    private func verifyMore(_ done: EventLoopPromise<Outcome>) {
        var outcome = Outcome()
        do {
            if try store.value?.verifyMore() == true {
                return own.execute { self.verifyMore(done) }
            }
        } catch {
            outcome.fail(error)
        }
        done.succeed(outcome)
    }

    /// Performs jobs in order, and answers with their events in that order.
    func perform(_ jobs: [JournalJob]) -> EventLoopFuture<Outcome> {
        let store = store
        return own.submit {
            guard let store = store.value else { return Outcome() }
            return Self.perform(jobs, in: store)
        }.hop(to: asking)
    }

    func close() -> EventLoopFuture<Void> {
        let (own, store, side) = (own, store, side)
        return own.flatSubmit {
            store.value?.close()
            store.value = nil
            guard let last = side.value else { return own.makeSucceededVoidFuture() }
            last.check.cancel()
            return last.end.map { _ in }
        }.hop(to: asking)
    }

    private static func perform(
        _ jobs: [JournalJob], in store: any JournalStore
    ) -> Outcome {
        var outcome = Outcome()
        var writes: [JournalWrite] = []
        var tickets: [Ticket] = []
        func commit() throws {
            guard !writes.isEmpty else { return }
            let began = NIODeadline.now()
            try store.commit(writes)
            let took = NIODeadline.now() - began
            outcome.commits.append(UInt64(clamping: took.nanoseconds))
            outcome.events += tickets.map { .written($0) }
            writes.removeAll(keepingCapacity: true)
            tickets.removeAll(keepingCapacity: true)
        }
        do {
            for job in jobs {
                switch job {
                case .commit(let more, let theirs):
                    writes += more
                    tickets += theirs
                case .fetch(let query, let ticket):
                    try commit()
                    outcome.events.append(.fetched(try store.answer(query), ticket))
                }
            }
            try commit()
        } catch {
            outcome.fail(error)
        }
        return outcome
    }
}
