/// The kinds of bad things that are done to a running cluster.
package enum TormentKind: String, Sendable, CaseIterable {
    /// A process is killed, and started again later.
    case kill = "kill -9"
    /// A process is asked to end, and started again later.
    case restart = "clean restart"
    /// A process is killed, and loses all its data.
    case wipe = "wiped disk"
    /// A server is taken out of the cluster, and comes back later as one that knows nothing.
    case removal = "removed member"
    /// A process is stopped, and goes on later.
    case freeze = "SIGSTOP"
    /// All processes are killed at once.
    case blackout = "kill -9 of all"
    /// A disk has no room.
    case fullDisk = "full disk"
    /// A wall clock jumps.
    case clockStep = "clock step"
    /// One server reaches nobody, and nobody reaches it.
    case isolation
    /// The servers fall apart in two groups.
    case halves
    /// One server is heard by nobody, but hears all; or the other way round.
    case oneWay = "one-way cut"
    /// Two servers don't reach each other.
    case pair = "cut between two"
    /// Two groups, and one server that reaches both.
    case bridge
    /// Each server reaches its neighbours on a ring, and nobody else.
    case ring = "ring of majorities"
    /// Some links, drawn at random.
    case partial = "partial cut"
    /// A server is isolated again and again.
    case flapping
    /// Servers are isolated one after the other, and come back in another order.
    case swizzle
    /// Links are slow.
    case delay
    /// Links lose.
    case loss
    /// Links double.
    case duplication
    /// Links let datagrams overtake each other.
    case reordering
    /// Streams between servers break.
    case reset = "broken streams"
    /// The network interface of a server is down.
    case unplugged = "link down"
    /// The kernel drops what comes to a server, or what it sends.
    case filtered = "nftables one way"
    /// The kernel drops what clients send to a server.
    case orphaned = "clients cut off"

    /// All disks fall back to what they were: acknowledged messages are lost, and nobody can help
    /// it. Only on demand, to see that the judges see it.
    case rolledBack = "all rolled back"

    /// Those that can be done wherever processes can be started.
    package static let everywhere: [TormentKind] = [
        .kill, .restart, .wipe, .removal, .freeze, .blackout, .isolation, .halves, .oneWay, .pair,
        .bridge, .ring, .partial, .flapping, .swizzle, .delay, .loss, .duplication, .reordering,
        .reset,
    ]
}
