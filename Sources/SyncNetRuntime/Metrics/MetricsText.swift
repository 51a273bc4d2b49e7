import StateMachine
import SyncNetProtocol

/// A measurement in Prometheus' text form (version 0.0.4).
struct MetricsText {
    private(set) var text = ""

    /// What one page holds.
    static func page(server: String, _ measurement: Measurement) -> String {
        var page = MetricsText()
        page.family("syncnet_info", .gauge, "Always 1; says which server this is.") {
            $0.sample(1, ["server": server])
        }
        if let figures = measurement.figures { page.add(figures) }
        page.add(measurement.tally)
        page.add(measurement.counters)
        return page.text
    }

    private mutating func add(_ figures: Figures) {
        gauge("syncnet_ready", "1 where a leader is known and heard.", figures.isReady ? 1 : 0)
        family("syncnet_role", .gauge, "1 for the role that this server has.") { family in
            for role in ServerRole.allCases {
                family.sample(role == figures.role ? 1 : 0, ["role": "\(role)"])
            }
        }
        gauge("syncnet_epoch", "The highest round that is known.", figures.epoch.number)
        gauge("syncnet_commit_index", "The last committed entry.", figures.commit.number)
        gauge("syncnet_applied_index", "The last applied entry.", figures.applied.number)
        gauge("syncnet_log_index", "The last entry of the log.", figures.last.number)
        gauge("syncnet_clients", "Clients that are connected.", UInt64(figures.clients))
        gauge(
            "syncnet_subscriptions", "Rooms that connected clients follow.",
            UInt64(figures.subscriptions))
        gauge("syncnet_sessions", "Sessions that are remembered.", UInt64(figures.sessions))
        family("syncnet_peer_lag_entries", .gauge, "Committed entries that a peer lacks.") {
            for peer in figures.peers { $0.sample(peer.lag, ["peer": peer.id.string]) }
        }
        family("syncnet_peer_alive", .gauge, "1 for a peer that is taken for alive.") {
            for peer in figures.peers {
                $0.sample(peer.isAlive ? 1 : 0, ["peer": peer.id.string])
            }
        }
        family("syncnet_peer_silence_seconds", .gauge, "Since a peer was heard.") { family in
            for peer in figures.peers {
                guard let silence = peer.silence else { continue }
                family.sample(seconds: silence.nanoseconds, ["peer": peer.id.string])
            }
        }
    }

    private mutating func add(_ tally: Tally) {
        counter(
            "syncnet_acknowledged_writes_total", "Writes acknowledged to clients here.",
            tally.acknowledged)
        counter("syncnet_applied_entries_total", "Entries applied since start.", tally.applied)
        counter("syncnet_elections_won_total", "Times it became leader.", tally.elections)
        counter("syncnet_step_downs_total", "Times it stopped leading.", tally.stepDowns)
        family("syncnet_refused_requests_total", .counter, "Refused requests.") {
            for reason in NackReason.allCases {
                $0.sample(tally.refused[Int(reason.rawValue)], ["reason": "\(reason.word)"])
            }
        }
        family("syncnet_dropped_messages_total", .counter, "Peers' messages without sense.") {
            for drop in Drop.allCases {
                $0.sample(tally.dropped[Int(drop.rawValue)], ["reason": "\(drop)".snakeCased])
            }
        }
        add(tally.commits)
        add(tally.received, "received")
        add(tally.sent, "sent")
    }

    private mutating func add(_ traffic: [Tally.Traffic], _ word: String) {
        let name = "syncnet_\(word)"
        family("\(name)_packets_total", .counter, "Datagrams, and pieces of streams, \(word).") {
            for carrier in Tally.Carrier.allCases {
                $0.sample(traffic[carrier.rawValue].pieces, ["carrier": "\(carrier)"])
            }
        }
        family("\(name)_bytes_total", .counter, "Bytes of datagrams and streams \(word).") {
            for carrier in Tally.Carrier.allCases {
                $0.sample(traffic[carrier.rawValue].bytes, ["carrier": "\(carrier)"])
            }
        }
    }

    private mutating func add(_ counters: Counters) {
        family("syncnet_dropped_at_door_total", .counter, "What was dropped unread.") {
            for reason in Counters.Reason.allCases {
                $0.sample(counters[reason], ["reason": "\(reason)".snakeCased])
            }
        }
    }

    private mutating func add(_ commits: Tally.Histogram) {
        let help = "How long commits to the disk took, each with one fsync or more."
        family("syncnet_disk_commit_seconds", .histogram, help) { family in
            var sum: UInt64 = 0
            for (bound, count) in zip(Tally.Histogram.bounds, commits.counts) {
                sum += count
                family.sample(sum, ["le": Decimal.seconds(bound * 1_000)], suffix: "_bucket")
            }
            family.sample(commits.count, ["le": "+Inf"], suffix: "_bucket")
            family.sample(seconds: commits.nanoseconds, [:], suffix: "_sum")
            family.sample(commits.count, [:], suffix: "_count")
        }
    }
}

extension MetricsText {
    enum Kind: String { case gauge, counter, histogram }

    /// The samples of one name.
    struct Family {
        let name: String
        fileprivate(set) var lines = ""

        mutating func sample(
            _ value: UInt64, _ labels: KeyValuePairs<String, String> = [:], suffix: String = ""
        ) {
            add("\(value)", labels, suffix)
        }

        mutating func sample(
            seconds nanoseconds: UInt64, _ labels: KeyValuePairs<String, String>,
            suffix: String = ""
        ) {
            add(Decimal.seconds(nanoseconds), labels, suffix)
        }

        private mutating func add(
            _ value: String, _ labels: KeyValuePairs<String, String>, _ suffix: String
        ) {
            let pairs = labels.map { "\($0.key)=\"\(Self.escaped($0.value))\"" }
            let set = pairs.isEmpty ? "" : "{\(pairs.joined(separator: ","))}"
            lines += "\(name)\(suffix)\(set) \(value)\n"
        }

        private static func escaped(_ text: String) -> String {
            var result = ""
            for scalar in text.unicodeScalars {
                switch scalar {
                case "\\": result += "\\\\"
                case "\"": result += "\\\""
                case "\n": result += "\\n"
                default: result.unicodeScalars.append(scalar)
                }
            }
            return result
        }
    }

    private mutating func family(
        _ name: String, _ kind: Kind, _ help: String, _ fill: (inout Family) -> Void
    ) {
        var family = Family(name: name)
        fill(&family)
        guard !family.lines.isEmpty else { return }
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(kind.rawValue)\n\(family.lines)"
    }

    private mutating func gauge(_ name: String, _ help: String, _ value: UInt64) {
        family(name, .gauge, help) { $0.sample(value) }
    }

    private mutating func counter(_ name: String, _ help: String, _ value: UInt64) {
        family(name, .counter, help) { $0.sample(value) }
    }
}

/// Numbers with a point.
enum Decimal {
    /// Nanoseconds as seconds, exactly, without zeros at the end.
    static func seconds(_ nanoseconds: UInt64) -> String {
        let rest = String(nanoseconds % 1_000_000_000)
        var digits = String(repeating: "0", count: 9 - rest.count) + rest
        while digits.last == "0" { digits.removeLast() }
        let whole = "\(nanoseconds / 1_000_000_000)"
        return digits.isEmpty ? whole : "\(whole).\(digits)"
    }
}

extension String {
    /// A name of Swift as Prometheus writes them.
    fileprivate var snakeCased: String {
        var result = ""
        for character in self {
            if character.isUppercase { result += "_" }
            result += character.lowercased()
        }
        return result
    }
}
