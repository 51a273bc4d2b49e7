import StateMachine

/// A write that the client's owner, or the client itself, wants done.
struct PendingOrder: Equatable, Sendable {
    /// What the owner calls it; nil where the client only renews a subscription.
    var order: UInt64?
    /// What to do.
    var action: Action
    /// When it was ordered, in seconds since 1970. A retry says the same.
    var createdAt: Double
}

/// An order that has its number in the session, and no answer yet.
struct NumberedOrder: Equatable, Sendable {
    /// Its number.
    let number: UInt64
    /// What is wanted.
    let order: PendingOrder
    /// How often it was sent on this connection without having been answered.
    private(set) var unanswered: UInt32 = 0
    /// When it was last sent on this connection.
    private(set) var sentAt: Instant?
    /// How often it was sent at all.
    private(set) var sends: UInt32 = 0
    /// Whether a copy of it was lost sight of: it may have been applied.
    private(set) var isInDoubt = false
    /// How often a server answered that nobody knows.
    private(set) var doubts: UInt32 = 0
    /// Whether a server refused it without using up its number.
    var isVoid = false

    /// Whether another copy than the one that was refused just now may have been applied.
    var hasOtherCopies: Bool { isInDoubt || unanswered > 0 }

    /// Whether it is a join that may hold although a server refuses it.
    var mayHaveJoined: Bool { order.action.joined != nil && (hasOtherCopies || isRenewal) }

    /// Whether the client itself wants it, to go on following a room.
    var isRenewal: Bool { order.order == nil }

    init(number: UInt64, order: PendingOrder) {
        self.number = number
        self.order = order
    }

    mutating func sent(at now: Instant) {
        unanswered += 1
        sends += 1
        sentAt = now
    }

    mutating func refusedOnce() {
        unanswered -= min(unanswered, 1)
        if unanswered == 0 { sentAt = nil }
    }

    mutating func outcomeUnknown() {
        isInDoubt = true
        doubts += 1
    }

    mutating func connectionLost() {
        isInDoubt = isInDoubt || unanswered > 0
        unanswered = 0
        sentAt = nil
    }
}

/// A question that changes nothing: it can be asked again, of anybody.
struct PendingRead: Equatable, Sendable {
    /// Who wants to know.
    enum Purpose: Equatable, Sendable {
        /// The owner, by this order.
        case owner(UInt64)
        /// The client, to fill a hole in a room.
        case fetch(room: Text)
        /// The client, to see whether the server still answers.
        case sign
    }

    /// Its number, for matching only.
    let number: UInt64
    /// Who wants to know.
    let purpose: Purpose
    /// What is asked.
    let body: ClientRequestBody
    /// When it was sent on this connection.
    var sentAt: Instant?
}
