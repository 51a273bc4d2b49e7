/// The vector clocks of all nodes of a run, kept beside the system by a checker that wants to
/// know what happened before what.
///
/// Events are numbered 1, 2, 3, … over all nodes, as ``Checker`` counts them, and the component
/// of a node is the number of its latest event that is known. So an event of a node happened
/// before another moment exactly if the component there is at least its number.
///
/// Costs one copy of a clock for each event and one merge for each message. What was sent too
/// many events ago is forgotten: then nothing is learnt from it, which makes a judge blind and
/// never wrong.
public struct CausalClocks: Sendable {
    private let nodes: Int
    private let mask: UInt64
    /// The clock of each node, one after the other.
    private var present: [UInt64]
    /// The clocks after the latest events, each at its number modulo the window.
    private var past: [UInt64]
    /// Which event's clock stands there.
    private var numbers: [UInt64]

    /// Makes the clocks of nodes that know of nothing.
    /// - Parameter window: how many of the latest events are remembered, at least.
    public init(nodes: Int, window: Int) {
        var size = 1
        while size < window { size *= 2 }
        self.nodes = nodes
        mask = UInt64(size - 1)
        present = [UInt64](repeating: 0, count: nodes * nodes)
        past = [UInt64](repeating: 0, count: nodes * size)
        numbers = [UInt64](repeating: 0, count: size)
    }

    /// A node takes a message that was sent in the event of that number.
    public mutating func learn(_ node: Int, fromEvent number: UInt64) {
        let place = Int(number & mask)
        guard numbers[place] == number else { return }
        let (from, to) = (place * nodes, node * nodes)
        past.withUnsafeBufferPointer { past in
            present.withUnsafeMutableBufferPointer { present in
                for other in 0..<nodes {
                    present[to + other] = max(present[to + other], past[from + other])
                }
            }
        }
    }

    /// The event of that number, which is the latest one, happens at a node.
    public mutating func happen(_ number: UInt64, at node: Int) {
        let place = Int(number & mask)
        numbers[place] = number
        let (from, to) = (node * nodes, place * nodes)
        present[from + node] = number
        past.withUnsafeMutableBufferPointer { past in
            present.withUnsafeBufferPointer { present in
                for other in 0..<nodes { past[to + other] = present[from + other] }
            }
        }
    }

    /// The number of a node's latest event that another one can know of; zero for none.
    public func latest(of other: Int, knownTo node: Int) -> UInt64 {
        present[node * nodes + other]
    }

    /// All that a node can know of.
    public func clock(of node: Int) -> VectorClock {
        VectorClock(Array(present[node * nodes..<(node + 1) * nodes]))
    }

    /// A node begins anew and knows only what it knew after one of its own events; where that
    /// is zero or long forgotten, nothing.
    public mutating func reset(_ node: Int, toEvent number: UInt64 = 0) {
        let place = Int(number & mask)
        let isKnown = number > 0 && numbers[place] == number
        for other in 0..<nodes {
            present[node * nodes + other] = isKnown ? past[place * nodes + other] : 0
        }
    }
}
