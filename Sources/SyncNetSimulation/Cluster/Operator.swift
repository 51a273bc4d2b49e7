import DeterministicSimulation
import StateMachine
import SyncNetProtocol

extension DecisionKind {
    static let operatorPause = DecisionKind("operator.pause", from: .workload)
}

/// What the person who runs a server knows of it.
struct Watch {
    /// Why it does not run, as it said at last.
    var failure: JournalFailure?
    /// How often it has failed to start since it last did.
    var attempts = 0
    /// Whether it said that it has an empty disk and is being fed.
    var isRecovering = false
    /// How often its disk had been emptied when it was a full member; nil where it never was.
    var admitted: UInt64?
    /// Whether it is a member, as far as any server has told.
    var isMember = false
    /// Whether it ended since it is a member no more.
    var isRetired = false
    /// Whether somebody is on the way already.
    var isCalled = false
}

/// The people who run the servers: they start again what ended by itself, and empty the disk
/// of a server that refuses to start on what is there. The others feed it.
extension SyncNetSystem {
    private static let audit = Interval.milliseconds(250)

    /// Whether disks go wrong at all in this run.
    private var hasDiskFaults: Bool {
        let choices = setting.faults.choices + scenario.leaderFaults.choices
        return choices.contains { $0.kind == .wipe || $0.kind.trouble != nil }
    }

    mutating func beginWatch(in world: inout SimulatedWorld<Self>) {
        if hasDiskFaults { world.setAlarm(Alarm.audit.number, after: Self.audit) }
    }

    /// Whether a server has all that it ever promised to keep, or promises anew.
    func isWhole(_ node: NodeID) -> Bool {
        let (watch, health) = (watches[Int(node.rank)], healths[Int(node.rank)])
        return !health.isDamaged && !watch.isRecovering && watch.admitted == health.emptied
    }

    /// Whether the members are now such that a majority of them has lost what it had: an operator
    /// in a hurry removed those that have it, one after another.
    func isLeft(toBroken members: [NodeID]) -> Bool {
        guard scenario.changes != nil else { return false }
        let lost = members.count { node in
            let (watch, health) = (watches[Int(node.rank)], healths[Int(node.rank)])
            return health.isDamaged || watch.admitted != health.emptied
        }
        return 2 * lost >= members.count
    }

    /// Whether a server takes part, whatever its disk will be found to be one day.
    func isFed(_ node: NodeID) -> Bool {
        let watch = watches[Int(node.rank)]
        return watch.failure == nil && !watch.isRecovering
    }

    /// Whether all wait for the cluster to be formed, and nothing keeps them from it.
    var isUnformed: Bool {
        setting.memberNodes.allSatisfy { node in
            let watch = watches[Int(node.rank)]
            return watch.admitted == nil && !watch.isRecovering
                && !healths[Int(node.rank)].isDamaged
        }
    }

    /// Tells the world which disks may be hit again.
    mutating func audit(in world: inout SimulatedWorld<Self>) {
        for node in setting.memberNodes where world.isSpoilt(node) && isWhole(node) {
            world.declareWhole(node)
        }
        world.setAlarm(Alarm.audit.number, after: Self.audit)
    }

    /// A server told its operator something.
    mutating func heard(_ report: Report, from node: NodeID) {
        let slot = Int(node.rank)
        switch report {
        case .journalFailed(let failure): watches[slot].failure = failure
        case .recovering:
            watches[slot].isRecovering = true
            // It found the cluster formed, and is no full member of it as long as it is fed: also
            // where it ends and can't say so again.
            watches[slot].admitted = nil
        case .formed, .recovered:
            watches[slot].isRecovering = false
            watches[slot].admitted = healths[slot].emptied
        // It may have crashed while it wrote down that it is a full member, and start as one.
        case .following, .leading:
            if !watches[slot].isRecovering { watches[slot].admitted = healths[slot].emptied }
        case .added(let member): watches[Int(member.rank)].isMember = true
        case .removed(let member):
            watches[Int(member.rank)].isMember = false
            if member == node { watches[slot].isRetired = true }
        default: break
        }
    }

    /// A server started or ended.
    mutating func noticed(
        _ change: NodeChange, of node: NodeID, in world: inout SimulatedWorld<Self>
    ) {
        let slot = Int(node.rank)
        switch change {
        case .started:
            watches[slot].failure = nil
            watches[slot].attempts = 0
            // One that still recovers says so again.
            watches[slot].isRecovering = false
        case .startFailed(let failure):
            watches[slot].failure = failure
            watches[slot].attempts += 1
            call(node, in: &world)
        case .halted: call(node, in: &world)
        case .crashed, .paused, .resumed: break
        }
    }

    private mutating func call(_ node: NodeID, in world: inout SimulatedWorld<Self>) {
        guard !watches[Int(node.rank)].isCalled else { return }
        watches[Int(node.rank)].isCalled = true
        let pause = world.decisions.draw(
            DecisionPoint(.operatorPause, node), in: scenario.operatorPause)
        world.setAlarm(Alarm.repair(Int(node.rank)).number, after: pause)
    }

    /// Somebody looks after a server.
    mutating func repair(_ rank: Int, in world: inout SimulatedWorld<Self>) {
        let node = NodeID(UInt32(rank))
        watches[rank].isCalled = false
        guard !world.isUp(node) else { return }
        if watches[rank].isRetired {
            // It may be added again, as a server that knows nothing: but not where what it has may
            // be the only copy left, or all would form another cluster.
            let members = setting.memberNodes.filter { watches[Int($0.rank)].isMember }
            guard isBusy, !isLeft(toBroken: members) else { return }
            watches[rank].isRetired = false
            world.begin(.wipe(node), lasting: .milliseconds(50))
            return
        }
        let isHopeless = watches[rank].failure == .broken && watches[rank].attempts > 5
        guard watches[rank].failure == .damaged || isHopeless else { return world.start(node) }
        // One disk emptied too many, and what a quorum had kept would be gone.
        let most = DownLimit.minority.most(of: min(setting.servers, setting.membersMost))
        let isEmptied =
            setting.faults.spoilt == .minority
            ? world.isSpoilt(node) || world.spoiltCount < most
            // Where more are spoilt, one of the others may hold the last copy.
            : world.spoiltCount - (world.isSpoilt(node) ? 1 : 0) < most
        guard isEmptied else { return call(node, in: &world) }
        world.begin(.wipe(node), lasting: .milliseconds(50))
    }
}
