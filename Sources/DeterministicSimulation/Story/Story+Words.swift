import StateMachine

/// Choices in words, for stories. What people and faults do is told by the run itself.
extension DecisionList {
    /// A choice as a sentence about what happens; nil where the run tells it better.
    public func words(for decision: Decision) -> String? {
        let kind = kind(of: decision)
        guard !kind.hasPrefix("fault."), !kind.hasPrefix("workload.") else { return nil }
        if kind.hasPrefix("packet.") || kind.hasPrefix("stream.") || kind == "weather.delay" {
            return message(decision, kind)
        }
        let who = decision.node == Decision.nobody ? "" : node(decision.node)
        let much = amount(decision)
        return switch kind {
        case "timer.moment": "\(who)'s timer \(name(of: decision, "")) fires after \(much)"
        case "disk.commit": "commit \(decision.occurrence) of \(who) takes \(much)"
        case "disk.query": "query \(decision.occurrence) of \(who) takes \(much)"
        case "clock.offset": "\(who)'s clock shows \(much) at the beginning"
        case "wake.order": "\(who) goes on, and comes to \(Self.wakeWords(decision)) first"
        case "crash.kind": "\(who)'s machine loses its power, not only its process"
        case "crash.moment": "\(who) crashes \(much) after its commit began"
        case "disk.interrupted": "of the commit that the crash of \(who) interrupts, some is kept"
        default: text(of: decision)
        }
    }

    private static func wakeWords(_ decision: Decision) -> String {
        guard case .number(let number) = decision.value else { return "what came first" }
        return switch WakeOrder(rawValue: number) {
        case .timersFirst: "its timers"
        case .timersLast: "all but its timers"
        case .datagramsFirst: "its datagrams"
        case .streamsFirst: "its streams"
        case .asItCame, nil: "what came first"
        }
    }

    private func message(_ decision: Decision, _ kind: String) -> String {
        guard decision.node != Decision.nobody, decision.other != Decision.nobody else {
            return text(of: decision)
        }
        let (from, to) = (node(decision.node), node(decision.other))
        let what = "\(from)'s \(name(of: decision, "message")) to \(to)"
        let much = amount(decision)
        return switch kind {
        case "packet.lost": "\(what) is lost"
        case "packet.doubled": "\(what) arrives twice"
        case "packet.heldBack": "\(what) is overtaken by others"
        case "packet.heldFor": "\(what) is held back for \(much)"
        case "packet.delay", "stream.delay": "\(what) takes \(much)"
        case "weather.delay": "\(what) takes \(much) longer"
        case "stream.sentAgain":
            "\(what) has to be sent again \(much == "1" ? "once" : "\(much) times")"
        case "stream.askedAgain": "opening a stream from \(from) to \(to) is tried again"
        case "stream.cut", "stream.cutAt": "\(what) arrives in two parts"
        case "stream.opening": "opening a stream from \(from) to \(to) takes \(much)"
        case "stream.giveUp": "\(from) gives its silent stream to \(to) up after \(much)"
        default: text(of: decision)
        }
    }

    /// What a message or a timer is called, and which one it is.
    private func name(of decision: Decision, _ unnamed: String) -> String {
        let label = label(of: decision).isEmpty ? unnamed : label(of: decision)
        let number = decision.number > 0 ? " \(decision.number)" : ""
        return label + number + (decision.occurrence > 1 ? " #\(decision.occurrence)" : "")
    }

    private func amount(_ decision: Decision) -> String {
        switch decision.value {
        case .number(let number): "\(number)"
        case .time(let interval): Quantity.time(interval.nanoseconds)
        case .moment(let moment): "\(Quantity.seconds(moment.nanoseconds)) s"
        case .yes: "yes"
        case .word(let word): name(word)
        }
    }
}
