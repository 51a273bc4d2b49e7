import StateMachine
import SyncNetProtocol

/// A server's log as a judge sees it: from what the server asks its journal to write, and
/// from what the journal answers.
///
/// Each position holds the fingerprint of the whole log up to there, so that equality of
/// two logs up to an index is one comparison.
struct ShadowLog {
    struct Link: Equatable {
        /// Fingerprint of all entries up to this one.
        var chain: UInt64
        var epoch: UInt64
        var stamp: UInt64
    }

    private struct Pending {
        var ticket: Ticket
        /// Writes of one event are one commit: after a crash all of them are there, or none.
        var commit: UInt64
        /// Entries before the position are untouched by this write.
        var position: Int
        var removed: [Link]
    }

    private(set) var links: [Link] = []
    /// The entries that are durable now and stay so whatever is written next.
    private(set) var durableCount = 0
    private var pending: [Pending] = []

    var count: Int { links.count }

    /// Whether a cut is on its way to the disk: a crash may still undo it.
    var isBeingCut: Bool { pending.contains { !$0.removed.isEmpty } }

    func chain(at index: Int) -> UInt64 { index == 0 ? 0 : links[index - 1].chain }

    func holdsDurably(_ index: Int, _ chain: UInt64) -> Bool {
        index <= durableCount && self.chain(at: index) == chain
    }

    static func link(_ entry: Entry, after chain: UInt64) -> Link {
        var digest = Digest(chain)
        digest.mix(Digest.of(entry))
        return Link(
            chain: digest.value, epoch: entry.epoch.number, stamp: entry.stamp.number)
    }

    mutating func append(_ entry: Entry) {
        links.append(Self.link(entry, after: links.last?.chain ?? 0))
    }

    /// Notes that the entries from a position on were asked for with a ticket.
    mutating func asked(from position: Int, _ ticket: Ticket, commit: UInt64) {
        pending.append(Pending(ticket: ticket, commit: commit, position: position, removed: []))
    }

    mutating func cut(from index: Int, _ ticket: Ticket, commit: UInt64) {
        let position = min(index - 1, links.count)
        let removed = Array(links[position...])
        links.removeSubrange(position...)
        pending.append(
            Pending(ticket: ticket, commit: commit, position: position, removed: removed))
        durableCount = min(durableCount, position)
    }

    mutating func written(_ ticket: Ticket) {
        var done = 0
        while done < pending.count, pending[done].ticket <= ticket { done += 1 }
        guard done > 0 else { return }
        pending.removeFirst(done)
        durableCount = pending.reduce(links.count) { min($0, $1.position) }
    }

    /// After a crash: finds which of the unanswered commits the disk has kept, the later
    /// ones first. False where what was found is none of the possible logs.
    mutating func reconcile(with found: Recovered) -> Bool {
        while !matches(found) {
            guard let last = pending.last else { return false }
            while let write = pending.last, write.commit == last.commit {
                links.removeSubrange(write.position...)
                links.append(contentsOf: write.removed)
                pending.removeLast()
            }
        }
        pending.removeAll()
        durableCount = links.count
        return true
    }

    private func matches(_ found: Recovered) -> Bool {
        guard UInt64(links.count) == found.last.number else { return false }
        guard links.last?.epoch == found.runs.last?.epoch.number else { return false }
        let applied = Int(found.applied.number)
        guard applied <= links.count, applied + found.tail.count == links.count else {
            return false
        }
        var chain = chain(at: applied)
        for entry in found.tail { chain = Self.link(entry, after: chain).chain }
        return chain == self.chain(at: links.count)
    }
}
