import DeterministicSimulation
import StateMachine
import SyncNetProtocol

extension Setting {
    /// What was drawn before the run began, on one line.
    var words: String {
        (clusterWords + workloadWords + surroundingWords + faultWords).joined(separator: ", ")
    }

    private var clusterWords: [String] {
        let timingName = scenario.timings.first { $0.timing == timing }?.rawValue ?? "drawn"
        let crowd = scenario.workload.storm?.clients ?? 0
        var words = [
            "servers \(servers)" + (founders < servers ? " (\(founders) members)" : ""),
            "clients \(clients)" + (crowd > 0 ? " (and a storm of \(crowd))" : ""),
            "timing \(timingName)", "for \(duration.words)", "storage \(scenario.storage.rawValue)",
        ]
        if scenario.accounts != .off { words.append("accounts \(scenario.accounts)") }
        if scenario.hasSmallLimits { words.append("small limits") }
        if points != nil { words.append("fault points") }
        if firstName > 0 { words.append("odd names") }
        if scenario.hasSharedNames { words.append("shared names") }
        if scenario.hasNonsense { words.append("nonsense") }
        return words
    }

    private var workloadWords: [String] {
        let work = scenario.workload
        var words = [
            "orders every \(work.pause.words)", "rooms \(work.rooms)",
            "texts to \(work.text) bytes",
        ]
        if scenario.plainPercent > 0 { words.append("plain \(scenario.plainPercent) %") }
        if scenario.stubbornPercent > 0 { words.append("stubborn \(scenario.stubbornPercent) %") }
        if work.privatePercent > 0 { words.append("private rooms \(work.privatePercent) %") }
        if let changes = scenario.changes { words.append("members change every \(changes.words)") }
        return words
    }

    private var surroundingWords: [String] {
        var words = ["delay \(scenario.network.delay.words)"]
        func add(_ name: String, _ perMillion: UInt32) {
            if perMillion > 0 { words.append("\(name) \(Double(perMillion) / 10_000) %") }
        }
        add("loss", scenario.network.loss)
        add("doubling", scenario.network.doubling)
        add("holding back", scenario.network.holdingBack)
        add("slow writes", scenario.disk.slow)
        return words
    }

    private var faultWords: [String] {
        let kinds = Set(faults.choices.map(\.kind))
        var words: [String] = []
        if kinds.isEmpty {
            words.append(
                scenario.leaderFaults.choices.isEmpty ? "no faults" : "no faults but at leaders")
        } else {
            let families = FaultFamily.allCases.compactMap { family in
                let count = kinds.filter { $0.family == family }.count
                return count > 0 ? "\(family.rawValue) \(count)" : nil
            }
            words.append("faults of " + families.joined(separator: " and "))
            words.append("every \(faults.pause.words)")
            words.append("at once \(faults.atOnce)")
            words.append("down \(faults.down == .minority ? "a minority" : "all")")
            words += strengthWords(of: kinds)
        }
        if !scenario.leaderFaults.choices.isEmpty {
            words.append("at leaders \(scenario.leaderFaults.choices.count)")
        }
        if scenario.ambushPercent > 0 { words.append("ambush \(scenario.ambushPercent) %") }
        if scenario.rolling != nil { words.append("rolling restarts") }
        return words
    }

    /// How strong those are that happen.
    private func strengthWords(of kinds: Set<FaultKind>) -> [String] {
        var words: [String] = []
        func add(_ name: String, _ range: ClosedRange<UInt32>, _ own: FaultKind...) {
            guard !kinds.isDisjoint(with: own) else { return }
            words.append("\(name) \(range.lowerBound) to \(range.upperBound)")
        }
        let share = faults.packetsPerMillion
        if !kinds.isDisjoint(with: [.loss, .doubling, .holdingBack, .corruption]) {
            words.append("to \(Double(share.upperBound) / 10_000) % of the packets")
        }
        let slow: [FaultKind] = [.slowLink, .slowNode, .slowClient, .delay, .oddDelay]
        if !kinds.isDisjoint(with: slow) { words.append("slow by \(faults.delay.words)") }
        add("cut at", faults.mtu, .truncation)
        add("bytes a second", faults.bytesPerSecond, .bandwidth, .fullBuffer, .slowReader)
        add("buffers of", faults.bufferBytes, .fullBuffer)
        add("pieces of", faults.pieceBytes, .partialReads, .partialWrites)
        if !kinds.isDisjoint(with: [.clockRate, .wallRate, .crookedClient]) {
            let (low, high) = (faults.clockRate.lowerBound, faults.clockRate.upperBound)
            words.append("clocks at \(Double(low) / 10_000) % to \(Double(high) / 10_000) %")
        }
        if kinds.contains(.wallStep) { words.append("steps of \(faults.wallStep.words)") }
        return words
    }
}

extension Interval {
    /// About how long, in a unit in which it is a small number.
    fileprivate var words: String {
        for (unit, name) in [(1_000_000_000 as UInt64, "s"), (1_000_000, "ms"), (1_000, "us")]
        where nanoseconds >= unit {
            let tenths = (nanoseconds + unit / 20) / (unit / 10)
            return "\(tenths / 10)" + (tenths % 10 > 0 ? ".\(tenths % 10)" : "") + " \(name)"
        }
        return "\(nanoseconds) ns"
    }
}

extension ClosedRange<Interval> {
    fileprivate var words: String { "\(lowerBound.words) to \(upperBound.words)" }
}
