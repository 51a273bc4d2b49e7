package import StateMachine

// Rooms that only their members read. Whether a room is one is settled when it is made, so a
// server that lags behind never takes a private room for an open one: it does not know it yet.
extension Server {
    /// Applies a request for a private room. A function of the log alone.
    package mutating func makePrivate(
        _ room: Text, by sender: Text, at index: LogIndex, into effects: inout Effects<SyncNet>
    ) -> Outcome {
        switch rooms.makePrivate(room, for: sender) {
        case .made:
            note(.privateRoomMade, into: &effects)
            delta.restricted.append(room)
            delta.memberships.append(
                MembershipChange(room: room, member: sender, isMember: true))
        case .isThere: note(.joinedAlready, into: &effects)
        case .isClosed:
            note(.strangerKeptOut, into: &effects)
            return .refused(.notAMember, index)
        case .isOpen: return .refused(.roomIsOpen, index)
        }
        return .done(index)
    }

    /// Applies an invitation. A function of the log alone.
    package mutating func invite(
        _ guest: Text, to room: Text, by sender: Text, at index: LogIndex,
        into effects: inout Effects<SyncNet>
    ) -> Outcome {
        guard rooms.isMember(sender, of: room) else { return .refused(.notAMember, index) }
        guard rooms.isPrivate(room) else { return .refused(.roomIsOpen, index) }
        guard rooms.join(guest, room) else { return .done(index) }
        note(.guestInvited, into: &effects)
        delta.memberships.append(MembershipChange(room: room, member: guest, isMember: true))
        return .done(index)
    }

    /// Whether this server shows a room to somebody, by what it has applied.
    package func shows(_ room: Text, to reader: Text) -> Bool {
        rooms.isOpen(room, to: reader)
            || bugs.contains(.p24InvitationUncommitted) && isInvitedInTail(reader, to: room)
    }

    /// Who leaves a private room follows it no more, on whatever connection.
    package mutating func endSubscriptions(
        of reader: Text, to room: Text, into effects: inout Effects<SyncNet>
    ) {
        guard rooms.isPrivate(room), !bugs.contains(.p49NamesakeReadsOn) else { return }
        for stream in rooms.followers(of: room) {
            let isTheirs = clients[stream]?.subscriptions.contains {
                $0.room == room && $0.reader == reader
            }
            guard isTheirs == true else { continue }
            unsubscribe(from: room, on: stream)
            nack(
                .notAMember, "the membership of a private room has ended", nil, on: stream,
                into: &effects)
        }
    }

    /// Planted bug P24: an invitation counts as soon as it stands in the log.
    private func isInvitedInTail(_ reader: Text, to room: Text) -> Bool {
        var index = applied.next
        while let entry = log.cached(index) {
            index = index.next
            if case .command(let command) = entry.payload,
                command.action == .invite(room: room, guest: reader)
            {
                return true
            }
        }
        return false
    }
}
