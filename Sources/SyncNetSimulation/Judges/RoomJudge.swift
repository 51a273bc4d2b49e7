import StateMachine
import SyncNetProtocol

/// A model of what the log means: who is a member of which room, what became of each request
/// of a session. It is told every entry once, in order, and says what must come of it.
struct RoomJudge {
    /// Who was in a room from an index on.
    private struct Census {
        var index: UInt64
        var count: Int
        /// The sum of the members' digests.
        var digest: UInt64
    }

    private struct Membership: Hashable {
        var room: UInt64
        var member: UInt64
    }

    private struct Session {
        var last: UInt64 = 0
        var lastUsed: UInt64 = 0
        var outcomes: [Outcome] = []
    }

    private let limits: Limits
    private var members: [UInt64: [UInt64]] = [:]
    private var censuses: [UInt64: [Census]] = [:]
    /// From which index on each was a member of a room, and from which no more, in turn.
    private var memberships: [Membership: [UInt64]] = [:]
    private var sessions: [UInt64: Session] = [:]
    private var privateRooms: Set<UInt64> = []
    private var accounts: Set<UInt64> = []

    init(limits: Limits) { self.limits = limits }

    /// Somebody is a member from the beginning.
    mutating func suppose(_ name: Text, in room: Text) {
        change(Digest.of(room), Digest.of(name), isMember: true, at: 0)
    }

    /// What must come of an entry.
    mutating func applied(_ entry: Entry, _ outcome: Outcome?) -> Breach? {
        guard case .command(let command) = entry.payload else {
            guard outcome != nil else { return nil }
            return Breach(.membership, "the entry at \(entry.index.number) is no request")
        }
        let expected = consequence(of: command, at: entry.index)
        if outcome == expected { return nil }
        let detail =
            "the entry at \(entry.index.number) came to \(Self.words(outcome)), by the log "
            + "before it it must come to \(Self.words(expected))"
        return Breach(command.request == nil ? .membership : .exactlyOnce, detail)
    }

    private static func words(_ outcome: Outcome?) -> String {
        switch outcome {
        case nil: "nothing"
        case .done(let index): "done at \(index.number)"
        case .refused(let reason, let index): "\(reason.word) at \(index.number)"
        }
    }

    private mutating func consequence(of command: Command, at index: LogIndex) -> Outcome {
        guard let request = command.request else { return act(command, at: index) }
        let key = Digest.of(request.session)
        guard var session = sessions[key] ?? (request.number == 1 ? Session() : nil) else {
            return .refused(.unknownSession, index)
        }
        if request.number > session.last + 1 { return .refused(.gap, index) }
        if request.number <= session.last {
            let back = session.last - request.number
            guard back < UInt64(limits.sessionWindow), request.number > 0 else {
                return .refused(.unknownOutcome, index)
            }
            return session.outcomes[Int(request.number) - 1]
        }
        let outcome = act(command, at: index)
        session.last = request.number
        session.lastUsed = index.number
        session.outcomes.append(outcome)
        sessions[key] = session
        evict()
        return outcome
    }

    /// Forgets the sessions that were used longest ago.
    private mutating func evict() {
        while sessions.count > limits.sessions {
            // No two were used last by one entry, so that the order of keys does not matter.
            let oldest = sessions.min { $0.value.lastUsed < $1.value.lastUsed }
            if let oldest { sessions[oldest.key] = nil }
        }
    }

    private mutating func act(_ command: Command, at index: LogIndex) -> Outcome {
        let room = Digest.of(command.action.room)
        let sender = Digest.of(command.sender)
        let isMember = members[room]?.contains(sender) ?? false
        let isPrivate = privateRooms.contains(room)
        switch command.action {
        case .makePrivate:
            if censuses[room] == nil {
                privateRooms.insert(room)
            } else if !isPrivate {
                return .refused(.roomIsOpen, index)
            } else if !isMember {
                return .refused(.notAMember, index)
            }
            if !isMember { change(room, sender, isMember: true, at: index.number) }
        case .setAccount(let account): accounts.insert(Digest.of(account.name))
        case .removeAccount(let name):
            guard accounts.remove(Digest.of(name)) != nil else {
                return .refused(.noSuchAccount, index)
            }
        case .invite(_, let guest):
            guard isMember else { return .refused(.notAMember, index) }
            guard isPrivate else { return .refused(.roomIsOpen, index) }
            let name = Digest.of(guest)
            guard members[room]?.contains(name) != true else { break }
            change(room, name, isMember: true, at: index.number)
        case .join where isPrivate && !isMember: return .refused(.notAMember, index)
        case .join:
            if !isMember { change(room, sender, isMember: true, at: index.number) }
        case .leave:
            guard isMember else { return .refused(.notJoined, index) }
            change(room, sender, isMember: false, at: index.number)
        case .chat:
            guard isMember else { return .refused(.notJoined, index) }
        }
        return .done(index)
    }

    private mutating func change(
        _ room: UInt64, _ member: UInt64, isMember: Bool, at index: UInt64
    ) {
        if isMember {
            members[room, default: []].append(member)
        } else {
            members[room]?.removeAll { $0 == member }
        }
        memberships[Membership(room: room, member: member), default: []].append(index)
        let all = members[room] ?? []
        censuses[room, default: []].append(
            Census(index: index, count: all.count, digest: all.reduce(0, &+)))
    }

    /// Whether somebody was a member of a room once the entry at an index was applied.
    func isMember(_ name: Text, of room: Text, at index: UInt64) -> Bool {
        let key = Membership(room: Digest.of(room), member: Digest.of(name))
        return (memberships[key] ?? []).count { $0 <= index } % 2 == 1
    }

    /// Whether only members may read a room, as far as the log tells.
    func isPrivate(_ room: Text) -> Bool { privateRooms.contains(Digest.of(room)) }

    /// Whether a room is private, and somebody was no member of it whichever of these indexes
    /// was the last one applied.
    func isStranger(_ name: Text, to room: Text, in indexes: ClosedRange<UInt64>) -> Bool {
        guard isPrivate(room), !isMember(name, of: room, at: indexes.lowerBound) else {
            return false
        }
        let key = Membership(room: Digest.of(room), member: Digest.of(name))
        return !(memberships[key] ?? []).contains {
            $0 > indexes.lowerBound && $0 <= indexes.upperBound
        }
    }

    /// Whether somebody was a member of a room without a break from an index on.
    func isMember(_ name: Text, of room: Text, from index: UInt64) -> Bool {
        let key = Membership(room: Digest.of(room), member: Digest.of(name))
        return isMember(name, of: room, at: index)
            && !(memberships[key] ?? []).contains { $0 > index }
    }

    /// Whether somebody was a member of a room at some index from `first` on.
    func wasMember(_ name: Text, of room: Text, since first: UInt64) -> Bool {
        let key = Membership(room: Digest.of(room), member: Digest.of(name))
        return isMember(name, of: room, at: first)
            || (memberships[key] ?? []).contains { $0 > first }
    }

    /// A list of members is right if these were the members at some index from `first` on.
    func lists(_ names: [Text], of room: Text, from first: UInt64) -> Bool {
        guard zip(names, names.dropFirst()).allSatisfy({ $0 < $1 }) else { return false }
        let digest = names.reduce(UInt64(0)) { $0 &+ Digest.of($1) }
        let known = censuses[Digest.of(room)] ?? []
        let begin = known.lastIndex { $0.index <= first }
        if begin == nil, names.isEmpty { return true }
        return known[(begin ?? 0)...].contains { $0.count == names.count && $0.digest == digest }
    }
}
