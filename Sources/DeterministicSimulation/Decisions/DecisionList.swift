/// One recorded choice.
public struct Decision: Equatable, Sendable {
    /// Index of its kind in ``DecisionList/kinds``.
    public var kind: UInt16
    /// Rank of the node that it was about, or ``nobody``.
    public var node: UInt32
    /// Rank of the other node, or ``nobody``.
    public var other: UInt32
    /// What was chosen.
    public var value: UInt64

    /// Stands for "no node".
    public static let nobody = UInt32.max

    /// Makes a record.
    public init(kind: UInt16, node: UInt32, other: UInt32, value: UInt64) {
        self.kind = kind
        self.node = node
        self.other = other
        self.value = value
    }
}

/// A run as the list of its choices: enough to repeat it without its seed.
public struct DecisionList: Equatable, Sendable {
    /// What is to be known of the run, as "name value": its scenario, its seed, its hash.
    public var about: [String] = []
    /// The names of the kinds that occur, in the order of their first use.
    public var kinds: [String] = []
    /// The choices, in the order in which they were made.
    public var decisions: [Decision] = []

    /// Makes an empty list.
    public init() {}

    /// The value of what is said under a name in ``about``.
    public func about(_ name: String) -> String? {
        for line in about where line.utf8.starts(with: name.utf8) {
            let rest = line.utf8.dropFirst(name.utf8.count)
            if rest.first == UInt8(ascii: " ") { return String(rest.dropFirst()) }
        }
        return nil
    }
}
