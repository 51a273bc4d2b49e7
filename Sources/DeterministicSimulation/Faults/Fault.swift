public import StateMachine

/// Something that goes wrong in the world.
public enum Fault: Equatable, Sendable {
    /// A node crashes, and starts again when the fault ends. Nil: the world draws the kind.
    case crash(NodeID, CrashKind?)
    /// A node crashes in the middle of its next commit, and starts again when the fault ends.
    case crashInCommit(NodeID, CrashKind?)
    /// A node crashes, is started again at once, as by a supervisor, and crashes again: so many
    /// times, each after it has run for no longer than that. It runs on when the fault ends.
    case crashLoop(NodeID, times: UInt32, up: Interval)
    /// A node stands still (SIGSTOP); its kernel goes on.
    case pause(NodeID)
    /// A node crashes, its disk is emptied, and it starts again when the fault ends.
    case wipe(NodeID)
    /// A node's disk is in trouble.
    case disk(NodeID, DiskTrouble)
    /// A node handles everything so much later.
    case slowNode(NodeID, by: Interval)
    /// A node is restarted with the version of the message format before this one, and again
    /// with this one when the fault ends.
    case formerVersion(NodeID)
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
    /// Only datagrams, or only what goes on streams, gets from these to those no more, as by a rule
    /// of a firewall, an expired certificate or a process without descriptors; or back neither.
    case blocked(Traffic, from: [NodeID], to: [NodeID], isBothWays: Bool)
    /// What goes between two nodes takes so much longer: both ways, or only from the first to the
    /// second.
    case slowLink(NodeID, NodeID, delay: Interval, isBothWays: Bool = true)
    /// Datagrams are lost, everywhere.
    case loss(perMillion: UInt32)
    /// Datagrams arrive twice, everywhere.
    case doubling(perMillion: UInt32)
    /// Datagrams are held back, everywhere.
    case holdingBack(perMillion: UInt32)
    /// Everything takes longer, everywhere, by up to so much.
    case delay(Interval)
    /// Everything takes longer, everywhere, by what is drawn from a distribution.
    case oddDelay(Delay)
    /// Some bytes of datagrams change on their way, everywhere.
    case corruption(perMillion: UInt32)
    /// Datagrams lose what is beyond so many bytes, everywhere.
    case truncation(beyond: UInt32)
    /// The links of a node, or all where there is none, carry so many bytes per second (each,
    /// in each direction), and keep so many that wait: datagrams beyond are dropped. Zero
    /// keeps any number.
    case bandwidth(NodeID?, bytesPerSecond: UInt32, bufferBytes: UInt32)
    /// The streams between two nodes break. At once; it has no duration.
    case resetStreams(NodeID, NodeID)
    /// The streams between two nodes end for the first one only; the second finds out when
    /// it sends, or by its keep-alive. At once; it has no duration.
    case halfOpen(NodeID, NodeID)
    /// What a node reads from streams comes in pieces of hardly more than so many bytes.
    case partialReads(NodeID, bytes: UInt32)
    /// What a node sends on streams leaves in such pieces, with time between them.
    case partialWrites(NodeID, bytes: UInt32)
    /// A node reads only so many bytes per second from its streams.
    case slowReader(NodeID, bytesPerSecond: UInt32)
    /// Both clocks of a node count so much in a million of true time.
    case clockRate(NodeID, perMillion: UInt32)
    /// The wall clock of a node alone counts so much in a million of true time.
    case wallRate(NodeID, perMillion: UInt32)
    /// The wall clock of a node is set forward or back, and set right at the end.
    case wallStep(NodeID, byMicroseconds: Int64)
    /// The monotonic clock of a node stands still; its wall clock goes on.
    case clockFreeze(NodeID)
}

/// What goes over links.
public enum Traffic: UInt8, Equatable, Sendable, CaseIterable {
    /// Datagrams.
    case datagrams
    /// Attempts to open streams, and the bytes on them.
    case streams
}

/// A fault that is in force, to end it before its time.
public struct FaultID: Equatable, Sendable {
    /// Number in the order of beginnings, from 0.
    public var number: Int

    @usableFromInline init(number: Int) { self.number = number }
}
