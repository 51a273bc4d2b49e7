import Foundation
package import StateMachine
package import SyncNetProtocol
package import SyncNetWire

/// Where the machine does something else than the server did.
package struct ConformDifference: Equatable, Sendable {
    /// So much of an effect is told in full.
    private static let fullLettersMax = 2_000

    /// The event, and what the server asked for.
    package var step: RecordedStep
    /// What the machine asks for now.
    package var effects: [Effect<SyncNet>]
    /// Which effect is the first that differs, from 0.
    package var place: Int
    /// The events before it.
    package var former: [RecordedStep]
    /// When the record began.
    package var began: ClockReading

    /// All of it, for people.
    package var lines: [String] {
        ["event \(step.number), \(time(of: step)) after the start (\(date)), differs:"]
            + ["  before it:"] + former.map { "    " + line(of: $0) }
            + ["  the event:", "    " + line(of: step)]
            + ["  what the server asked for:"] + recorded
            + ["  what the machine asks for now:"] + effects.enumerated().map(now)
            + (effects.indices.contains(place) ? ["  in full: " + full(effects[place])] : [])
    }

    private var recorded: [String] {
        switch step.consequence {
        case .effects(let list):
            let lines = list.enumerated().map(now)
            return lines
                + (list.indices.contains(place) ? ["    in full: " + full(list[place])] : [])
        case .digest(let digest):
            return digest.kinds.enumerated().map { number, kind in
                line(number, "\(kind) (only a digest is kept)")
            }
        }
    }

    private func now(_ number: Int, _ effect: Effect<SyncNet>) -> String {
        line(number, effect.words)
    }

    private func line(_ number: Int, _ words: String) -> String {
        "  \(number == place ? "* " : "  ")\(number + 1). \(words)"
    }

    private func full(_ effect: Effect<SyncNet>) -> String {
        let text = "\(effect)"
        return text.count > Self.fullLettersMax ? text.prefix(Self.fullLettersMax) + "…" : text
    }

    private func line(of step: RecordedStep) -> String {
        "\(step.number), \(time(of: step)): \(step.event.words)"
    }

    private func time(of step: RecordedStep) -> String {
        let passed = step.now.monotonic.since(began.monotonic)
        return String(format: "%.6f s", Double(passed.nanoseconds) / 1_000_000_000)
    }

    private var date: String {
        Date(timeIntervalSince1970: step.now.wall.seconds)
            .ISO8601Format(.init(includingFractionalSeconds: true))
    }
}
