import StateMachine

extension Fault {
    /// The one node that it is about, where there is just one.
    var node: NodeID? {
        switch self {
        case .crash(let node, _), .crashInCommit(let node, _), .pause(let node),
            .wipe(let node), .disk(let node, _), .slowNode(let node, _),
            .formerVersion(let node), .isolate(let node), .partialReads(let node, _),
            .partialWrites(let node, _), .slowReader(let node, _), .clockRate(let node, _),
            .wallRate(let node, _), .wallStep(let node, _), .clockFreeze(let node),
            .crashLoop(let node, _, _):
            node
        case .bandwidth(let node, _, _): node
        case .split, .oneWay, .pair, .bridge, .majoritiesRing, .flapping, .swizzle, .slowLink,
            .loss, .doubling, .holdingBack, .delay, .oddDelay, .corruption, .truncation,
            .resetStreams, .halfOpen, .blocked:
            nil
        }
    }

    /// Whether it is over as soon as it has begun.
    var isMomentary: Bool {
        switch self {
        case .resetStreams, .halfOpen: true
        default: false
        }
    }

    /// Whether it acts on every link.
    var isWeather: Bool {
        switch self {
        case .loss, .doubling, .holdingBack, .delay, .oddDelay, .corruption, .truncation,
            .bandwidth(nil, _, _):
            true
        default: false
        }
    }

    /// Whether it limits bytes per second.
    var isNarrow: Bool {
        switch self {
        case .bandwidth, .slowReader: true
        default: false
        }
    }
}

extension Fabric {
    /// Which kind a fault is of. Small groups make some splits the same.
    func kind(of fault: Fault) -> FaultKind {
        switch fault {
        case .crash: .crash
        case .crashInCommit: .crashInCommit
        case .crashLoop: .crashLoop
        case .pause(let node): isClient(node) ? .pauseClient : .pause
        case .wipe: .wipe
        case .disk(_, let trouble):
            FaultKind.allCases.first { $0.trouble == trouble } ?? .diskStall
        case .slowNode(let node, _): isClient(node) ? .slowClient : .slowNode
        case .formerVersion: .formerVersion
        case .isolate: .isolate
        case .split(let groups): Self.kind(ofSplit: groups)
        case .oneWay: .oneWay
        case .pair(let a, let b): isClient(a) || isClient(b) ? .clientFromMember : .pair
        case .bridge: .bridge
        case .majoritiesRing: .majoritiesRing
        case .flapping: .flapping
        case .swizzle: .swizzle
        default: kind(ofLinkOrClock: fault)
        }
    }

    private func kind(ofLinkOrClock fault: Fault) -> FaultKind {
        switch fault {
        case .slowLink: .slowLink
        case .loss: .loss
        case .doubling: .doubling
        case .holdingBack: .holdingBack
        case .oddDelay: .oddDelay
        case .corruption: .corruption
        case .truncation: .truncation
        case .bandwidth(_, _, let buffer): buffer > 0 ? .fullBuffer : .bandwidth
        case .resetStreams: .resetStreams
        case .halfOpen: .halfOpen
        case .partialReads: .partialReads
        case .partialWrites: .partialWrites
        case .slowReader: .slowReader
        case .clockRate(let node, _): isClient(node) ? .crookedClient : .clockRate
        case .wallRate: .wallRate
        case .wallStep: .wallStep
        case .clockFreeze: .clockFreeze
        case .blocked(let traffic, _, _, _):
            traffic == .datagrams ? .blockedDatagrams : .blockedStreams
        default: .delay
        }
    }

    private func isClient(_ node: NodeID) -> Bool {
        slot(of: node).map { nodes[$0].role == .client } ?? false
    }

    private static func kind(ofSplit groups: [[NodeID]]) -> FaultKind {
        guard groups.count == 2 else { return .parts }
        let sizes = (groups[0].count, groups[1].count)
        return abs(sizes.0 - sizes.1) <= 1 ? .halves : .minorityThird
    }
}
