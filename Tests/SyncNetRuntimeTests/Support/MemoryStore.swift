import StateMachine
import SyncNetProtocol
import SyncNetRuntime
import Synchronization

/// A disk that remembers what it was asked, and can be slow or break.
final class MemoryDisk: Sendable {
    struct Call: Equatable {
        var writes: Int
        var isFetch = false
    }

    let calls = Mutex<[Call]>([])
    let isClosed = Mutex(false)
    let steps = Mutex(0)
    private let failsAfter: Int
    private let damagedAfter: Int
    private let gate: Gate?

    /// Holds every commit back until it is opened.
    final class Gate: Sendable {
        private let opened = Mutex(false)
        func open() { opened.withLock { $0 = true } }
        func pass() { while !opened.withLock({ $0 }) {} }
    }

    init(failsAfter: Int = .max, damagedAfter: Int = 0, gate: Gate? = nil) {
        self.failsAfter = failsAfter
        self.damagedAfter = damagedAfter
        self.gate = gate
    }

    struct Broken: JournalStoreError {
        var journalFailure: JournalFailure { .full }
    }

    struct Damaged: JournalStoreError, CustomStringConvertible {
        var journalFailure: JournalFailure { .damaged }
        var description: String { "entry 7 is another one" }
    }

    struct Store: JournalStore {
        let disk: MemoryDisk

        func commit(_ writes: [JournalWrite]) throws {
            disk.gate?.pass()
            try disk.calls.withLock {
                guard $0.count < disk.failsAfter else { throw Broken() }
                $0.append(Call(writes: writes.count))
            }
        }

        func answer(_ query: JournalQuery) throws -> JournalAnswer {
            disk.calls.withLock { $0.append(Call(writes: 0, isFetch: true)) }
            return .entries([])
        }

        var besides: (any SideCheck)? { nil }

        /// Finds damage after so many steps; none is left where that is none.
        func verifyMore() throws -> Bool {
            guard disk.damagedAfter > 0 else { return false }
            return try disk.steps.withLock {
                $0 += 1
                guard $0 <= disk.damagedAfter else { throw Damaged() }
                return true
            }
        }

        func close() { disk.isClosed.withLock { $0 = true } }
    }

    var opener: StoreOpener {
        {
            OpenedStore(
                store: Store(disk: self),
                recovered: Recovered(disk: DiskID(1), boot: Boot(1)))
        }
    }
}
