import StateMachine

/// What a nemesis does to datagrams, streams and clocks.
extension Fabric {
    mutating func packetFault(_ kind: FaultKind, _ profile: FaultProfile) -> Fault? {
        switch kind {
        case .oddDelay: return .oddDelay(oddDelay(profile))
        case .corruption: return .corruption(perMillion: strength(profile))
        case .truncation: return .truncation(beyond: skewed(profile.mtu))
        default:
            let isEverywhere = decisions.draw(DecisionPoint(.faultTarget), in: 0...1) == 1
            return bandwidth(kind, isEverywhere ? nil : pick(memberSlots), profile)
        }
    }

    private mutating func bandwidth(
        _ kind: FaultKind, _ node: NodeID?, _ profile: FaultProfile
    ) -> Fault {
        .bandwidth(
            node, bytesPerSecond: skewed(profile.bytesPerSecond),
            bufferBytes: kind == .fullBuffer ? skewed(profile.bufferBytes) : 0)
    }

    private mutating func oddDelay(_ profile: FaultProfile) -> Delay {
        let (strength, most) = (delay(profile), profile.delay.upperBound)
        switch decisions.draw(DecisionPoint(.faultStrength), in: 0...2) {
        case 0: return .exponential(least: .zero, mean: strength / 4, most: most)
        case 1:
            return .bimodal(
                fast: .zero...(strength / 16), slow: strength / 2...strength,
                slowPerMillion: 100_000)
        default: return .heavyTail(least: strength / 16, most: most)
        }
    }

    mutating func halfOpen() -> Fault? {
        guard let (a, b) = twoNodes() else { return nil }
        let isFirst = decisions.draw(DecisionPoint(.faultTarget, a), in: 0...1) == 0
        return isFirst ? .halfOpen(a, b) : .halfOpen(b, a)
    }

    /// A fault of a kind that concerns one node and leaves it up, or soon has it up again; nil
    /// for other kinds.
    mutating func fault(
        _ kind: FaultKind, of node: NodeID, _ profile: FaultProfile
    ) -> Fault? {
        switch kind {
        case .pauseClient: .pause(node)
        case .slowNode, .slowClient: .slowNode(node, by: delay(profile))
        case .crashLoop: crashLoop(of: node, profile)
        case .bandwidth, .fullBuffer: bandwidth(kind, node, profile)
        case .partialReads: .partialReads(node, bytes: skewed(profile.pieceBytes))
        case .partialWrites: .partialWrites(node, bytes: skewed(profile.pieceBytes))
        case .slowReader: .slowReader(node, bytesPerSecond: skewed(profile.bytesPerSecond))
        case .clockRate, .crookedClient: .clockRate(node, perMillion: rate(profile))
        case .wallRate: .wallRate(node, perMillion: rate(profile))
        case .wallStep: wallStep(of: node, profile)
        case .clockFreeze: .clockFreeze(node)
        case .blockedDatagrams, .blockedStreams: blocked(kind, of: node)
        default: nil
        }
    }

    /// Between a member and another one, or all others, or everybody; or only from it, or to it.
    mutating func blocked(_ kind: FaultKind, of node: NodeID) -> Fault? {
        let members = memberSlots.filter { nodes[$0].id != node }
        guard let other = pick(members) else { return nil }
        let others = members.map { nodes[$0].id }
        let traffic: Traffic = kind == .blockedDatagrams ? .datagrams : .streams
        func block(_ from: [NodeID], _ to: [NodeID], isBothWays: Bool) -> Fault {
            .blocked(traffic, from: from, to: to, isBothWays: isBothWays)
        }
        return switch decisions.draw(DecisionPoint(.faultTarget, node), in: 0...4) {
        case 0: block([node], [other], isBothWays: true)
        case 1: block([node], others, isBothWays: true)
        case 2: block([node], everybody(but: [node]), isBothWays: true)
        case 3: block([node], others, isBothWays: false)
        default: block(others, [node], isBothWays: false)
        }
    }

    private mutating func wallStep(of node: NodeID, _ profile: FaultProfile) -> Fault {
        let point = DecisionPoint(.faultStrength, node)
        let step = Int64(decisions.draw(point, in: profile.wallStep).nanoseconds / 1_000)
        let isBack = decisions.draw(point, in: 0...1) == 1
        return .wallStep(node, byMicroseconds: isBack ? -step : step)
    }

    /// Each power of two as likely: sizes and rates bite where they are small, and how small
    /// that is differs from system to system. The largest is what a recording need not keep.
    private mutating func skewed(_ range: ClosedRange<UInt32>) -> UInt32 {
        let (low, high) = (max(UInt64(range.lowerBound), 1), UInt64(range.upperBound))
        guard low < high else { return range.upperBound }
        let doublings = UInt64((high / low).bitWidth - 1 - (high / low).leadingZeroBitCount)
        let point = DecisionPoint(.faultStrength)
        let most = high >> decisions.draw(point, in: 0...doublings)
        let less = decisions.draw(point, in: 0...most - max(low, most / 2))
        return UInt32(truncatingIfNeeded: most - less)
    }

    /// The rate of a crooked clock. A true one is what a recording need not keep.
    private mutating func rate(_ profile: FaultProfile) -> UInt32 {
        decisions.rate(DecisionPoint(.faultStrength), in: profile.clockRate)
    }
}

extension Decisions {
    /// How fast a clock runs: each rate of the range as likely, and the true one, where it is
    /// among them, in the place of the first.
    mutating func rate(_ point: DecisionPoint, in range: ClosedRange<UInt32>) -> UInt32 {
        let (low, high) = (UInt64(range.lowerBound), UInt64(range.upperBound))
        let drawn = draw(point, in: 0...high - low)
        let harmless = range.contains(NodeClock.trueRate) ? UInt64(NodeClock.trueRate) - low : 0
        return UInt32(truncatingIfNeeded: low + (drawn + harmless) % (high - low + 1))
    }
}
