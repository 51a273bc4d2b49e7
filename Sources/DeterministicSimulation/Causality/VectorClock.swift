/// What a moment at one node knows of all nodes: how many events of each happened before it
/// (Fidge 1988, Mattern 1989).
///
/// One moment happened before another exactly if its clock is smaller: at most as large in
/// every component, and smaller in one.
public struct VectorClock: Equatable, Sendable {
    /// How two moments stand to each other.
    public enum Order: Equatable, Sendable {
        /// Both are the same moment.
        case same
        /// The first could have had an influence on the second.
        case before
        /// The second could have had an influence on the first.
        case after
        /// Neither could know of the other.
        case concurrent
    }

    /// One component for each node.
    public private(set) var components: [UInt64]

    /// Makes the clock of somebody who knows of nothing.
    public init(nodes: Int) { components = [UInt64](repeating: 0, count: nodes) }

    /// Makes a clock of its components.
    public init(_ components: [UInt64]) { self.components = components }

    /// What is known of a node.
    public subscript(node: Int) -> UInt64 { components[node] }

    /// An event happens at a node, whose clock this is.
    public mutating func tick(_ node: Int) { components[node] += 1 }

    /// Something arrives that knew what `other` says.
    /// - Precondition: both clocks are of the same nodes.
    public mutating func merge(_ other: VectorClock) {
        precondition(components.count == other.components.count, "clocks of other nodes")
        for node in components.indices {
            components[node] = max(components[node], other.components[node])
        }
    }

    /// How this moment stands to another one.
    /// - Precondition: both clocks are of the same nodes.
    public func order(to other: VectorClock) -> Order {
        precondition(components.count == other.components.count, "clocks of other nodes")
        var isSmaller = false
        var isLarger = false
        for node in components.indices {
            if components[node] < other.components[node] { isSmaller = true }
            if components[node] > other.components[node] { isLarger = true }
        }
        switch (isSmaller, isLarger) {
        case (false, false): return .same
        case (true, false): return .before
        case (false, true): return .after
        case (true, true): return .concurrent
        }
    }
}
