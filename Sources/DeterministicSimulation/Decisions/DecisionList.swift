public import StateMachine

/// One recorded choice, by its name.
public struct Decision: Equatable, Sendable {
    /// What was chosen.
    public enum Value: Equatable, Sendable {
        /// A number.
        case number(UInt64)
        /// A length of time.
        case time(Interval)
        /// A moment of true time.
        case moment(Instant)
        /// That something happens.
        case yes
        /// One of several, by its place in ``DecisionList/names``.
        case word(UInt16)
    }

    /// Its kind, by its place in ``DecisionList/names``.
    public var kind: UInt16
    /// Rank of the node that it was about, or ``nobody``.
    public var node: UInt32
    /// Rank of the other node, or ``nobody``.
    public var other: UInt32
    /// The label of its subject, by its place in ``DecisionList/names``, or ``unnamed``.
    public var label: UInt16
    /// The number of its subject.
    public var number: UInt64
    /// The how-manieth choice of that name it was, from 1.
    public var occurrence: UInt32
    /// What was chosen.
    public var value: Value
    /// When, in true time.
    public var at: Instant

    /// Stands for "no node".
    public static let nobody = UInt32.max
    /// Stands for "no label".
    public static let unnamed = UInt16.max

    init(_ site: Site, _ occurrence: UInt32, _ value: Value, at: Instant) {
        kind = site.kind
        node = site.node
        other = site.other
        label = site.label
        number = site.number
        self.occurrence = occurrence
        self.value = value
        self.at = at
    }

    var site: Site {
        Site(kind: kind, label: label, node: node, other: other, number: number)
    }
}

/// What a node is called in recordings.
public struct NodeName: Equatable, Sendable {
    /// Its rank.
    public var rank: UInt32
    /// Its name, one word.
    public var name: String

    /// Joins the two.
    public init(rank: UInt32, name: String) {
        self.rank = rank
        self.name = name
    }
}

/// A run as the list of its choices: all that differ from what is chosen where nothing is
/// said. Enough to repeat the run without its seed.
public struct DecisionList: Equatable, Sendable {
    /// The kinds, labels and options that occur.
    public var names: [String] = []
    /// What nodes are called. Others are called `n` and their rank.
    public var nodes: [NodeName] = []
    /// The choices, in the order in which they were made.
    public var decisions: [Decision] = []

    /// Makes an empty list.
    public init() {}

    /// The same names with other choices.
    public func with(_ decisions: [Decision]) -> DecisionList {
        var list = self
        list.decisions = decisions
        return list
    }

    /// The kind of a choice.
    public func kind(of decision: Decision) -> String { name(decision.kind) }

    /// The label of what a choice is about; empty where there is none.
    public func label(of decision: Decision) -> String {
        decision.label == Decision.unnamed ? "" : name(decision.label)
    }

    func name(_ index: UInt16) -> String {
        Int(index) < names.count ? names[Int(index)] : "?"
    }

    func node(_ rank: UInt32) -> String {
        nodes.first { $0.rank == rank }?.name ?? "n\(rank)"
    }
}
