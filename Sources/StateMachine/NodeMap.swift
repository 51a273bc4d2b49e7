/// A map from nodes to values, in the order of the nodes: a sorted array.
///
/// At the sizes of a cluster it is faster than a hash table, and its order means something.
public struct NodeMap<Value> {
    /// The nodes, rising.
    public private(set) var nodes: [NodeID] = []
    /// Their values, in the same order.
    public private(set) var values: [Value] = []

    /// Makes an empty map.
    public init() {}

    /// How many nodes there are.
    public var count: Int { nodes.count }

    /// Whether there are none.
    public var isEmpty: Bool { nodes.isEmpty }

    /// The value of a node; setting nil removes it.
    /// - Complexity: a binary search, and a move of what stands behind on insertion.
    public subscript(node: NodeID) -> Value? {
        get {
            let slot = slot(of: node)
            return slot < nodes.count && nodes[slot] == node ? values[slot] : nil
        }
        set { set(newValue, for: node) }
    }

    /// The value of a node, changed in place; starts from `fallback` where there was none.
    public subscript(node: NodeID, default fallback: @autoclosure () -> Value) -> Value {
        get { self[node] ?? fallback() }
        _modify {
            let slot = slot(of: node)
            if slot == nodes.count || nodes[slot] != node {
                nodes.insert(node, at: slot)
                values.insert(fallback(), at: slot)
            }
            yield &values[slot]
        }
    }

    private mutating func set(_ value: Value?, for node: NodeID) {
        let slot = slot(of: node)
        let isThere = slot < nodes.count && nodes[slot] == node
        switch (value, isThere) {
        case (let value?, true): values[slot] = value
        case (let value?, false):
            nodes.insert(node, at: slot)
            values.insert(value, at: slot)
        case (nil, true):
            nodes.remove(at: slot)
            values.remove(at: slot)
        case (nil, false): break
        }
    }

    /// Removes all nodes.
    public mutating func removeAll() {
        nodes.removeAll(keepingCapacity: true)
        values.removeAll(keepingCapacity: true)
    }

    private func slot(of node: NodeID) -> Int {
        var low = 0
        var high = nodes.count
        while low < high {
            let middle = (low + high) / 2
            if nodes[middle] < node { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

extension NodeMap: Equatable where Value: Equatable {}
extension NodeMap: Sendable where Value: Sendable {}
