/// The number of a round of election. At most one leader is elected in each (its epoch).
public struct Epoch: Comparable, Sendable {
    /// From 1; 0 is "before any round".
    public var number: UInt64
    /// Makes the epoch of that number.
    public init(_ number: UInt64) { self.number = number }
    /// Before any round.
    public static let zero = Epoch(0)
    /// The epoch after this one.
    public var next: Epoch { Epoch(number + 1) }
    /// Whether `lhs` came before `rhs`.
    public static func < (lhs: Self, rhs: Self) -> Bool { lhs.number < rhs.number }
}

/// A position in the replicated log: 1 is the first, 0 is "before the first".
public struct LogIndex: Comparable, Sendable {
    /// From 1; 0 is "before the first".
    public var number: UInt64
    /// Makes the position of that number.
    public init(_ number: UInt64) { self.number = number }
    /// Before the first.
    public static let zero = LogIndex(0)
    /// The position after this one.
    public var next: LogIndex { LogIndex(number + 1) }
    /// The position before this one, not before zero.
    public var previous: LogIndex { LogIndex(number == 0 ? 0 : number - 1) }
    /// Whether `lhs` stands before `rhs`.
    public static func < (lhs: Self, rhs: Self) -> Bool { lhs.number < rhs.number }
}

/// A value of a Lamport clock (Lamport, "Time, Clocks, and the Ordering of Events", 1978).
public struct Stamp: Comparable, Sendable {
    /// From 0 to 2^53, so that every JSON reader has it exactly.
    public var number: UInt64
    /// Makes the stamp of that number.
    public init(_ number: UInt64) { self.number = number }
    /// Before anything happened.
    public static let zero = Stamp(0)
    /// Whether `lhs` is smaller than `rhs`.
    public static func < (lhs: Self, rhs: Self) -> Bool { lhs.number < rhs.number }
}

/// How often a server has started on its disk, from 1. Rises durably with every start.
public struct Boot: Comparable, Sendable {
    /// From 1.
    public var number: UInt64
    /// Makes the boot of that number.
    public init(_ number: UInt64) { self.number = number }
    /// Whether `lhs` was before `rhs`.
    public static func < (lhs: Self, rhs: Self) -> Bool { lhs.number < rhs.number }
}

/// A name for the contents of a disk, made when a data directory is formed.
///
/// A server whose disk was wiped comes back with another one: it has forgotten what the
/// former disk promised.
public struct DiskID: Comparable, Sendable {
    /// Drawn at random by the storage; only equality means anything.
    public var number: UInt64
    /// Makes the name of that number.
    public init(_ number: UInt64) { self.number = number }
    /// An order for sorted containers, without meaning.
    public static func < (lhs: Self, rhs: Self) -> Bool { lhs.number < rhs.number }
}

/// A name for a cluster, made from the disks that formed it.
public struct ClusterID: Equatable, Sendable, LosslessStringConvertible {
    /// Only equality means anything.
    public var number: UInt64
    /// Makes the name of that number.
    public init(_ number: UInt64) { self.number = number }
    /// Reads what ``description`` says; nil where it is no hexadecimal number of 64 bits.
    public init?(_ description: String) {
        guard let number = UInt64(description, radix: 16) else { return nil }
        self.number = number
    }
    /// In hexadecimal digits.
    public var description: String { String(number, radix: 16) }
}
