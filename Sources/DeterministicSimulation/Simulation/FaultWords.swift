import StateMachine

/// Tells faults in words, with the names that a system gives its nodes.
struct FaultWords {
    let name: (NodeID) -> String

    func of(_ fault: Fault) -> String {
        switch fault {
        case .crash(let node, _): "crash \(name(node))"
        case .crashInCommit(let node, _): "crash \(name(node)) in its next commit"
        case .crashLoop(let node, let times, _):
            "crash \(name(node)) again and again, \(times) times"
        case .pause(let node): "pause \(name(node))"
        case .wipe(let node): "crash \(name(node)) and empty its disk"
        case .disk(let node, let trouble): "disk of \(name(node)): \(Self.of(trouble))"
        case .slowNode(let node, let lag): "\(name(node)) is slow, by \(Self.of(lag))"
        case .formerVersion(let node): "\(name(node)) goes back to the former version"
        case .isolate(let node): "isolate \(name(node))"
        case .split(let groups): "split " + groups.map { names($0) }.joined(separator: " | ")
        case .oneWay(let from, let to): "nothing gets from \(names(from)) to \(names(to))"
        case .pair(let a, let b): "cut \(name(a)) - \(name(b))"
        case .bridge(let node, let left, let right):
            "split \(names(left)) | \(names(right)), with \(name(node)) between"
        case .majoritiesRing(let nodes): "majorities ring \(names(nodes))"
        case .flapping(let node, let others, _): "flapping \(name(node)) - \(names(others))"
        case .swizzle(let nodes): "swizzle \(names(nodes))"
        case .blocked(let traffic, let from, let to, let isBothWays):
            "\(traffic == .datagrams ? "no datagram" : "no stream") gets from \(names(from)) to "
                + names(to) + (isBothWays ? ", or back" : "")
        default: ofTraffic(fault)
        }
    }

    private func ofTraffic(_ fault: Fault) -> String {
        switch fault {
        case .slowLink(let a, let b, let delay, let isBothWays):
            "slow link \(name(a)) \(isBothWays ? "-" : "->") \(name(b)), by \(Self.of(delay))"
        case .loss(let share): "datagrams are lost, \(Self.of(share))"
        case .doubling(let share): "datagrams are doubled, \(Self.of(share))"
        case .holdingBack(let share): "datagrams are held back, \(Self.of(share))"
        case .delay(let most): "everything takes longer, by up to \(Self.of(most))"
        case .oddDelay(let delay): "everything takes longer, \(Self.of(delay))"
        case .corruption(let share): "datagrams are corrupted, \(Self.of(share))"
        case .truncation(let bytes): "datagrams are cut off after \(bytes) bytes"
        case .bandwidth(let node, let rate, let buffer):
            "links\(node.map { " of " + name($0) } ?? "") carry \(rate) bytes/s"
                + (buffer > 0 ? " with a buffer of \(buffer) bytes" : "")
        case .resetStreams(let a, let b): "reset streams \(name(a)) - \(name(b))"
        case .halfOpen(let a, let b): "streams with \(name(b)) are gone for \(name(a)) only"
        case .partialReads(let node, let bytes): "\(name(node)) reads \(bytes) bytes at a time"
        case .partialWrites(let node, let bytes):
            "\(name(node)) writes \(bytes) bytes at a time"
        case .slowReader(let node, let rate): "\(name(node)) reads \(rate) bytes/s"
        default: ofClocks(fault)
        }
    }

    private func ofClocks(_ fault: Fault) -> String {
        switch fault {
        case .clockRate(let node, let rate): "clocks of \(name(node)) count \(Self.of(rate))"
        case .wallRate(let node, let rate): "wall clock of \(name(node)) counts \(Self.of(rate))"
        case .wallStep(let node, let step):
            "wall clock of \(name(node)) steps \(step < 0 ? "back" : "forward") "
                + Self.of(Interval.microseconds(step.magnitude))
        case .clockFreeze(let node): "monotonic clock of \(name(node)) stands still"
        default: "\(fault)"
        }
    }

    private static func of(_ trouble: DiskTrouble) -> String {
        switch trouble {
        case .failedSync: "syncs fail"
        case .lyingSync: "syncs lie"
        case .full: "full"
        case .readError: "reads fail"
        case .shortRead: "reads are short"
        case .bitFlip: "bits have flipped"
        case .misdirectedRead: "reads are misdirected"
        case .misdirectedWrite: "writes are misdirected"
        case .stall: "stalls"
        }
    }

    private static func of(_ delay: Delay) -> String {
        switch delay {
        case .uniform(let range): "evenly by \(of(range.lowerBound)) to \(of(range.upperBound))"
        case .exponential(_, let mean, _): "exponentially, \(of(mean)) in the mean"
        case .bimodal(_, let slow, let share):
            "\(of(share)) by \(of(slow.lowerBound)) to \(of(slow.upperBound))"
        case .heavyTail(let least, _): "with a heavy tail from \(of(least))"
        }
    }

    private static func of(_ interval: Interval) -> String {
        "\(interval.nanoseconds / 1_000_000) ms"
    }

    private static func of(_ perMillion: UInt32) -> String {
        let thousandths = perMillion / 10
        let part = thousandths % 1_000
        return part == 0
            ? "\(thousandths / 1_000) %"
            : "\(thousandths / 1_000).\(String(part + 1_000).dropFirst()) %"
    }

    private func names(_ nodes: [NodeID]) -> String {
        nodes.map { name($0) }.joined(separator: ",")
    }
}
