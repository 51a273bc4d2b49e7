import DeterministicSimulation
import StateMachine
import SyncNetProtocol

/// A scenario as lines, from which a story's reader makes it again: the other direction of
/// `Scenario+File.swift`, key by key. What is as usual is left out.
extension Scenario {
    /// All that differs from a scenario of which only the name is known; its size always.
    var lines: [StorySetting] {
        let usual = Scenario(name: name)
        var lines = [
            StorySetting("servers", Words.range(servers) { "\($0)" }),
            StorySetting("clients", Words.range(clients) { "\($0)" }),
            StorySetting("timing", timings.map(\.rawValue).joined(separator: ", ")),
            StorySetting("duration", Words.intervals(duration)),
            StorySetting("storage", storage.rawValue),
        ]
        let planted = PlantedBugs.catalogue.filter { bugs.contains($0.bug) }.map(\.id)
        lines.add("bugs", planted, [], { $0.joined(separator: ", ") })
        lines.add("spares", spares, usual.spares, { Words.range($0) { "\($0)" } })
        if let changes { lines.append(StorySetting("changes", Words.intervals(changes))) }
        lines.add("plain", plainPercent, usual.plainPercent)
        lines.add("stubborn", stubbornPercent, usual.stubbornPercent)
        lines.add("small-limits", hasSmallLimits, usual.hasSmallLimits)
        lines.add(
            "second-act", rests, usual.rests, { $0.map(\.rawValue).joined(separator: ", ") })
        lines.add("fault-points", hasFaultPoints, false)
        lines.add("odd-names", hasOddNames, false)
        lines.add("shared-names", hasSharedNames, false)
        lines.add("nonsense", hasNonsense, false)
        lines.add("accounts", accounts, .off, { "\($0.word)" })
        lines.add("operator", operatorPause, usual.operatorPause, Words.intervals)
        if let firstName { lines.append(StorySetting("first-name", "\(firstName)")) }
        lines += points?.lines ?? []
        lines += limits?.lines ?? []
        lines += workload.lines + network.lines + disk.lines
        lines.add("faults.swarm", isSwarm, false)
        lines += faults.lines("faults") + leaderFaults.lines("leader-faults")
        lines.add("ambush", ambushPercent, usual.ambushPercent)
        if let rolling {
            lines.append(StorySetting("rolling.pause", Words.intervals(rolling.pause)))
            lines.append(StorySetting("rolling.down", Words.intervals(rolling.down)))
        }
        return lines + bounds.lines
    }
}

extension PointsSetting {
    fileprivate var lines: [StorySetting] {
        [
            StorySetting("points.kinds", "\(kinds)"), StorySetting("points.one-in", "\(period)"),
            StorySetting("points.salt", "\(salt)"),
        ]
    }
}

extension Workload {
    fileprivate var lines: [StorySetting] {
        let usual = Workload()
        var lines: [StorySetting] = []
        lines.add("workload.rooms", rooms, usual.rooms)
        lines.add("workload.pause", pause, usual.pause, Words.intervals)
        lines.add("workload.outstanding", outstanding, usual.outstanding)
        lines.add("workload.say", say, usual.say)
        lines.add("workload.burst", burst, usual.burst)
        lines.add("workload.read", read, usual.read)
        lines.add("workload.linearizable", linearizable, usual.linearizable)
        lines.add("workload.join", join, usual.join)
        lines.add("workload.leave", leave, usual.leave)
        lines.add("workload.discover", discover, usual.discover)
        lines.add("workload.quit", quit, usual.quit)
        lines.add("workload.odd", odd, usual.odd)
        lines.add("workload.visit", visit, usual.visit)
        lines.add("workload.invite", invite, usual.invite)
        lines.add("workload.peek", peek, usual.peek)
        lines.add("workload.search", search, usual.search)
        lines.add("workload.private", privatePercent, usual.privatePercent)
        lines.add("workload.text", text, usual.text)
        if let storm {
            lines.append(StorySetting("workload.storm.at", Words.interval(storm.at)))
            lines.append(StorySetting("workload.storm.clients", "\(storm.clients)"))
        }
        return lines
    }
}

extension Network {
    fileprivate var lines: [StorySetting] {
        let usual = Network()
        var lines: [StorySetting] = []
        lines.add("network.delay", delay, usual.delay, Words.intervals)
        lines.add("network.loss", loss, usual.loss, Words.share)
        lines.add("network.doubling", doubling, usual.doubling, Words.share)
        lines.add("network.holding-back", holdingBack, usual.holdingBack, Words.share)
        return lines
    }
}

extension DiskSpeed {
    fileprivate var lines: [StorySetting] {
        let usual = DiskSpeed()
        var lines: [StorySetting] = []
        lines.add("disk.commit", commit, usual.commit, Words.intervals)
        lines.add("disk.slow", slow, usual.slow, Words.share)
        lines.add("disk.slowly", slowly, usual.slowly, Words.intervals)
        return lines
    }
}

extension Bounds {
    fileprivate var lines: [StorySetting] {
        var lines: [StorySetting] = []
        if let liveness { lines.append(StorySetting("bounds.liveness", Words.interval(liveness))) }
        if let elections { lines.append(StorySetting("bounds.elections", "\(elections)")) }
        if let suspicions { lines.append(StorySetting("bounds.suspicions", "\(suspicions)")) }
        lines.add("bounds.count-tokens", countsTokens, false)
        return lines
    }
}

extension FaultProfile {
    fileprivate func lines(_ table: String) -> [StorySetting] {
        let usual = FaultProfile([])
        guard self != usual else { return [] }
        func shares(_ range: ClosedRange<UInt32>) -> String { Words.range(range, Words.share) }
        func numbers(_ range: ClosedRange<UInt32>) -> String { Words.range(range) { "\($0)" } }
        var lines: [StorySetting] = []
        lines.add("\(table).pause", pause, usual.pause, Words.intervals)
        lines.add("\(table).at-once", atOnce, usual.atOnce)
        lines.add("\(table).down", down, usual.down, Words.limit)
        lines.add("\(table).spoilt", spoilt, usual.spoilt, Words.limit)
        lines.add("\(table).from", from, usual.from, Words.interval)
        if let until { lines.append(StorySetting("\(table).until", Words.interval(until))) }
        lines.add("\(table).share", packetsPerMillion, usual.packetsPerMillion, shares)
        lines.add("\(table).by", delay, usual.delay, Words.intervals)
        lines.add("\(table).mtu", mtu, usual.mtu, numbers)
        lines.add("\(table).bytes-per-second", bytesPerSecond, usual.bytesPerSecond, numbers)
        lines.add("\(table).buffer", bufferBytes, usual.bufferBytes, numbers)
        lines.add("\(table).pieces", pieceBytes, usual.pieceBytes, numbers)
        lines.add("\(table).rate", clockRate, usual.clockRate, shares)
        lines.add("\(table).step", wallStep, usual.wallStep, Words.intervals)
        for choice in choices { lines += Self.lines("\(table).\(choice.kind.word)", choice) }
        return lines
    }

    private static func lines(_ table: String, _ choice: FaultChoice) -> [StorySetting] {
        let usual = FaultChoice(choice.kind)
        var lines: [StorySetting] = []
        lines.add("\(table).weight", choice.weight, usual.weight)
        lines.add("\(table).lasting", choice.lasting, usual.lasting, Words.intervals)
        return lines.isEmpty ? [StorySetting(table, "{}")] : lines
    }
}

extension [StorySetting] {
    fileprivate mutating func add<Value: Equatable>(
        _ key: String, _ value: Value, _ usual: Value, _ words: (Value) -> String = { "\($0)" }
    ) {
        if value != usual { append(StorySetting(key, words(value))) }
    }
}

/// Quantities as scenario files have them, without loss.
private enum Words {
    static func range<Bound>(
        _ range: ClosedRange<Bound>, _ one: (Bound) -> String
    ) -> String {
        range.lowerBound == range.upperBound
            ? one(range.lowerBound) : "\(one(range.lowerBound))-\(one(range.upperBound))"
    }

    static func intervals(_ range: ClosedRange<Interval>) -> String {
        Self.range(range, Self.interval)
    }

    static func interval(_ interval: Interval) -> String { interval.word }

    static func share(_ perMillion: UInt32) -> String {
        let (whole, rest) = perMillion.quotientAndRemainder(dividingBy: 10_000)
        guard rest > 0 else { return "\(whole)%" }
        let digits = String(rest)
        return "\(whole).\(String(repeating: "0", count: 4 - digits.count))\(digits)%"
    }

    static func limit(_ limit: DownLimit) -> String {
        switch limit {
        case .minority: "minority"
        case .count(let count): "\(count)"
        case .all: "all"
        }
    }
}

extension Interval {
    /// As scenario files have it, without loss below a thousand seconds.
    var word: String {
        let isLong = nanoseconds >= 1_000_000_000_000
        let unit: UInt64 = isLong ? 1_000_000_000 : 1_000_000
        let (whole, rest) = nanoseconds.quotientAndRemainder(dividingBy: unit)
        let millionths = isLong ? rest / 1_000 : rest
        let name = isLong ? "s" : "ms"
        guard millionths > 0 else { return "\(whole)\(name)" }
        let digits = String(millionths)
        return "\(whole).\(String(repeating: "0", count: 6 - digits.count))\(digits)\(name)"
    }
}
