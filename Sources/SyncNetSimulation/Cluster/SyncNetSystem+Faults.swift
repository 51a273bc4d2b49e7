import DeterministicSimulation
import StateMachine
import SyncNetProtocol

// What goes wrong with certain servers, where the nemesis of the world hits anybody.
extension SyncNetSystem {
    mutating func beginDirectedFaults(in world: inout SimulatedWorld<Self>) {
        let profile = scenario.leaderFaults
        if !profile.choices.isEmpty {
            let begin = world.now + profile.from
            let pause = waitToHit(profile, from: begin, in: &world)
            world.setAlarm(Alarm.leaderFault.number, after: profile.from + pause)
        }
        if let rolling = scenario.rolling {
            let pause = waitToRestart(rolling, from: world.now, in: &world)
            world.setAlarm(Alarm.rolling.number, after: pause)
        }
    }

    private mutating func waitToHit(
        _ profile: FaultProfile, from begin: Instant, in world: inout SimulatedWorld<Self>
    ) -> Interval {
        leaderStrikes += 1
        world.decisions.subject = DecisionSubject("leader-strike", leaderStrikes)
        defer { world.decisions.subject = .none }
        return world.decisions.pause(
            DecisionPoint(.faultMoment), from: begin, in: profile.pause)
    }

    private func waitToRestart(
        _ rolling: Rolling, from begin: Instant, in world: inout SimulatedWorld<Self>
    ) -> Interval {
        world.decisions.subject = DecisionSubject("restart", UInt64(nextRestart + 1))
        defer { world.decisions.subject = .none }
        return world.decisions.pause(
            DecisionPoint(.faultMoment), from: begin, in: rolling.pause)
    }

    /// The next server is restarted.
    mutating func restartNext(in world: inout SimulatedWorld<Self>) {
        guard isBusy, let rolling = scenario.rolling else { return }
        let node = setting.memberNodes[nextRestart % setting.servers]
        nextRestart += 1
        world.decisions.subject = DecisionSubject("restart", UInt64(nextRestart))
        let choice = [FaultChoice(.crash)]
        let isDone = world.decisions.choose(DecisionPoint(.faultKind), among: choice) != nil
        let down = world.decisions.draw(DecisionPoint(.faultDuration), in: rolling.down)
        if isDone, world.isUp(node) { _ = world.begin(.crash(node, nil), lasting: down) }
        let pause = waitToRestart(rolling, from: world.now + down, in: &world)
        world.setAlarm(Alarm.rolling.number, after: down + pause)
    }

    /// Something happens to whoever leads.
    mutating func leaderFault(in world: inout SimulatedWorld<Self>) {
        let profile = scenario.leaderFaults
        guard isBusy, !profile.choices.isEmpty else { return }
        if let until = profile.until, world.now >= .zero + until { return }
        if let leader, world.isUp(leader), !world.isPaused(leader) {
            world.decisions.subject = DecisionSubject("leader-strike", leaderStrikes)
            hit(leader, profile, in: &world)
        }
        let pause = waitToHit(profile, from: world.now, in: &world)
        world.setAlarm(Alarm.leaderFault.number, after: pause)
    }

    /// Another server leads, or its members are about to change: perhaps something happens to it
    /// before anybody has heard of that.
    mutating func layAmbush(in world: inout SimulatedWorld<Self>) {
        guard isBusy, scenario.ambushPercent > 0 else { return }
        ambushes += 1
        world.decisions.subject = DecisionSubject("ambush", ambushes)
        defer { world.decisions.subject = .none }
        let share = UInt32(scenario.ambushPercent) * 10_000
        guard world.decisions.chance(DecisionPoint(.ambush), perMillion: share) else { return }
        // Up to after its first entry was committed, or before that has arrived anywhere.
        let hops = [8, 1, 0][world.decisions.pick(DecisionPoint(.ambushHops), of: 3)]
        let most = scenario.network.delay.upperBound * UInt64(hops)
        let pause = world.decisions.pause(
            DecisionPoint(.faultMoment), from: world.now, in: .zero...most)
        world.setAlarm(Alarm.ambush.number, after: pause)
    }

    /// The moment has come.
    mutating func ambush(in world: inout SimulatedWorld<Self>) {
        guard isBusy, let leader, world.isUp(leader), !world.isPaused(leader) else { return }
        world.decisions.subject = DecisionSubject("ambush", ambushes)
        defer { world.decisions.subject = .none }
        if scenario.changes != nil { changeOne(in: &world) }
        // Whom the leader before was kept from, this one perhaps is not: another part of the
        // network fails instead.
        let isElsewhere = world.decisions.draw(DecisionPoint(.ambushElsewhere), in: 0...1) == 1
        if isElsewhere { world.clearPartitions() }
        let profile = scenario.leaderFaults
        if !profile.choices.isEmpty { hit(leader, profile, in: &world) }
    }

    private func hit(
        _ leader: NodeID, _ profile: FaultProfile, in world: inout SimulatedWorld<Self>
    ) {
        // Named without the leader: another may lead by then in a run that is repeated.
        let point = DecisionPoint(.faultKind)
        guard let place = world.decisions.choose(point, among: profile.choices) else { return }
        let choice = profile.choices[place]
        let fault = fault(choice.kind, leader, profile, in: &world)
        let lasting = world.decisions.draw(DecisionPoint(.faultDuration), in: choice.lasting)
        guard let fault else { return }
        if choice.kind == .clockFreeze, leaveAlone(leader, fault, lasting, in: &world) { return }
        _ = world.begin(fault, lasting: lasting)
    }

    /// Sometimes one whose clock stands still hears of no other server, while clients reach it
    /// as before. Nothing tells it that it leads no longer, for as long as it takes others to be
    /// elected and to get on. What it says by itself then is of the past.
    private func leaveAlone(
        _ leader: NodeID, _ freeze: Fault, _ lasting: Interval,
        in world: inout SimulatedWorld<Self>
    ) -> Bool {
        let others = setting.memberNodes.filter { $0 != leader }
        let isLeft = world.decisions.draw(DecisionPoint(.leftAlone), in: 0...1) == 1
        guard isLeft, !others.isEmpty else { return false }
        let times = [2, 8, 20][world.decisions.pick(DecisionPoint(.leftAloneFor), of: 3)]
        _ = world.begin(freeze, lasting: lasting * UInt64(times))
        _ = world.begin(.oneWay(from: others, to: [leader]), lasting: lasting * UInt64(times))
        return true
    }

    private func maySpoil(
        _ node: NodeID, _ profile: FaultProfile, in world: borrowing SimulatedWorld<Self>
    ) -> Bool {
        world.isSpoilt(node) || world.spoiltCount < profile.spoilt.most(of: setting.servers)
    }

    /// Nil where it would be one too many, or is none that befalls a single server.
    private func fault(
        _ kind: FaultKind, _ leader: NodeID, _ profile: FaultProfile,
        in world: inout SimulatedWorld<Self>
    ) -> Fault? {
        let others = setting.memberNodes.filter { $0 != leader }
        guard !others.isEmpty else {
            return kind == .crash || kind == .crashInCommit ? .crash(leader, nil) : nil
        }
        let down = setting.memberNodes.count { !world.isUp($0) || world.isPaused($0) }
        let point = DecisionPoint(.faultTarget)
        switch kind {
        case .wipe:
            guard down < profile.down.most(of: setting.servers),
                maySpoil(leader, profile, in: world)
            else { return nil }
            return .wipe(leader)
        case .failedSync, .lyingSync, .diskFull, .readError, .shortRead, .bitFlip,
            .misdirectedRead, .misdirectedWrite, .diskStall:
            guard let trouble = kind.trouble,
                !trouble.spoils || maySpoil(leader, profile, in: world)
            else { return nil }
            return .disk(leader, trouble)
        case .crash, .crashInCommit, .crashLoop, .pause:
            guard down < profile.down.most(of: setting.servers) else { return nil }
            if kind == .pause { return .pause(leader) }
            if kind == .crashLoop { return world.drawFault(kind, of: leader, from: profile) }
            return kind == .crash ? .crash(leader, nil) : .crashInCommit(leader, nil)
        case .isolate: return .isolate(leader)
        case .halves:
            var far = others
            var near = [leader]
            for _ in 0..<world.decisions.draw(point, in: 0...UInt64(others.count - 1)) {
                near.append(far.remove(at: world.decisions.pick(point, of: far.count)))
            }
            return .split([near, far])
        case .oneWay:
            let isDeaf = world.decisions.draw(point, in: 0...1) == 1
            return isDeaf
                ? .oneWay(from: others, to: [leader]) : .oneWay(from: [leader], to: others)
        case .pair: return .pair(leader, others[world.decisions.pick(point, of: others.count)])
        case .bridge:
            let half = others.count / 2
            return .bridge(leader, Array(others[..<half]), Array(others[half...]))
        case .flapping:
            let period = world.decisions.draw(point, in: profile.delay)
            return .flapping(leader, others, period: period)
        case .slowLink:
            let other = others[world.decisions.pick(point, of: others.count)]
            let delay = world.decisions.draw(point, in: profile.delay)
            return world.decisions.slowLink(leader, other, by: delay, point)
        case .resetStreams:
            return .resetStreams(leader, others[world.decisions.pick(point, of: others.count)])
        case .halfOpen:
            return .halfOpen(leader, others[world.decisions.pick(point, of: others.count)])
        case .formerVersion:
            guard down < profile.down.most(of: setting.servers) else { return nil }
            return .formerVersion(leader)
        case .slowNode, .bandwidth, .fullBuffer, .partialReads, .partialWrites, .slowReader,
            .clockRate, .wallRate, .wallStep, .clockFreeze, .blockedDatagrams, .blockedStreams:
            return world.drawFault(kind, of: leader, from: profile)
        case .minorityThird, .parts, .majoritiesRing, .clientFromMember, .swizzle, .loss,
            .pauseClient, .slowClient, .crookedClient,
            .doubling, .holdingBack, .delay, .oddDelay, .corruption, .truncation:
            return nil
        }
    }
}
