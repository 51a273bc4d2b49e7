package import StateMachine

extension Server {
    /// Stamps that one event may use up.
    private static let headroom: UInt64 = 65_536
    /// Messages that wait for the ceiling at the most.
    private static let parkedMax = 8_192

    /// Whether the ceiling leaves stamps for what one more applied entry may send.
    package var hasStampsToApply: Bool {
        clock.value.number + Self.headroom <= writes.ceiling.number
    }

    /// Asks for a higher ceiling.
    package mutating func raise(to ceiling: Stamp, into effects: inout Effects<SyncNet>) {
        write(.ceiling(ceiling), into: &effects)
        writes.note(ceiling: ceiling)
    }

    /// Raises the ceiling when half of the block is used, so that nobody has to wait.
    package mutating func raiseCeilingAhead(into effects: inout Effects<SyncNet>) {
        let asked = writes.ceilingAsked
        if clock.value.number + limits.stampBlock / 2 > asked.number {
            raise(to: Stamp(clock.value.number + limits.stampBlock), into: &effects)
        }
        precondition(
            clock.value <= writes.ceiling, "clock \(clock.value) above \(writes.ceiling)")
    }

    /// Takes what came from outside: after its stamp, and after what came before it.
    package mutating func arrive(_ event: Event<SyncNet>, into effects: inout Effects<SyncNet>) {
        if case .starting = phase {
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
        guard let stamp = event.stamp, LamportClock.isCredible(stamp, own: clock.value) else {
            if !hasStampsToApply { note(.waitedForCeiling, into: &effects) }
            return hasStampsToApply
        }
        let needed = max(stamp, clock.value).number + Self.headroom
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
            guard LamportClock.isCredible(stamp, own: clock.value) else {
                refuseStamp(of: event, into: &effects)
                return
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

    private mutating func refuseStamp(
        of event: Event<SyncNet>, into effects: inout Effects<SyncNet>
    ) {
        drop(.stamp, into: &effects)
        guard case .message(let message, let stream) = event,
            case .request(let request) = message.body
        else { return }
        nack(
            .badRequest, "lamport_timestamp is more than 2^32 ahead of this server's clock",
            request.request, on: stream, into: &effects)
    }
}

extension Event<SyncNet> {
    /// The stamp of the message that arrived with it.
    fileprivate var stamp: Stamp? {
        switch self {
        case .datagram(let message, _), .message(let message, _): message.stamp
        default: nil
        }
    }
}
