/// A participant of a system: a server, a client, or a stranger that sent a datagram.
///
/// The only order of nodes is the order of their ranks.
public struct NodeID: Comparable, Sendable {
    /// Position in the order of nodes, from 0.
    public var rank: UInt32

    /// Makes the identity with the given rank.
    public init(_ rank: UInt32) { self.rank = rank }

    /// Whether `lhs` stands before `rhs`.
    public static func < (lhs: Self, rhs: Self) -> Bool { lhs.rank < rhs.rank }
}

extension NodeID: CustomStringConvertible {
    /// `n` and the rank, as stories and traces call a node that has no other name.
    public var description: String { "n\(rank)" }
}

/// One end of a stream between two nodes, unique at its node since that node's last start.
public struct StreamID: Comparable, Sendable {
    /// Number drawn by the world, from 1.
    public var number: UInt64

    /// Makes the identity with the given number.
    public init(_ number: UInt64) { self.number = number }

    /// Whether `lhs` was opened before `rhs`.
    public static func < (lhs: Self, rhs: Self) -> Bool { lhs.number < rhs.number }
}

/// What a machine calls one of its journal operations, to recognise the answer.
///
/// Tickets of one machine rise; a ticket is answered once.
public struct Ticket: Comparable, Sendable {
    /// Number chosen by the machine, from 1.
    public var number: UInt64

    /// Makes the ticket with the given number.
    public init(_ number: UInt64) { self.number = number }

    /// Whether `lhs` was issued before `rhs`.
    public static func < (lhs: Self, rhs: Self) -> Bool { lhs.number < rhs.number }
}
