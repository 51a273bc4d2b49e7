package import StateMachine

/// What came of a command that was applied lately.
package struct RecentOutcome: Equatable, Sendable {
    package var index: LogIndex
    package var outcome: Outcome
}

extension Server {
    private static let recentOutcomesMax = 2_048

    /// Applies what is committed, in order.
    package mutating func applyCommitted(into effects: inout Effects<SyncNet>) {
        guard applied < commit else { return }
        // Every push takes a stamp: what would go beyond the ceiling waits until it has risen.
        while applied < commit, hasStampsToApply {
            guard let entry = log.cached(applied.next) else {
                preconditionFailure("\(applied.next) of \(log.last) is not in memory")
            }
            applied = entry.index
            apply(entry, into: &effects)
            if faultPoints.hits(.delayedApplies) { break }
        }
        if applied < commit, !hasStampsToApply { note(.applyWaitedForCeiling, into: &effects) }
        if !pretences.isEmpty { endPretences(into: &effects) }
        feedAll(into: &effects)
        answerReads(into: &effects)
        considerAdmission(into: &effects)
    }

    private mutating func apply(_ entry: Entry, into effects: inout Effects<SyncNet>) {
        switch entry.payload {
        case .epochStarted:
            effects.append(.note(.applied(entry, nil)))
            placedApplied(at: entry, outcome: nil, into: &effects)
        case .diskAdmitted(let node, let disk):
            admit(node, disk, into: &effects)
            effects.append(.note(.applied(entry, nil)))
            placedApplied(at: entry, outcome: .done(entry.index), into: &effects)
        case .memberRemoved(let node, let disk):
            // First, since what an answer asks of the journal stores all that was applied.
            remove(node, disk, into: &effects)
            effects.append(.note(.applied(entry, nil)))
            placedApplied(at: entry, outcome: .done(entry.index), into: &effects)
        case .command(let command):
            let outcome = apply(command, at: entry, into: &effects)
            effects.append(.note(.applied(entry, outcome)))
            remember(outcome, at: entry.index)
            placedApplied(at: entry, outcome: outcome, into: &effects)
        }
    }

    private mutating func remember(_ outcome: Outcome, at index: LogIndex) {
        recentOutcomes.append(RecentOutcome(index: index, outcome: outcome))
        if recentOutcomes.count > Self.recentOutcomesMax { recentOutcomes.removeFirst() }
    }

    /// Applies a command unless it is a repeat or a gap. A function of the log alone.
    private mutating func apply(
        _ command: Command, at entry: Entry, into effects: inout Effects<SyncNet>
    ) -> Outcome {
        guard let request = command.request else {
            return act(command, at: entry, into: &effects)
        }
        forgetTail(request, at: entry.index)
        var standing = sessions.standing(of: request)
        if standing == .gap, bugs.contains(.p15GapAccepted) { standing = .next }
        switch standing {
        case .next:
            let outcome = act(command, at: entry, into: &effects)
            if sessions.record(outcome, of: request, at: entry.index) > 0 {
                effects.append(.note(.sessionEvicted))
                note(.sessionEvicted, into: &effects)
            }
            return outcome
        case .repeat(let outcome):
            effects.append(.note(.retryMet))
            if bugs.contains(.c1RetryAppliedTwice) {
                _ = act(command, at: entry, into: &effects)
            }
            return outcome
        case .forgotten: return .refused(.unknownOutcome, entry.index)
        // A leader takes a request only behind its predecessor, so this needs a session that was
        // forgotten and begun anew in the same tail: by a copy of its first request that was
        // under way all that time. Nobody keeps exactly once then.
        case .gap: return .refused(.gap, entry.index)
        case .unknownSession: return .refused(.unknownSession, entry.index)
        }
    }

    /// Does what a command asks for.
    private mutating func act(
        _ command: Command, at entry: Entry, into effects: inout Effects<SyncNet>
    ) -> Outcome {
        switch command.action {
        case .join(let room):
            guard rooms.isOpen(room, to: command.sender) else {
                note(.strangerKeptOut, into: &effects)
                return .refused(.notAMember, entry.index)
            }
            if rooms.join(command.sender, room) {
                delta.memberships.append(
                    MembershipChange(room: room, member: command.sender, isMember: true))
            } else {
                note(.joinedAlready, into: &effects)
            }
        case .leave(let room):
            guard rooms.leave(command.sender, room) else {
                note(.leftWithoutMembership, into: &effects)
                return .refused(.notJoined, entry.index)
            }
            endSubscriptions(of: command.sender, to: room, into: &effects)
            if rooms[room]?.members.isEmpty == true { note(.roomWasEmptied, into: &effects) }
            guard !bugs.contains(.p12LeaveNotStored) else { break }
            delta.memberships.append(
                MembershipChange(room: room, member: command.sender, isMember: false))
        case .chat(let room, let text):
            guard rooms.isMember(command.sender, of: room) else {
                note(.spokeWithoutMembership, into: &effects)
                return .refused(.notJoined, entry.index)
            }
            post(text, in: room, by: command, at: entry, into: &effects)
        case .makePrivate(let room):
            return makePrivate(room, by: command.sender, at: entry.index, into: &effects)
        case .setAccount(let account):
            return setAccount(account, at: entry.index, into: &effects)
        case .removeAccount(let name):
            return removeAccount(name, at: entry.index, into: &effects)
        case .invite(let room, let guest):
            return invite(
                guest, to: room, by: command.sender, at: entry.index, into: &effects)
        }
        return .done(entry.index)
    }

    private mutating func post(
        _ text: Text, in room: Text, by command: Command, at entry: Entry,
        into effects: inout Effects<SyncNet>
    ) {
        let previous = rooms.post(entry.index, in: room)
        delta.posts.append(Post(room: room, index: entry.index, previous: previous))
        let message = RoomMessage(
            room: room, index: entry.index, previous: previous, stamp: entry.stamp,
            sender: command.sender, createdAt: command.createdAt, text: text)
        push(message, into: &effects)
    }

    /// Asks for what was applied to be stored.
    package mutating func store(into effects: inout Effects<SyncNet>) {
        guard delta.through < applied else { return }
        delta.through = applied
        if !bugs.contains(.c2SessionsNotDurable) {
            let changes = sessions.takeChanges()
            delta.sessions = changes.changed
            delta.evicted = changes.evicted
        }
        write(.apply(delta), into: &effects)
        delta = AppliedDelta(through: applied)
    }
}
