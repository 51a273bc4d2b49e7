import StateMachine

extension Fault {
    /// Whether it keeps nodes from reaching each other.
    var isPartition: Bool {
        switch self {
        case .isolate, .split, .oneWay, .pair, .bridge, .majoritiesRing, .flapping, .swizzle,
            .blocked:
            true
        default: false
        }
    }

    /// What it keeps from the links that it cuts; nil: everything.
    var traffic: Traffic? {
        guard case .blocked(let traffic, _, _, _) = self else { return nil }
        return traffic
    }
}

/// Which links the partitions of the catalogue cut.
extension Fabric {
    func links(cutBy fault: Fault) -> [(from: Int, to: Int)] {
        switch fault {
        case .isolate(let node): bothWays([node], everybody(but: [node]))
        case .split(let groups): between(groups)
        case .oneWay(let from, let to): oneWay(from, to)
        case .pair(let a, let b): bothWays([a], [b])
        case .bridge(_, let left, let right): bothWays(left, right)
        case .majoritiesRing(let nodes): ring(nodes)
        case .blocked(_, let from, let to, let isBothWays):
            isBothWays ? bothWays(from, to) : oneWay(from, to)
        default: []
        }
    }

    func oneWay(_ from: [NodeID], _ to: [NodeID]) -> [(from: Int, to: Int)] {
        var cuts: [(from: Int, to: Int)] = []
        for a in from {
            for b in to where a != b {
                guard let from = slot(of: a), let to = slot(of: b) else { continue }
                cuts.append((from, to))
            }
        }
        return cuts
    }

    func bothWays(_ left: [NodeID], _ right: [NodeID]) -> [(from: Int, to: Int)] {
        oneWay(left, right) + oneWay(right, left)
    }

    private func between(_ groups: [[NodeID]]) -> [(from: Int, to: Int)] {
        var cuts: [(from: Int, to: Int)] = []
        for (index, group) in groups.enumerated() {
            for other in groups[(index + 1)...] { cuts += bothWays(group, other) }
        }
        return cuts
    }

    /// Each node sees itself and its nearest neighbours on the ring, as many as make a
    /// majority or one more; so two nodes far apart don't see each other.
    private func ring(_ nodes: [NodeID]) -> [(from: Int, to: Int)] {
        // Three have no two majorities of two each: the one in the middle sees all.
        if nodes.count == 3 { return bothWays([nodes[0]], [nodes[2]]) }
        let reach = (nodes.count / 2 + 1) / 2
        var cuts: [(from: Int, to: Int)] = []
        for a in nodes.indices {
            for b in nodes.indices where a != b {
                let forwards = (b - a + nodes.count) % nodes.count
                guard min(forwards, nodes.count - forwards) > reach else { continue }
                cuts += oneWay([nodes[a]], [nodes[b]])
            }
        }
        return cuts
    }
}
