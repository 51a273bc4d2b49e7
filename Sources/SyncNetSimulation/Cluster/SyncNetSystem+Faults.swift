import DeterministicSimulation
import StateMachine
import SyncNetProtocol

// What goes wrong with certain servers, where the nemesis of the world hits anybody.
extension SyncNetSystem {
    mutating func beginDirectedFaults(in world: inout SimulatedWorld<Self>) {
        let profile = scenario.leaderFaults
        if !profile.choices.isEmpty {
            let pause = world.decisions.draw(DecisionPoint(.faultPause), in: profile.pause)
            world.setAlarm(Alarm.leaderFault.number, after: profile.from + pause)
        }
        if let rolling = scenario.rolling {
            let pause = world.decisions.draw(DecisionPoint(.faultPause), in: rolling.pause)
            world.setAlarm(Alarm.rolling.number, after: pause)
        }
    }

    /// The next server is restarted.
    mutating func restartNext(in world: inout SimulatedWorld<Self>) {
        guard isBusy, let rolling = scenario.rolling else { return }
        let node = setting.memberNodes[nextRestart % setting.servers]
        nextRestart += 1
        let down = world.decisions.draw(DecisionPoint(.faultDuration, node), in: rolling.down)
        if world.isUp(node) { _ = world.begin(.crash(node, nil), lasting: down) }
        let pause = world.decisions.draw(DecisionPoint(.faultPause), in: rolling.pause)
        world.setAlarm(Alarm.rolling.number, after: down + pause)
    }

    /// Something happens to whoever leads.
    mutating func leaderFault(in world: inout SimulatedWorld<Self>) {
        let profile = scenario.leaderFaults
        guard isBusy, !profile.choices.isEmpty else { return }
        if let until = profile.until, world.now >= .zero + until { return }
        if let leader, world.isUp(leader), !world.isPaused(leader) {
            hit(leader, profile, in: &world)
        }
        let pause = world.decisions.draw(DecisionPoint(.faultPause), in: profile.pause)
        world.setAlarm(Alarm.leaderFault.number, after: pause)
    }

    private func hit(
        _ leader: NodeID, _ profile: FaultProfile, in world: inout SimulatedWorld<Self>
    ) {
        let total = profile.choices.reduce(UInt64(0)) { $0 + UInt64($1.weight) }
        guard total > 0 else { return }
        var drawn = world.decisions.draw(
            DecisionPoint(.faultKind, leader), in: 0...total - 1)
        var choice = profile.choices[0]
        for next in profile.choices {
            choice = next
            if drawn < UInt64(next.weight) { break }
            drawn -= UInt64(next.weight)
        }
        let fault = fault(choice.kind, leader, profile, in: &world)
        let lasting = world.decisions.draw(
            DecisionPoint(.faultDuration, leader), in: choice.lasting)
        if let fault { _ = world.begin(fault, lasting: lasting) }
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
        let point = DecisionPoint(.faultTarget, leader)
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
        case .crash, .crashInCommit, .pause:
            guard down < profile.down.most(of: setting.servers) else { return nil }
            if kind == .pause { return .pause(leader) }
            return kind == .crash ? .crash(leader, nil) : .crashInCommit(leader, nil)
        case .isolate: return .isolate(leader)
        case .halves:
            let size = world.decisions.draw(point, in: 0...UInt64(others.count - 1))
            let near = [leader] + others.prefix(Int(size))
            return .split([near, Array(others.dropFirst(Int(size)))])
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
            return .slowLink(
                leader, other, delay: world.decisions.draw(point, in: profile.delay))
        case .resetStreams:
            return .resetStreams(leader, others[world.decisions.pick(point, of: others.count)])
        case .halfOpen:
            return .halfOpen(leader, others[world.decisions.pick(point, of: others.count)])
        case .formerVersion:
            guard down < profile.down.most(of: setting.servers) else { return nil }
            return .formerVersion(leader)
        case .slowNode, .bandwidth, .fullBuffer, .partialReads, .partialWrites, .slowReader,
            .clockRate, .wallRate, .wallStep, .clockFreeze:
            return world.drawFault(kind, of: leader, from: profile)
        case .minorityThird, .parts, .majoritiesRing, .clientFromMember, .swizzle, .loss,
            .doubling, .holdingBack, .delay, .oddDelay, .corruption, .truncation:
            return nil
        }
    }
}
