package import StateMachine

extension Decisions {
    /// Which fault it is; recordings keep the name of its kind. Nil: none.
    @inlinable
    public mutating func choose(
        _ point: DecisionPoint, among choices: [FaultChoice]
    ) -> Int? {
        choose(
            point, of: choices.count, weight: { choices[$0].weight },
            name: { "\(choices[$0].kind)" })
    }
}

/// Draws faults from a profile: whom they hit, how strong they are, how long they last.
extension Fabric {
    /// The next fault; nil where none of the drawn kind is possible now.
    mutating func drawFault(_ profile: FaultProfile) -> (Fault, Interval)? {
        guard faultsInForce < profile.atOnce,
            let place = decisions.choose(DecisionPoint(.faultKind), among: profile.choices),
            let fault = fault(profile.choices[place].kind, profile)
        else { return nil }
        let lasting = profile.choices[place].lasting
        return (fault, decisions.draw(DecisionPoint(.faultDuration), in: lasting))
    }

    private mutating func fault(_ kind: FaultKind, _ profile: FaultProfile) -> Fault? {
        switch kind {
        case .crash, .crashInCommit, .crashLoop, .pause: nodeFault(kind, profile)
        case .slowNode, .clockRate, .wallRate, .wallStep, .clockFreeze:
            pick(memberSlots).flatMap { fault(kind, of: $0, profile) }
        case .partialReads, .partialWrites, .slowReader:
            pick(Array(nodes.indices)).flatMap { fault(kind, of: $0, profile) }
        case .formerVersion: pick(fitMembers(profile)).map { .formerVersion($0) }
        case .wipe: wipe(profile)
        case .failedSync, .lyingSync, .diskFull, .readError, .shortRead, .bitFlip,
            .misdirectedRead, .misdirectedWrite, .diskStall:
            kind.trouble.flatMap { diskFault($0, profile) }
        case .isolate, .oneWay, .pair, .clientFromMember, .flapping, .swizzle:
            smallPartition(kind, profile)
        case .halves, .minorityThird, .parts, .bridge, .majoritiesRing: largePartition(kind)
        case .slowLink: twoMembers().map { slowLink($0, $1, by: delay(profile)) }
        case .loss: .loss(perMillion: strength(profile))
        case .doubling: .doubling(perMillion: strength(profile))
        case .holdingBack: .holdingBack(perMillion: strength(profile))
        case .delay: .delay(delay(profile))
        case .oddDelay, .corruption, .truncation, .bandwidth, .fullBuffer:
            packetFault(kind, profile)
        case .pauseClient, .slowClient, .crookedClient:
            pick(clientSlots).flatMap { fault(kind, of: $0, profile) }
        case .blockedDatagrams, .blockedStreams:
            pick(memberSlots).flatMap { blocked(kind, of: $0) }
        case .resetStreams: twoNodes().map { .resetStreams($0, $1) }
        case .halfOpen: halfOpen()
        }
    }

    /// The members that may be taken down; none where that would be one too many.
    func fitMembers(_ profile: FaultProfile) -> [Int] {
        let members = memberSlots
        let fit = members.filter {
            nodes[$0].isUp && !nodes[$0].isPaused && nodes[$0].ambush < 0
                && !isInCrashLoop(nodes[$0].id)
        }
        // A node that is about to crash counts as one that has.
        let unfit = members.count - fit.count
        return unfit < profile.down.most(of: members.count) ? fit : []
    }

    private mutating func nodeFault(_ kind: FaultKind, _ profile: FaultProfile) -> Fault? {
        guard let node = pick(fitMembers(profile)) else { return nil }
        return switch kind {
        case .crash: .crash(node, nil)
        case .crashInCommit: .crashInCommit(node, nil)
        case .crashLoop: crashLoop(of: node, profile)
        default: .pause(node)
        }
    }

    mutating func crashLoop(of node: NodeID, _ profile: FaultProfile) -> Fault {
        let times = decisions.draw(DecisionPoint(.faultStrength, node), in: 2...6)
        return .crashLoop(node, times: UInt32(times), up: delay(profile))
    }

    private mutating func smallPartition(
        _ kind: FaultKind, _ profile: FaultProfile
    ) -> Fault? {
        let members = memberSlots
        guard members.count > 1, let node = pick(members) else { return nil }
        let others = members.map { nodes[$0].id }.filter { $0 != node }
        switch kind {
        case .isolate: return isolation(of: node, others)
        case .oneWay: return oneWayFault(node, others)
        case .pair: return twoMembers().map { .pair($0, $1) }
        case .clientFromMember:
            guard let client = pick(clientSlots) else { return nil }
            return .pair(client, node)
        case .flapping: return .flapping(node, others, period: delay(profile) * 4)
        default: return .swizzle(someMembers())
        }
    }

    /// With its clients or without them: both happen.
    private mutating func isolation(of node: NodeID, _ others: [NodeID]) -> Fault {
        decisions.draw(DecisionPoint(.faultTarget, node), in: 0...1) == 0
            ? .isolate(node) : .split([[node], others])
    }

    private mutating func oneWayFault(_ node: NodeID, _ others: [NodeID]) -> Fault {
        switch decisions.draw(DecisionPoint(.faultTarget, node), in: 0...2) {
        case 0: return .oneWay(from: [node], to: others)
        case 1: return .oneWay(from: others, to: [node])
        default:
            let (left, right) = halves(of: [node] + others)
            return .oneWay(from: left, to: right)
        }
    }

    private mutating func largePartition(_ kind: FaultKind) -> Fault? {
        let members = shuffledMembers()
        guard members.count > 2 else { return nil }
        switch kind {
        case .halves:
            let (left, right) = halves(of: members)
            return .split([left, right])
        case .minorityThird:
            let third = max(1, members.count / 3)
            return .split([Array(members[..<third]), Array(members[third...])])
        case .parts: return .split(parts(of: members))
        case .bridge:
            let (left, right) = halves(of: Array(members[1...]))
            return .bridge(members[0], left, right)
        default: return .majoritiesRing(members)
        }
    }

    private mutating func parts(of members: [NodeID]) -> [[NodeID]] {
        let count = decisions.draw(
            DecisionPoint(.faultTarget), in: 3...UInt64(max(3, members.count)))
        var parts = [[NodeID]](repeating: [], count: Int(count))
        for (index, node) in members.enumerated() { parts[index % Int(count)].append(node) }
        return parts
    }

    private func halves(of members: [NodeID]) -> ([NodeID], [NodeID]) {
        let half = members.count / 2
        return (Array(members[..<half]), Array(members[half...]))
    }

    private mutating func shuffledMembers() -> [NodeID] {
        let members = memberSlots
        return shuffled(members.count).map { nodes[members[$0]].id }
    }

    private mutating func someMembers() -> [NodeID] {
        let members = shuffledMembers()
        let count = decisions.draw(
            DecisionPoint(.faultTarget), in: 1...UInt64(max(1, members.count)))
        return Array(members.prefix(Int(count)))
    }

    /// Both ways, or one of them.
    private mutating func slowLink(_ a: NodeID, _ b: NodeID, by delay: Interval) -> Fault {
        decisions.slowLink(a, b, by: delay, DecisionPoint(.faultTarget, a))
    }

    private mutating func twoMembers() -> (NodeID, NodeID)? {
        let members = shuffledMembers()
        return members.count > 1 ? (members[0], members[1]) : nil
    }

    mutating func twoNodes() -> (NodeID, NodeID)? {
        guard let member = pick(memberSlots) else { return nil }
        let others = nodes.indices.filter { nodes[$0].id != member }
        return pick(others).map { (member, $0) }
    }

    mutating func pick(_ slots: [Int]) -> NodeID? {
        guard !slots.isEmpty else { return nil }
        return nodes[slots[decisions.pick(DecisionPoint(.faultTarget), of: slots.count)]].id
    }

    mutating func strength(_ profile: FaultProfile) -> UInt32 {
        let range = profile.packetsPerMillion
        let point = DecisionPoint(.faultStrength)
        return UInt32(
            decisions.draw(point, in: UInt64(range.lowerBound)...UInt64(range.upperBound)))
    }

    mutating func delay(_ profile: FaultProfile) -> Interval {
        decisions.draw(DecisionPoint(.faultStrength), in: profile.delay)
    }
}

extension Decisions {
    /// A slow link both ways, or one of them, as drawn at a point.
    package mutating func slowLink(
        _ a: NodeID, _ b: NodeID, by delay: Interval, _ point: DecisionPoint
    ) -> Fault {
        switch draw(point, in: 0...2) {
        case 0: .slowLink(a, b, delay: delay)
        case 1: .slowLink(a, b, delay: delay, isBothWays: false)
        default: .slowLink(b, a, delay: delay, isBothWays: false)
        }
    }
}
