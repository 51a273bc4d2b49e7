import StateMachine

/// The numbering of a client's requests: 1, 2, 3, … without gap, and which wait for an answer.
///
/// A session ends when the servers have forgotten it, or when one of its numbers can't be
/// used: then another begins, whose requests are numbered anew.
struct ClientSession: Equatable, Sendable {
    /// What comes of the outstanding orders when a session ends.
    struct Remains: Equatable {
        /// They may have been applied.
        var inDoubt: [PendingOrder]
        /// They have not been applied and never will be in the old session.
        var unapplied: [PendingOrder]
    }

    /// The name that the owner gave.
    let base: Text
    /// How many requests may be outstanding; the servers keep as many answers.
    let window: UInt64
    /// How many sessions came before this one.
    private(set) var generation: UInt64 = 0
    /// The number of the next request.
    private(set) var next: UInt64 = 1
    /// Without an answer, rising by number.
    private(set) var outstanding: [NumberedOrder] = []
    /// Numbers up to here were sent on this connection.
    private(set) var sentThrough: UInt64 = 0
    /// How often in a row the lowest request was told of a gap.
    private(set) var gaps: UInt32 = 0

    init(base: Text, window: Int) {
        self.base = base
        self.window = UInt64(max(window, 1))
    }

    /// The session's name on the wire.
    var name: Text {
        generation == 0 ? base : Text(utf8: base.utf8 + Array("'\(generation)".utf8))
    }

    /// Whether one more request may be numbered. The span counts, not how many are left in
    /// it: the servers keep the answers to the last numbers, whichever were acknowledged.
    var hasRoom: Bool { next - (outstanding.first?.number ?? next) < window }

    /// Whether an acknowledged number can be sent again: its answer is still kept by the
    /// servers, however far they have got. The first one can't. Servers that have forgotten
    /// the session would take it for the beginning of a new one, and apply once more what
    /// comes after it; any other number they refuse.
    func isRepeatable(_ number: UInt64) -> Bool { number > 1 && number + window >= next }

    mutating func number(_ order: PendingOrder) {
        precondition(hasRoom, "\(outstanding.count) requests are outstanding already")
        outstanding.append(NumberedOrder(number: next, order: order))
        next += 1
    }

    /// The next order to send on this connection, in the order of the numbers.
    mutating func takeUnsent(now: Instant) -> NumberedOrder? {
        let slot = firstSlot(above: sentThrough)
        guard slot < outstanding.count, !outstanding[slot].isVoid else { return nil }
        outstanding[slot].sent(at: now)
        sentThrough = outstanding[slot].number
        return outstanding[slot]
    }

    /// Has everything from a number on sent again.
    mutating func rewind(to number: UInt64) {
        sentThrough = min(sentThrough, number - 1)
    }

    func slot(of number: UInt64) -> Int? {
        let slot = firstSlot(above: number - 1)
        return slot < outstanding.count && outstanding[slot].number == number ? slot : nil
    }

    subscript(slot: Int) -> NumberedOrder { outstanding[slot] }

    mutating func refusedOnce(at slot: Int) { outstanding[slot].refusedOnce() }

    mutating func outcomeUnknown(at slot: Int) { outstanding[slot].outcomeUnknown() }

    mutating func makeVoid(at slot: Int) { outstanding[slot].isVoid = true }

    /// Counts a gap that the lowest request was told of; false when there were too many.
    mutating func countGap() -> Bool {
        gaps += 1
        return gaps <= Limits.gapsMax
    }

    mutating func answered(at slot: Int) -> NumberedOrder {
        gaps = 0
        return outstanding.remove(at: slot)
    }

    mutating func connectionLost() {
        sentThrough = 0
        for slot in outstanding.indices { outstanding[slot].connectionLost() }
    }

    /// Ends the session and begins another.
    ///
    /// The servers apply the numbers in order. So from the first number on of which every copy
    /// was refused, none has been applied, and none can be: that number is never sent again.
    /// What stands before it may have been.
    mutating func startAnew() -> Remains {
        connectionLost()
        let known = outstanding.firstIndex { !$0.isInDoubt } ?? outstanding.count
        let remains = Remains(
            inDoubt: outstanding[..<known].filter { !$0.isVoid }.map(\.order),
            unapplied: outstanding[known...].filter { !$0.isVoid }.map(\.order))
        generation += 1
        next = 1
        outstanding.removeAll()
        gaps = 0
        return remains
    }

    private func firstSlot(above number: UInt64) -> Int {
        var low = 0
        var high = outstanding.count
        while low < high {
            let middle = (low + high) / 2
            if outstanding[middle].number <= number { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
