package import StateMachine

extension Server {
    /// Messages that wait for the ceiling at the most.
    private static let parkedMax = 8_192

    /// Whether the ceiling leaves stamps for what one more applied entry may send.
    package var hasStampsToApply: Bool {
        clock.value.number + limits.stampHeadroom <= writes.ceiling.number
    }

    /// Whether it leaves stamps for what a timer may send. With its disk hung, a server takes
    /// nothing more first, and falls silent then.
    package var hasStampsForTimer: Bool {
        clock.value.number + limits.stampHeadroom / 2 <= writes.ceiling.number
    }

    /// Tries a timer later, since there are no stamps for what follows from it.
    package func postpone(_ timer: TimerName, into effects: inout Effects<SyncNet>) {
        effects.append(.arm(timer, within: timing.heartbeat...timing.heartbeat))
    }

    /// Asks for a higher ceiling.
    package mutating func raise(to ceiling: Stamp, into effects: inout Effects<SyncNet>) {
        let kept = bugs.contains(.p8CeilingNotAhead) ? clock.value : ceiling
        write(.ceiling(kept), into: &effects)
        writes.note(ceiling: ceiling)
    }

    /// Raises the ceiling when half of the block is used, so that nobody has to wait.
    package mutating func raiseCeilingAhead(into effects: inout Effects<SyncNet>) {
        let asked = writes.ceilingAsked
        let needed = clock.value.number + limits.stampHeadroom
        if needed + limits.stampBlock / 2 > asked.number {
            raise(to: Stamp(needed + limits.stampBlock), into: &effects)
        }
        precondition(
            clock.value <= writes.ceiling, "clock \(clock.value) above \(writes.ceiling)")
    }

    /// Takes what came from outside: after its stamp, and after what came before it.
    package mutating func arrive(_ event: Event<SyncNet>, into effects: inout Effects<SyncNet>) {
        if case .starting = phase {
            note(.heardBeforeStart, into: &effects)
            park(event, into: &effects)
            return
        }
        guard parked.isEmpty, mayTake(event, into: &effects) else {
            park(event, into: &effects)
            return
        }
        dispatch(event, into: &effects)
    }

    private mutating func mayTake(_ event: Event<SyncNet>, into effects: inout Effects<SyncNet>)
        -> Bool
    {
        guard let stamp = event.stamp, isCredible(stamp, isClients: event.isClients) else {
            if !hasStampsToApply { note(.waitedForCeiling, into: &effects) }
            return hasStampsToApply
        }
        let needed = max(stamp, clock.value).number + limits.stampHeadroom
        if needed <= writes.ceiling.number { return true }
        note(.waitedForCeiling, into: &effects)
        if needed > writes.ceilingAsked.number {
            raise(to: Stamp(needed + limits.stampBlock), into: &effects)
        }
        return false
    }

    private mutating func park(_ event: Event<SyncNet>, into effects: inout Effects<SyncNet>) {
        if parked.count >= Self.parkedMax, event.stamp != nil {
            drop(.overLimit, into: &effects)
            if case .message(_, let stream) = event { effects.append(.close(stream)) }
            return
        }
        parked.append(event)
    }

    /// Takes what waited for the ceiling, in order, as far as it has risen.
    package mutating func release(into effects: inout Effects<SyncNet>) {
        if case .starting = phase { return }
        while let event = parked.first, mayTake(event, into: &effects) {
            parked.removeFirst()
            dispatch(event, into: &effects)
        }
    }

    /// Takes an event whose stamp the clock may follow.
    private mutating func dispatch(_ event: Event<SyncNet>, into effects: inout Effects<SyncNet>) {
        if let stamp = event.stamp {
            guard isCredible(stamp, isClients: event.isClients) else {
                refuseStamp(of: event, into: &effects)
                return
            }
            if event.isClients, stamp > clock.value, !bugs.contains(.p9StampUnbounded) {
                let moment = now
                leaps.use(stamp.number - clock.value.number, at: moment)
            }
            _ = clock.update(stamp)
        }
        switch event {
        case .datagram(let message, let peer): received(message, from: peer, into: &effects)
        case .message(let message, let stream): received(message, on: stream, into: &effects)
        case .opened(let stream, let peer): opened(stream, to: peer, into: &effects)
        case .openFailed(let peer, let why): openFailed(peer, why, into: &effects)
        case .accepted(let stream, let peer): accepted(stream, from: peer, into: &effects)
        case .closed(let stream): closed(stream, into: &effects)
        case .congested(let stream): setCongested(true, stream, into: &effects)
        case .drained(let stream): setCongested(false, stream, into: &effects)
        case .started, .input, .timer, .written, .fetched, .journalFailed:
            preconditionFailure("\(event) does not come from outside")
        }
    }

    /// Whether a stamp from outside may touch the clock.
    package func isCredible(_ stamp: Stamp, isClients: Bool) -> Bool {
        guard !bugs.contains(.p9StampUnbounded) else { return true }
        guard isClients, stamp > clock.value else { return stamp.number <= Limits.stampMax }
        return stamp.number <= Limits.stampMax
            && stamp.number - clock.value.number <= leaps.left(at: now)
    }

    private mutating func refuseStamp(
        of event: Event<SyncNet>, into effects: inout Effects<SyncNet>
    ) {
        drop(.stamp, into: &effects)
        note(.stampRefused, into: &effects)
        guard case .message(let message, let stream) = event,
            case .request(let request) = message.body
        else { return }
        nack(
            .badRequest, "lamport_timestamp is too far ahead of this server's clock",
            request.request, on: stream, into: &effects)
    }
}

extension Event<SyncNet> {
    /// Whether a client sent it, who may be anybody.
    fileprivate var isClients: Bool {
        switch self {
        case .datagram(let message, _), .message(let message, _):
            if case .request = message.body { true } else { false }
        default: false
        }
    }

    /// The stamp of the message that arrived with it.
    fileprivate var stamp: Stamp? {
        switch self {
        case .datagram(let message, _), .message(let message, _): message.stamp
        default: nil
        }
    }
}
