package import StateMachine

/// Whose votes and answers count, as a log says: the members with which the cluster was formed,
/// with those that entries added since and without those that entries removed, one at a time
/// (Ongaro, "Consensus: Bridging Theory and Practice", 2014, section 4.1).
package struct Membership: Equatable, Sendable {
    private var isIn: [Bool]
    /// How many members there are.
    package private(set) var count: Int
    /// The disks with which they count. A member that is missing here counts with none.
    package private(set) var disks = NodeMap<DiskID>()
    /// The disks of removed servers: one that still works does not know yet that it is over.
    package private(set) var retired = NodeMap<DiskID>()

    /// The members 0 to `count` − 1, before anything is known of their disks.
    package init(count: Int) {
        isIn = Array(repeating: true, count: count)
        self.count = count
    }

    /// The members with which a cluster was formed.
    package init(_ formation: Formation) {
        self.init(count: formation.members.count)
        for pair in formation.disks { disks[pair.node] = pair.disk }
    }

    /// How many members make a majority.
    package var quorum: Int { count / 2 + 1 }

    /// Whether a server is a member.
    package func contains(_ node: NodeID) -> Bool {
        Int(node.rank) < isIn.count && isIn[Int(node.rank)]
    }

    /// Whether what a server promises with a disk counts.
    package func counts(_ node: NodeID, with disk: DiskID?) -> Bool {
        disk != nil && contains(node) && disks[node] == disk
    }

    /// The members, rising.
    package var nodes: [NodeID] {
        isIn.indices.filter { isIn[$0] }.map { NodeID(UInt32($0)) }
    }

    /// Takes what the log says. A new member counts from the moment in which the entry stands in
    /// a log, and one that is removed doesn't count from then on; the new disk of a wiped member
    /// counts once the entry is applied, for it has to be committed without it.
    package mutating func take(_ payload: Payload, isApplied: Bool) {
        switch payload {
        case .diskAdmitted(let node, let disk):
            if isApplied || !contains(node) { admit(node, disk) }
        case .memberRemoved(let node, let disk): remove(node, disk)
        case .epochStarted, .command: break
        }
    }

    /// Takes what a store kept of applied entries: a disk of number zero removes its member.
    package mutating func take(stored pair: MemberDisk) {
        if pair.disk == DiskID(0) {
            remove(pair.node, pair.disk)
        } else {
            admit(pair.node, pair.disk)
        }
    }

    /// From now on a server counts, with this disk.
    package mutating func admit(_ node: NodeID, _ disk: DiskID) {
        let rank = Int(node.rank)
        while isIn.count <= rank { isIn.append(false) }
        if !isIn[rank] { count += 1 }
        isIn[rank] = true
        disks[node] = disk
    }

    /// Who learnt how the cluster is after a removal knows the disk from the entry alone.
    private mutating func remove(_ node: NodeID, _ disk: DiskID) {
        if disk != DiskID(0) || disks[node] != nil {
            retired[node] = disk != DiskID(0) ? disk : disks[node]
        }
        guard contains(node) else { return }
        isIn[Int(node.rank)] = false
        count -= 1
        disks[node] = nil
    }
}

extension Payload {
    /// Whether it may change who counts.
    package var changesMembership: Bool {
        switch self {
        case .diskAdmitted, .memberRemoved: true
        case .epochStarted, .command: false
        }
    }
}
