import StateMachine

/// A room that the client follows: what was shown of it, and how it is subscribed.
///
/// Invariant: `shown` never goes back, and every message shown is the room's next one.
struct FollowedRoom: Equatable, Sendable {
    /// How the room's messages get here.
    enum Subscription: Equatable, Sendable {
        /// Not on this connection.
        case none
        /// Asked for on this connection, with the number of the acknowledged join.
        case asked(at: Instant)
        /// The server pushes.
        case live
    }

    /// What a pushed message is to the room.
    enum Verdict: Equatable {
        /// Next, and before those that were held back for it.
        case show(then: [RoomMessage])
        /// Shown already.
        case repeated
        /// Something before it is missing.
        case hole
        /// Where the room starts for this client is not known yet.
        case early
    }

    /// Its name.
    let name: Text
    /// Up to here everything was shown, or is not wanted; nil until the join is answered
    /// where only new messages are wanted.
    private(set) var shown: LogIndex?
    /// The highest index that was pushed on this connection.
    private(set) var heard = LogIndex.zero
    /// Pushed, but something before it is missing; rising.
    private(set) var held: [RoomMessage] = []
    /// The read that fills the hole.
    var fetch: UInt64?
    /// The acknowledged join in the current session, by which the room can be asked for again.
    var join: UInt64?
    /// Whether a join was ever acknowledged.
    private(set) var isMember = false
    /// Whether the owner gave it up, and the answer is not there yet.
    var isLeaving = false
    /// How its messages get here.
    var subscription = Subscription.none
    /// Whether some membership has ended, maybe this one: the server may push nothing more.
    var isDoubted = false
    /// Joins without an answer, on their way or waiting for a number: they will subscribe.
    private(set) var pendingJoins: UInt32 = 0
    /// Whether two joins were pending at once. The server begins a subscription anew with
    /// each, and the second one need not know from where.
    private var hasOverlap = false

    init(name: Text, after: LogIndex?) {
        self.name = name
        shown = after
    }

    /// Whether something is known to exist that was not shown.
    var isBehind: Bool { shown.map { heard > $0 } ?? false }

    /// Whether it has to be asked for again on this connection.
    var needsSubscription: Bool {
        isMember && !isLeaving && subscription == .none && pendingJoins == 0
    }

    mutating func joinOrdered() {
        if case .asked = subscription { hasOverlap = true }
        hasOverlap = hasOverlap || pendingJoins > 0
        pendingJoins += 1
    }

    mutating func joinAnswered() { pendingJoins -= min(pendingJoins, 1) }

    /// A join was acknowledged. Answers whether something may have been missed before it.
    mutating func joined(by numbered: NumberedOrder, at index: LogIndex) -> Bool {
        joinAnswered()
        join = numbered.number
        isMember = true
        subscription = .live
        // A copy of it may have been applied long ago, when this connection did not listen;
        // and a push that came before the acknowledgement was not shown.
        let isLate = shown == nil && numbered.sends > 1
        shown = shown ?? index
        defer { if pendingJoins == 0 { hasOverlap = false } }
        return isLate || hasOverlap || isBehind
    }

    /// A page was served in a doubted room: it is asked for again, since it may not be pushed.
    mutating func becomesSure() {
        guard isDoubted else { return }
        isDoubted = false
        if subscription == .live { subscription = .none }
    }

    /// The membership ended; a join that was ordered later begins another one.
    mutating func left() {
        isMember = false
        join = nil
        subscription = .none
    }

    mutating func receive(_ message: RoomMessage) -> Verdict {
        heard = max(heard, message.index)
        guard let shown else { return .early }
        guard message.index > shown else { return .repeated }
        guard message.previous <= shown else {
            hold(message)
            return .hole
        }
        self.shown = message.index
        return .show(then: releaseHeld())
    }

    /// Takes note that there are messages up to an index.
    mutating func exists(upTo index: LogIndex) { heard = max(heard, index) }

    /// Takes a page that was asked for after `shown`, and answers what to show of it.
    mutating func receive(page: [RoomMessage]) -> [RoomMessage] {
        var due: [RoomMessage] = []
        for message in page where message.room == name {
            guard case .show(let held) = receive(message) else { continue }
            due.append(message)
            due += held
        }
        return due
    }

    /// Takes note that a message was shown unchecked.
    mutating func showedUnchecked(_ message: RoomMessage) {
        shown = max(shown ?? .zero, message.index)
    }

    /// What was missing comes with the next subscription, which begins after `shown`.
    ///
    /// With `seen`, planted bug P21, after the last that the client knows of, shown or not.
    mutating func connectionLost(skippingTo seen: LogIndex?) {
        if let seen, let shown { self.shown = max(shown, heard, seen) }
        heard = .zero
        held.removeAll()
        fetch = nil
        isDoubted = false
        subscription = .none
    }

    /// A number of the old session means nothing in the new one, for which so many joins wait.
    mutating func sessionLost(pendingJoins: UInt32) {
        join = nil
        subscription = .none
        self.pendingJoins = pendingJoins
    }

    private mutating func hold(_ message: RoomMessage) {
        guard held.count < Limits.heldMessagesMax else { return }
        guard message.index > (held.last?.index ?? .zero) else { return }
        held.append(message)
    }

    private mutating func releaseHeld() -> [RoomMessage] {
        guard !held.isEmpty, var latest = shown else { return [] }
        var due: [RoomMessage] = []
        var taken = 0
        for message in held {
            guard message.previous <= latest else { break }
            taken += 1
            guard message.index > latest else { continue }
            due.append(message)
            latest = message.index
        }
        held.removeFirst(taken)
        shown = latest
        return due
    }
}

/// Rooms in the byte order of their names.
struct FollowedRooms: Equatable, Sendable {
    private(set) var list: [FollowedRoom] = []

    subscript(name: Text) -> FollowedRoom? {
        guard let slot = slot(of: name) else { return nil }
        return list[slot]
    }

    subscript(slot: Int) -> FollowedRoom {
        get { list[slot] }
        _modify { yield &list[slot] }
    }

    func slot(of name: Text) -> Int? {
        let slot = place(of: name)
        return slot < list.count && list[slot].name == name ? slot : nil
    }

    /// The room that waits for an answer to a join that was acknowledged before.
    func slot(askedBy number: UInt64) -> Int? {
        list.firstIndex { room in
            if case .asked = room.subscription { room.join == number } else { false }
        }
    }

    mutating func insert(_ room: FollowedRoom) {
        list.insert(room, at: place(of: room.name))
    }

    mutating func remove(_ name: Text) {
        if let slot = slot(of: name) { list.remove(at: slot) }
    }

    mutating func removeAll() { list.removeAll() }

    private func place(of name: Text) -> Int {
        var low = 0
        var high = list.count
        while low < high {
            let middle = (low + high) / 2
            if list[middle].name < name { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
