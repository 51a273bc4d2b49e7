import DequeModule
package import StateMachine

/// What a server knows of its own log without asking its journal: where epochs begin, how
/// far it reaches, how far it is durable, and its latest entries.
///
/// Invariant: `durable <= last`; the cache ends with `last` and holds every entry that is
/// not yet applied.
package struct LogView: Equatable, Sendable {
    /// Where each epoch begins, rising.
    package private(set) var runs: [EpochRun]
    /// The last index, durable or not.
    package private(set) var last: LogIndex
    /// The last index that is durable.
    package private(set) var durable: LogIndex
    private var cache: Deque<Entry>
    /// Log ends that become durable with tickets not yet answered, in order.
    private var pending: Deque<PendingEnd> = []

    private struct PendingEnd: Equatable, Sendable {
        var ticket: UInt64
        var last: LogIndex
    }

    package init(_ recovered: Recovered) {
        runs = recovered.runs
        last = recovered.last
        durable = recovered.last
        cache = Deque(recovered.tail)
    }

    /// The first index that is in memory; one past the end where none is.
    package var cacheFirst: LogIndex { LogIndex(last.number + 1 - UInt64(cache.count)) }

    /// The epoch of the last entry.
    package var lastEpoch: Epoch { runs.last?.epoch ?? .zero }

    /// The epoch at an index: zero at index zero, nil beyond the end.
    /// - Complexity: logarithmic in the number of epochs.
    package func epoch(at index: LogIndex) -> Epoch? {
        guard index <= last else { return nil }
        guard index > .zero, let run = run(at: index) else { return .zero }
        return runs[run].epoch
    }

    /// The first index of the epoch that `index` belongs to.
    package func runStart(at index: LogIndex) -> LogIndex {
        run(at: index).map { runs[$0].first } ?? .zero
    }

    private func run(at index: LogIndex) -> Int? {
        if let newest = runs.last, newest.first <= index { return runs.count - 1 }
        var low = 0
        var high = runs.count
        while low < high {
            let middle = (low + high) / 2
            if runs[middle].first <= index { low = middle + 1 } else { high = middle }
        }
        return low == 0 ? nil : low - 1
    }

    /// An entry that is in memory.
    package func cached(_ index: LogIndex) -> Entry? {
        guard index >= cacheFirst, index <= last else { return nil }
        return cache[Int(index.number - cacheFirst.number)]
    }

    /// Entries from an index on that are in memory; nil where the journal has to be asked.
    package func cached(from first: LogIndex, through end: LogIndex, count: Int, bytes: Int)
        -> [Entry]?
    {
        guard first >= cacheFirst else { return nil }
        var entries: [Entry] = []
        var size = 0
        var index = first
        while index <= end, entries.count < count, size < bytes {
            let entry = cache[Int(index.number - cacheFirst.number)]
            size += entry.weight
            entries.append(entry)
            index = index.next
        }
        return entries
    }

    /// Adds an entry that becomes durable with a ticket.
    package mutating func append(_ entry: Entry, ticket: Ticket) {
        precondition(
            entry.index == last.next && entry.epoch >= lastEpoch,
            "entry \(entry.index) of \(entry.epoch) after \(last) of \(lastEpoch)")
        if runs.last?.epoch != entry.epoch {
            runs.append(EpochRun(first: entry.index, epoch: entry.epoch))
        }
        cache.append(entry)
        last = entry.index
        if pending.last?.ticket == ticket.number {
            pending[pending.count - 1].last = last
        } else {
            pending.append(PendingEnd(ticket: ticket.number, last: last))
        }
    }

    /// Removes everything from an index on. What becomes durable later can't bring it back.
    ///
    /// With `keepsDurable`, planted bug P13, what comes in its place counts as durable at once.
    package mutating func cut(from index: LogIndex, keepsDurable: Bool = false) {
        let end = index.previous
        let removed = min(Int(last.number - end.number), cache.count)
        cache.removeLast(removed)
        while let run = runs.last, run.first >= index { runs.removeLast() }
        for slot in pending.indices { pending[slot].last = min(pending[slot].last, end) }
        last = end
        if !keepsDurable { durable = min(durable, end) }
    }

    /// Everything written with this ticket, or an earlier one, is durable.
    package mutating func written(_ ticket: Ticket) {
        while let end = pending.first, end.ticket <= ticket.number {
            durable = max(durable, end.last)
            pending.removeFirst()
        }
    }

    /// Forgets applied entries beyond the number to keep in memory.
    package mutating func trim(applied: LogIndex, keeping count: Int) {
        while cache.count > count, cacheFirst <= applied { cache.removeFirst() }
    }
}

extension Entry {
    /// Roughly how many bytes it takes on the wire.
    package var weight: Int {
        guard case .command(let command) = payload else { return 48 }
        let names = command.sender.utf8.count + (command.request?.session.utf8.count ?? 0)
        return 96 + names + command.action.weight
    }
}

extension Action {
    /// How many bytes its texts have.
    fileprivate var weight: Int {
        switch self {
        case .join(let room), .leave(let room), .makePrivate(let room): room.utf8.count
        case .chat(let room, let text): room.utf8.count + text.utf8.count
        case .invite(let room, let guest): room.utf8.count + guest.utf8.count
        case .setAccount(let account): account.name.utf8.count + account.verifier.utf8.count
        case .removeAccount(let name): name.utf8.count
        }
    }
}
