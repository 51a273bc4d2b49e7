/// A version of what servers say to each other. Both of them are read.
public enum PeerVersion: UInt8, Comparable, Sendable, CaseIterable {
    /// Introductions have no nonce.
    case one = 1
    /// An introduction that asks carries a nonce, and one that answers repeats it.
    case two = 2

    /// The version in which this software speaks to whom it knows nothing of.
    public static let current = PeerVersion.two

    /// Whether `lhs` is the older one.
    public static func < (lhs: Self, rhs: Self) -> Bool { lhs.rawValue < rhs.rawValue }
}
