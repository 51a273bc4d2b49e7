import StateMachine
import SyncNetSimulation
import SyncNetTorture

/// What came of a run.
struct TortureReport {
    let settings: TortureSettings
    /// How often each kind of torment was made.
    private(set) var made: [TormentKind: Int] = [:]
    var breaches: [Breach] = []
    /// What was done when, and what was found.
    var remarks: [(at: Interval, text: String)] = []
    /// How long it took at most from the healing until one leads and the others follow, and
    /// until every client was answered.
    var longestHealing = Duration.zero
    var longestServing = Duration.zero
    var clients = Recorder.Tally()
    var relayed = RelayTally()
    /// How many servers were removed, as another one has confirmed.
    var removals = 0
    private var judged: UInt64 = 0
    private var undecided: UInt64 = 0
    private var entries: UInt64 = 0
    private var conformed = RecordSet.Total()
    private var recordedBytes: UInt64 = 0

    init(settings: TortureSettings) { self.settings = settings }

    mutating func count(_ kind: TormentKind) { made[kind, default: 0] += 1 }

    mutating func take(_ verdict: RecordedVerdict, entries: UInt64) {
        breaches += verdict.breaches
        judged = verdict.judged
        undecided = verdict.undecided
        self.entries = entries
        if undecided > 0 {
            let detail = "of \(undecided) rooms nobody can say whether they are linearizable"
            breaches.append(Breach(.linearizability, detail))
        }
    }

    mutating func take(_ total: RecordSet.Total, bytes: UInt64) {
        (conformed, recordedBytes) = (total, bytes)
        if !total.isGood { breaches.append(Breach(.conformance, total.line)) }
    }

    /// Whether all promises held.
    var isGood: Bool { breaches.isEmpty }

    /// The summary.
    var lines: [String] {
        let broken = breaches.map { "BROKEN \($0.property.rawValue): \($0.detail)" }
        let verdict = isGood ? "all promises held" : "\(breaches.count) broken promises"
        return setting + requests + broken + ["verdict: \(verdict)"]
    }

    private var setting: [String] {
        let torments = TormentKind.allCases.compactMap { kind in
            made[kind].map { "\(kind.rawValue) \($0)" }
        }
        return [
            "SEED=\(settings.seed)  \(settings.servers) servers, \(settings.clients) clients, "
                + "mode \(settings.abilities.mode.rawValue)",
            "torments: " + torments.joined(separator: ", ")
                + (made[.removal] == nil ? "" : " (members removed: \(removals))"),
            "relay: \(relayed.datagrams) datagrams, \(relayed.lost) lost, \(relayed.doubled) "
                + "doubled; \(relayed.streamBytes >> 10) KiB in streams",
        ]
    }

    private var requests: [String] {
        let silence = Narrator.words(clients.longestSilence)
        return [
            "requests: \(clients.answered) answered (\(clients.acknowledged) messages "
                + "acknowledged), \(clients.unknown) unknown, \(clients.refused) refused; "
                + "\(clients.shown) messages shown",
            "longest wait of a request: \(Narrator.words(clients.longestWait)); longest time "
                + "without an acknowledgement to anybody: \(silence)",
            "longest time from healing until all followed one leader: "
                + "\(Narrator.words(longestHealing)); until every client was answered: "
                + Narrator.words(longestServing),
            "judged: \(judged) requests for linearizability, \(entries) entries of each log",
            "conform: \(conformed.line) (\(recordedBytes >> 20) MiB, "
                + "\(recordedBytes / max(1, conformed.events)) bytes an event)",
        ]
    }
}
