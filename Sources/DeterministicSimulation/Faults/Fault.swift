public import StateMachine

/// Something that goes wrong in the world.
public enum Fault: Equatable, Sendable {
    /// A node crashes, and starts again when the fault ends. Nil: the world draws the kind.
    case crash(NodeID, CrashKind?)
    /// A node crashes in the middle of its next commit, and starts again when the fault ends.
    case crashInCommit(NodeID, CrashKind?)
    /// A node stands still (SIGSTOP); its kernel goes on.
    case pause(NodeID)
    /// A node crashes, its disk is emptied, and it starts again when the fault ends.
    case wipe(NodeID)
    /// A node's disk is in trouble.
    case disk(NodeID, DiskTrouble)
    /// One node is cut off from all others.
    case isolate(NodeID)
    /// The groups can't reach each other. Halves, a minority third, any number of parts.
    case split([[NodeID]])
    /// Nothing gets from these to those; the other way is open.
    case oneWay(from: [NodeID], to: [NodeID])
    /// Two nodes can't reach each other, all others can.
    case pair(NodeID, NodeID)
    /// Two groups that both see one node in the middle, but not each other.
    case bridge(NodeID, [NodeID], [NodeID])
    /// Every node of the ring sees a majority, and no two see the same one.
    case majoritiesRing([NodeID])
    /// Two nodes lose each other and find each other again, once per period.
    case flapping(NodeID, [NodeID], period: Interval)
    /// The nodes are cut off one after another, and let in again in another order.
    case swizzle([NodeID])
    /// What goes between two nodes takes so much longer.
    case slowLink(NodeID, NodeID, delay: Interval)
    /// Datagrams are lost, everywhere.
    case loss(perMillion: UInt32)
    /// Datagrams arrive twice, everywhere.
    case doubling(perMillion: UInt32)
    /// Datagrams are held back, everywhere.
    case holdingBack(perMillion: UInt32)
    /// Everything takes longer, everywhere, by up to so much.
    case delay(Interval)
    /// The streams between two nodes break. At once; it has no duration.
    case resetStreams(NodeID, NodeID)
}

/// The sorts of faults from which a nemesis draws.
public enum FaultKind: UInt8, Equatable, Sendable, CaseIterable {
    /// ``Fault/crash(_:_:)`` of a member.
    case crash
    /// ``Fault/crashInCommit(_:_:)`` of a member.
    case crashInCommit
    /// ``Fault/pause(_:)`` of a member.
    case pause
    /// ``Fault/wipe(_:)`` of a member.
    case wipe
    /// ``Fault/disk(_:_:)`` of a member with ``DiskTrouble/failedSync``.
    case failedSync
    /// ``Fault/disk(_:_:)`` of a member with ``DiskTrouble/lyingSync``.
    case lyingSync
    /// ``Fault/disk(_:_:)`` of a member with ``DiskTrouble/full``.
    case diskFull
    /// ``Fault/disk(_:_:)`` of a member with ``DiskTrouble/readError``.
    case readError
    /// ``Fault/disk(_:_:)`` of a member with ``DiskTrouble/shortRead``.
    case shortRead
    /// ``Fault/disk(_:_:)`` of a member with ``DiskTrouble/bitFlip``.
    case bitFlip
    /// ``Fault/disk(_:_:)`` of a member with ``DiskTrouble/misdirectedRead``.
    case misdirectedRead
    /// ``Fault/disk(_:_:)`` of a member with ``DiskTrouble/misdirectedWrite``.
    case misdirectedWrite
    /// ``Fault/disk(_:_:)`` of a member with ``DiskTrouble/stall``.
    case diskStall
    /// ``Fault/isolate(_:)`` of a member.
    case isolate
    /// ``Fault/split(_:)`` into halves.
    case halves
    /// ``Fault/split(_:)`` of a minority third.
    case minorityThird
    /// ``Fault/split(_:)`` into three or more parts.
    case parts
    /// ``Fault/oneWay(from:to:)`` between a member and the others, or two groups.
    case oneWay
    /// ``Fault/pair(_:_:)`` of members.
    case pair
    /// ``Fault/bridge(_:_:_:)`` of members.
    case bridge
    /// ``Fault/majoritiesRing(_:)`` of all members.
    case majoritiesRing
    /// ``Fault/pair(_:_:)`` of a client and a member.
    case clientFromMember
    /// ``Fault/flapping(_:_:period:)`` of a member and the others.
    case flapping
    /// ``Fault/swizzle(_:)`` of some members.
    case swizzle
    /// ``Fault/slowLink(_:_:delay:)`` of two members.
    case slowLink
    /// ``Fault/loss(perMillion:)``.
    case loss
    /// ``Fault/doubling(perMillion:)``.
    case doubling
    /// ``Fault/holdingBack(perMillion:)``.
    case holdingBack
    /// ``Fault/delay(_:)``.
    case delay
    /// ``Fault/resetStreams(_:_:)`` of any two nodes.
    case resetStreams
}

/// A fault that is in force, to end it before its time.
public struct FaultID: Equatable, Sendable {
    /// Number in the order of beginnings, from 0.
    public var number: Int

    @usableFromInline init(number: Int) { self.number = number }
}
