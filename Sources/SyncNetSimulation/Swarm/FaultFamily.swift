package import DeterministicSimulation

/// Kinds of faults that belong together: a swarm switches them on and off as one.
package enum FaultFamily: String, Equatable, Sendable, CaseIterable {
    case process, partitions, packets, streams, disks, clocks
}

extension FaultKind {
    /// The family to which it belongs.
    package var family: FaultFamily {
        switch self {
        case .crash, .crashInCommit, .crashLoop, .pause, .slowNode, .formerVersion, .pauseClient,
            .slowClient:
            .process
        case .isolate, .halves, .minorityThird, .parts, .oneWay, .pair, .bridge,
            .majoritiesRing, .clientFromMember, .flapping, .swizzle,
            .blockedDatagrams, .blockedStreams:
            .partitions
        case .slowLink, .loss, .doubling, .holdingBack, .delay, .oddDelay, .corruption,
            .truncation, .bandwidth, .fullBuffer:
            .packets
        case .resetStreams, .halfOpen, .partialReads, .partialWrites, .slowReader: .streams
        case .failedSync, .lyingSync, .diskFull, .readError, .shortRead, .bitFlip,
            .misdirectedRead, .misdirectedWrite, .diskStall, .wipe:
            .disks
        case .clockRate, .wallRate, .wallStep, .clockFreeze, .crookedClient: .clocks
        }
    }

    /// Whether it can be aimed at one server, whoever leads.
    var hitsLeaders: Bool {
        switch self {
        case .crash, .crashInCommit, .crashLoop, .pause, .isolate, .halves, .oneWay, .pair, .bridge,
            .flapping, .slowLink, .resetStreams, .slowNode, .formerVersion, .bandwidth,
            .fullBuffer, .halfOpen, .partialReads, .partialWrites, .slowReader, .clockRate,
            .wallRate, .wallStep, .clockFreeze, .blockedDatagrams, .blockedStreams:
            true
        default: false
        }
    }
}
