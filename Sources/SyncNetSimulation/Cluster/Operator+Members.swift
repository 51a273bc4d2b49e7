import DeterministicSimulation
import StateMachine
import SyncNetProtocol

extension DecisionKind {
    static let changePause = DecisionKind("change.pause", from: .workload)
    static let changeServer = DecisionKind("change.server", from: .workload)
    static let changePerson = DecisionKind("change.person", from: .workload)
}

/// An operator who changes who is a member of the cluster, with a client of somebody's.
extension SyncNetSystem {
    mutating func beginChanges(in world: inout SimulatedWorld<Self>) {
        guard let pause = scenario.changes else { return }
        waitForChange(pause, in: &world)
    }

    private mutating func waitForChange(
        _ pause: ClosedRange<Interval>, in world: inout SimulatedWorld<Self>
    ) {
        changes += 1
        world.decisions.subject = DecisionSubject("change", changes)
        defer { world.decisions.subject = .none }
        let wait = world.decisions.pause(
            DecisionPoint(.changePause), from: world.now, in: pause)
        world.setAlarm(Alarm.change.number, after: wait)
    }

    /// It is time for another change: a server that is a member shall be none, or the other way
    /// round.
    mutating func changeMembers(in world: inout SimulatedWorld<Self>) {
        guard isBusy, let pause = scenario.changes else { return }
        world.decisions.subject = DecisionSubject("change", changes)
        changeOne(in: &world)
        waitForChange(pause, in: &world)
    }

    /// Whether no change of members can be on its way any more: neither does anybody wait for
    /// one, nor does a server keep one that somebody gave up.
    func isSettled(at now: Instant) -> Bool {
        guard let changedAt else { return true }
        let isAsked = people.contains { $0.open.contains { $0.order == .change } }
        return !isAsked && now.since(changedAt) > setting.timing.request * 2
    }

    mutating func changeOne(in world: inout SimulatedWorld<Self>) {
        let members = watches.count(where: \.isMember)
        // Who is gone comes back before the next one goes: one or two members have no conflicts.
        let mayGo = members > max(setting.membersLeast, setting.founders - 1)
        let ranks = watches.indices.filter { mayGo || !watches[$0].isMember }
        guard !ranks.isEmpty else { return }
        let point = DecisionPoint(.changeServer)
        let rank = ranks[world.decisions.pick(point, of: ranks.count)]
        let isMember = watches[rank].isMember
        var users = people.indices.filter { people[$0].isHere && people[$0].sort != .plain }
        // What somebody asks who waits for an answer has to wait, too.
        let idle = users.filter { people[$0].open.isEmpty }
        if !idle.isEmpty { users = idle }
        guard !users.isEmpty else { return }
        let user = users[world.decisions.pick(DecisionPoint(.changePerson), of: users.count)]
        let order = people[user].add(.change)
        changedAt = world.now
        let id = setting.members[rank].id
        world.input(.change(order: order, add: !isMember, id: id), to: people[user].node)
    }
}
