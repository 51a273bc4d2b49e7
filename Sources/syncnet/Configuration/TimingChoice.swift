import StateMachine
import SyncNetProtocol

/// Reads timing from words: a profile, and numbers that differ from it.
enum TimingChoice {
    /// What can be set, by its name in files and flags.
    static var intervals: [(name: String, field: WritableKeyPath<Timing, Interval>)] {
        [
            ("discovery", \.discovery), ("heartbeat", \.heartbeat), ("death", \.death),
            ("election", \.election), ("connect", \.connect), ("token_retry", \.tokenRetry),
            ("hop", \.hop), ("probe", \.probe), ("reconnect", \.reconnect),
            ("request", \.request), ("confirmation", \.confirmation),
        ]
    }

    /// How often something is tried, by its name in files and flags.
    static var tries: [(name: String, field: WritableKeyPath<Timing, UInt32>)] {
        [("hop_tries", \.hopTries), ("probe_tries", \.probeTries)]
    }

    /// The timing of `lan` or of `guide,heartbeat=1s,death=5s`.
    static func parse(_ text: String) throws -> Timing {
        var timing = Timing.guide
        for (position, part) in text.split(separator: ",").enumerated() {
            let pair = part.split(separator: "=", maxSplits: 1)
            if pair.count == 2 {
                try set(String(pair[0]), to: String(pair[1]), in: &timing)
            } else if position == 0 {
                timing = try profile(String(part))
            } else {
                throw Failure("timing: \"\(part)\" is no setting like death=5s")
            }
        }
        return timing
    }

    /// The profile of that name.
    static func profile(_ name: String) throws -> Timing {
        switch name {
        case "guide": .guide
        case "lan": .lan
        case "wan": .wan
        default:
            throw Failure("timing: there is no profile \"\(name)\", only guide, lan and wan")
        }
    }

    /// Changes one number of a timing.
    static func set(_ name: String, to value: String, in timing: inout Timing) throws {
        if let setting = tries.first(where: { $0.name == name }) {
            guard let number = UInt32(value), (1...100).contains(number) else {
                throw Failure("timing: \(name) is \"\(value)\", but has to be from 1 to 100")
            }
            timing[keyPath: setting.field] = number
            return
        }
        guard let setting = intervals.first(where: { $0.name == name }) else {
            let names = (intervals.map(\.name) + tries.map(\.name)).joined(separator: ", ")
            throw Failure("timing: there is no \"\(name)\", only profile, \(names)")
        }
        guard let interval = interval(value), interval > .zero else {
            throw Failure("timing: \(name) is \"\(value)\", but has to be like 500ms or 2s")
        }
        timing[keyPath: setting.field] = interval
    }

    /// The interval that `500ms`, `2s`, `1.5s` or `2` (seconds) names.
    static func interval(_ text: String) -> Interval? {
        let digits = text.prefix { $0.isNumber || $0 == "." }
        let unit = text.dropFirst(digits.count).drop { $0 == " " }
        guard let number = Double(digits), number >= 0, number < 1_000_000 else { return nil }
        switch unit {
        case "ms": return Interval(nanoseconds: UInt64(number * 1_000_000))
        case "s", "": return Interval(nanoseconds: UInt64(number * 1_000_000_000))
        default: return nil
        }
    }
}
