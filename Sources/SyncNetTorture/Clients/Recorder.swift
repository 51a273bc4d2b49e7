package import StateMachine
package import SyncNetProtocol
package import SyncNetSimulation
import Synchronization

/// Writes down what clients ask and are told, in the order in which it happens.
package final class Recorder: Sendable {
    /// How it went for the clients.
    package struct Tally: Equatable, Sendable {
        /// Requests that were acknowledged or answered.
        package var answered: UInt64 = 0
        /// Those of them that said something.
        package var acknowledged: UInt64 = 0
        /// Requests of which nobody knows whether they were done.
        package var unknown: UInt64 = 0
        /// Requests that were refused.
        package var refused: UInt64 = 0
        /// Messages that clients were shown.
        package var shown: UInt64 = 0
        /// The longest that a request waited for its answer.
        package var longestWait = Duration.zero
        /// The longest time in which nobody was acknowledged anything.
        package var longestSilence = Duration.zero

        /// Nothing has happened.
        package init() {}
    }

    fileprivate struct State {
        var events: [RecordedEvent] = []
        var tally = Tally()
        var lastAcknowledged: ContinuousClock.Instant
        /// How often each client was answered.
        var answers: [UInt32: UInt64] = [:]
    }

    private let began: ContinuousClock.Instant
    private let state: Mutex<State>

    /// Begins.
    package init() {
        let now = ContinuousClock.now
        began = now
        state = Mutex(State(lastAcknowledged: now))
    }

    /// Writes down an event. One that is an answer has waited since it was `asked`.
    package func note(
        _ client: NodeID, _ name: Text, _ kind: RecordedEvent.Kind,
        asked: ContinuousClock.Instant? = nil
    ) {
        state.withLock { state in
            let now = ContinuousClock.now
            state.events.append(
                RecordedEvent(at: age(at: now), client: client, name: name, kind))
            state.count(kind, at: now, asked: asked)
            if asked != nil { state.answers[client.rank, default: 0] += 1 }
        }
    }

    /// How long ago it began.
    package var now: Interval { age(at: .now) }

    private func age(at now: ContinuousClock.Instant) -> Interval {
        Interval(nanoseconds: UInt64(max(0, began.duration(to: now) / .nanoseconds(1))))
    }

    /// What was written down.
    package var events: [RecordedEvent] { state.withLock { $0.events } }

    /// How often a client was answered by now.
    func answers(to client: NodeID) -> UInt64 {
        state.withLock { $0.answers[client.rank] ?? 0 }
    }

    /// How it went by now.
    package var tally: Tally { state.withLock { $0.tally } }
}

extension Recorder.State {
    fileprivate mutating func count(
        _ kind: RecordedEvent.Kind, at now: ContinuousClock.Instant,
        asked: ContinuousClock.Instant?
    ) {
        switch kind {
        case .done:
            tally.answered += 1
            tally.acknowledged += 1
            let silence = lastAcknowledged.duration(to: now)
            tally.longestSilence = max(tally.longestSilence, silence)
            lastAcknowledged = now
        case .page: tally.answered += 1
        case .refused: tally.refused += 1
        case .unknown: tally.unknown += 1
        case .shown: tally.shown += 1
        case .began, .says, .reads, .flaw: break
        }
        if let asked { tally.longestWait = max(tally.longestWait, asked.duration(to: now)) }
    }
}
