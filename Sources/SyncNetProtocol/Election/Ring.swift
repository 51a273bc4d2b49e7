package import StateMachine

/// The ring of the members that a server believes alive.
package enum Ring {
    /// The first believed alive after `node`, in rank order and round the end; nil where
    /// the search comes back to `me`, or has passed `stop` without taking it.
    package static func next(
        after node: NodeID, me: NodeID, stop: NodeID?, members: Int,
        isAlive: (NodeID) -> Bool
    ) -> NodeID? {
        var rank = Int(node.rank)
        for _ in 0..<members {
            rank = (rank + 1) % members
            let candidate = NodeID(UInt32(rank))
            if candidate == me { return nil }
            if isAlive(candidate) || candidate == stop { return candidate }
        }
        return nil
    }
}
