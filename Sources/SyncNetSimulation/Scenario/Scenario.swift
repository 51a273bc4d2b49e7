package import DeterministicSimulation
package import StateMachine
package import SyncNetProtocol

/// What to run: a cluster, the people who use it, and what goes wrong. Every range is drawn
/// from, once for each run.
package struct Scenario: Equatable, Sendable {
    /// Its name: that of its file.
    package var name: String
    /// What it is about, in a line.
    package var about = ""
    /// How many servers.
    package var servers: ClosedRange<UInt64> = 3...3
    /// How many of the servers are no members at first.
    package var spares: ClosedRange<UInt64> = 0...0
    /// How long an operator waits from one change of the members to the next; nil: there is
    /// none.
    package var changes: ClosedRange<Interval>?
    /// How many clients.
    package var clients: ClosedRange<UInt64> = 3...3
    /// How many of a hundred clients are plain ones, without sessions.
    package var plainPercent: UInt64 = 0
    /// How many of a hundred clients send everything again and again, to two servers.
    package var stubbornPercent: UInt64 = 0
    /// From which timing profile.
    package var timings: [TimingProfile] = [.lan]
    /// How long things go wrong. Then comes the act in which the cluster has to recover.
    package var duration: ClosedRange<Interval> = .seconds(20)...(.seconds(20))
    /// Where servers keep their journals.
    package var storage = StorageKind.sqlite
    /// Whether the cluster was formed, and all its servers ended, before the run begins. For
    /// benchmarks: not in files, and only with journals in memory.
    package var isFormed = false
    /// Whether limits are drawn small, so that they are met.
    package var hasSmallLimits = false
    /// Whether servers show rare but legal behaviour on purpose, drawn for each run.
    package var hasFaultPoints = false
    /// Whether servers have ids whose order as text is not that of their ranks.
    package var hasOddNames = false
    /// Whether every second client that chats goes by the name of the one before: as somebody at
    /// another device does, or a namesake.
    package var hasSharedNames = false
    /// Which rare behaviour servers show, where it is not drawn.
    package var points: PointsSetting?
    /// The number in the first server's name, where it is not drawn.
    package var firstName: UInt64?
    /// Whether plain clients send lines now and then that make no sense.
    package var hasNonsense = false
    /// Who has to log in.
    package var accounts = AccountPolicy.off
    /// What clients do.
    package var workload = Workload()
    /// How the network is when nothing is wrong.
    package var network = Network()
    /// How disks are when nothing is wrong.
    package var disk = DiskSpeed()
    /// What goes wrong, with anybody.
    package var faults = FaultProfile.calm
    /// Whether each run draws which of the kinds of faults happen in it at all.
    package var isSwarm = false
    /// What goes wrong with whoever leads.
    package var leaderFaults = FaultProfile.calm
    /// How many of a hundred new leaders are hit as they begin, and meet a change of the members
    /// then, where there are any.
    package var ambushPercent: UInt64 = 0
    /// Restarts of one server after the other.
    package var rolling: Rolling?
    /// How long it takes until somebody looks after a server that ended by itself or refuses
    /// to start.
    package var operatorPause: ClosedRange<Interval> = .milliseconds(200)...(.seconds(3))
    /// How those outside the majority that is healed in the second act stand to it.
    package var rests: [SecondAct.Rest] = [
        .deaf, .mute, .halfMute, .cutOff, .asTheyAre, .streamless, .streamlessAmongServers,
        .datagramless,
    ]
    /// What has to hold beyond the promises that always hold.
    package var bounds = Bounds()
    /// Bugs that are planted.
    package var bugs: PlantedBugs = []
    /// The limits of every run; nil: as usual, or drawn.
    package var limits: Limits?
    /// Promises that nobody watches over, to see what else finds a bug.
    package var unjudged: [Property] = []

    /// Makes a scenario in which three clients use three servers and nothing goes wrong.
    package init(name: String) { self.name = name }
}

/// Rare behaviour in the code, as `FaultPoints` has it, for all servers of a run.
package struct PointsSetting: Equatable, Sendable {
    /// The kinds that are on, as bits.
    package var kinds: UInt64 = 0
    /// They happen about once in so many times.
    package var period: UInt64 = 2
    /// Where each server's counter begins.
    package var salt: UInt64 = 0
}

/// The timing profiles, by name.
package enum TimingProfile: String, Equatable, Sendable, CaseIterable {
    case guide, lan, wan

    /// The numbers.
    package var timing: Timing {
        switch self {
        case .guide: .guide
        case .lan: .lan
        case .wan: .wan
        }
    }
}

/// Where servers keep their journals.
package enum StorageKind: String, Equatable, Sendable, CaseIterable {
    /// SQLite on a simulated disk.
    case sqlite
    /// A list in memory: faster, and blind for the storage's own bugs.
    case memory
}

/// What clients do.
package struct Workload: Equatable, Sendable {
    /// How many rooms there are.
    package var rooms: UInt64 = 3
    /// How long a client waits from one order to the next.
    package var pause: ClosedRange<Interval> = .milliseconds(20)...(.milliseconds(500))
    /// How many answers a client may wait for.
    package var outstanding: UInt64 = 8
    /// How often it says something, relative to the others.
    package var say: UInt32 = 60
    /// How often it says many things at once.
    package var burst: UInt32 = 4
    /// How often it reads a page.
    package var read: UInt32 = 12
    /// How often it reads a page that must hold all that was acknowledged.
    package var linearizable: UInt32 = 6
    /// How often it joins another room.
    package var join: UInt32 = 8
    /// How often it leaves a room.
    package var leave: UInt32 = 4
    /// How often it asks for the servers.
    package var discover: UInt32 = 2
    /// How often it quits, to come back as somebody new.
    package var quit: UInt32 = 1
    /// How often it says what nobody types: nothing, as much as there may be, odd letters.
    package var odd: UInt32 = 0
    /// How often it joins a room, says something and leaves, without waiting for an answer.
    package var visit: UInt32 = 0
    /// How often it makes somebody a member of a private room.
    package var invite: UInt32 = 0
    /// How often it reads a room without asking whether it may.
    package var peek: UInt32 = 0
    /// How often it searches in what was said.
    package var search: UInt32 = 0
    /// How many of a hundred rooms are wanted as private ones.
    package var privatePercent: UInt64 = 0
    /// The longest text, in bytes.
    package var text: UInt64 = 200
    /// When a crowd comes at once.
    package var storm: Storm?

    /// Makes the usual mixture.
    package init() {}

    /// How often about somebody comes back as somebody new within a time.
    func lives(within time: Interval) -> Int {
        let all =
            say + burst + read + linearizable + join + leave + discover + quit + odd + visit
            + invite + peek + search
        let wait = (pause.lowerBound.nanoseconds + pause.upperBound.nanoseconds) / 2
        return Int(time.nanoseconds / max(wait, 1) * UInt64(quit) / UInt64(max(all, 1)))
    }
}

/// A crowd of clients that come at once, and say what they have to say.
package struct Storm: Equatable, Sendable {
    /// When.
    package var at: Interval
    /// How many.
    package var clients: UInt64
}

/// How the network is when nothing is wrong.
package struct Network: Equatable, Sendable {
    /// How long a datagram takes.
    package var delay: ClosedRange<Interval> = .microseconds(100)...(.microseconds(900))
    /// How many datagrams of a million are lost.
    package var loss: UInt32 = 0
    /// How many arrive twice.
    package var doubling: UInt32 = 0
    /// How many are overtaken.
    package var holdingBack: UInt32 = 0

    /// Makes a good local network.
    package init() {}
}

/// How long disks take.
package struct DiskSpeed: Equatable, Sendable {
    /// A group commit.
    package var commit: ClosedRange<Interval> = .microseconds(50)...(.milliseconds(2))
    /// How many commits of a million take long.
    package var slow: UInt32 = 0
    /// How long those take.
    package var slowly: ClosedRange<Interval> = .milliseconds(20)...(.milliseconds(500))

    /// Makes a solid-state disk.
    package init() {}
}

/// Restarts of one server after the other.
package struct Rolling: Equatable, Sendable {
    /// How long from one restart to the next.
    package var pause: ClosedRange<Interval>
    /// How long a server is down.
    package var down: ClosedRange<Interval>
}

/// What has to hold beyond the promises that always hold.
package struct Bounds: Equatable, Sendable {
    /// How long a healed majority may take until it has a leader and every request its
    /// answer. Nil: what the timing profile allows.
    package var liveness: Interval?
    /// The most leaders that may be elected.
    package var elections: UInt64?
    /// How often anybody may be taken for dead.
    package var suspicions: UInt64?
    /// Whether no election may send more tokens than Chang and Roberts allow.
    package var countsTokens = false

    /// Makes bounds that only demand liveness.
    package init() {}
}

extension Timing {
    /// How long a healed majority may take until it has a leader and every pending request
    /// its answer: it finds the leader dead, elects within four tries, clients find the new
    /// leader in as many, and those that were given up are asked again.
    package var livenessBound: Interval {
        (death + election + discovery) * 4 + request * 8
    }
}
