/// A map from nodes to values, in the order of the nodes: a sorted array.
///
/// At the sizes of a cluster it is faster than a hash table, and its order means something.
public struct NodeMap<Value> {
    @usableFromInline var keys: [NodeID] = []
    @usableFromInline var contents: [Value] = []

    /// The nodes, rising.
    @inlinable public var nodes: [NodeID] { keys }
    /// Their values, in the same order.
    @inlinable public var values: [Value] { contents }

    /// Makes an empty map.
    @inlinable
    public init() {}

    /// How many nodes there are.
    @inlinable public var count: Int { keys.count }

    /// Whether there are none.
    @inlinable public var isEmpty: Bool { keys.isEmpty }

    /// The value of a node; setting nil removes it.
    /// - Complexity: a binary search, and a move of what stands behind on insertion.
    public subscript(node: NodeID) -> Value? {
        @inlinable get {
            let slot = slot(of: node)
            return slot < keys.count && keys[slot] == node ? contents[slot] : nil
        }
        @inlinable set { set(newValue, for: node) }
    }

    /// The value of a node, changed in place; starts from `fallback` where there was none.
    public subscript(node: NodeID, default fallback: @autoclosure () -> Value) -> Value {
        @inlinable get { self[node] ?? fallback() }
        @inlinable _modify {
            let slot = slot(of: node)
            if slot == keys.count || keys[slot] != node {
                keys.insert(node, at: slot)
                contents.insert(fallback(), at: slot)
            }
            yield &contents[slot]
        }
    }

    @inlinable
    mutating func set(_ value: Value?, for node: NodeID) {
        let slot = slot(of: node)
        let isThere = slot < keys.count && keys[slot] == node
        switch (value, isThere) {
        case (let value?, true): contents[slot] = value
        case (let value?, false):
            keys.insert(node, at: slot)
            contents.insert(value, at: slot)
        case (nil, true):
            keys.remove(at: slot)
            contents.remove(at: slot)
        case (nil, false): break
        }
    }

    /// Removes all keys.
    @inlinable
    public mutating func removeAll() {
        keys.removeAll(keepingCapacity: true)
        contents.removeAll(keepingCapacity: true)
    }

    @inlinable
    func slot(of node: NodeID) -> Int {
        var low = 0
        var high = keys.count
        while low < high {
            let middle = (low + high) / 2
            if keys[middle] < node { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

extension NodeMap: Equatable where Value: Equatable {}
extension NodeMap: Sendable where Value: Sendable {}
