import StateMachine
import SyncNetProtocol

/// Draws what machines ask for, one case at a time.
extension Generator {
    static var effectKinds: UInt64 { 12 }

    mutating func effect(kind: UInt64) -> Effect<SyncNet> {
        switch kind {
        case 0: .datagram(anyMessage(), to: node())
        case 1: .publish(anyMessage())
        case 2: .open(node())
        case 3: .send(anyMessage(), on: StreamID(counter()))
        case 4: .close(StreamID(counter()))
        case 5:
            .arm(timer(kind: below(Self.timerKinds)), within: .milliseconds(3)...(.seconds(9)))
        case 6: .cancel(timer(kind: below(Self.timerKinds)))
        case 7: .write(write(kind: below(Self.writeKinds)), Ticket(counter()))
        case 8: .fetch(query(kind: below(Self.queryKinds)), Ticket(counter()))
        case 9: .output(output(kind: below(Self.outputKinds)))
        case 10: .note(mark(kind: below(Self.markKinds)))
        default: .halt
        }
    }

    static var writeKinds: UInt64 { 7 }

    mutating func write(kind: UInt64) -> JournalWrite {
        switch kind {
        case 0: .append(list(upTo: 5) { $0.entry() })
        case 1: .cut(from: index())
        case 2: .ballot(Ballot(round: epoch(), vote: flip() ? node() : nil))
        case 3: .ceiling(stamp())
        case 4: .form(formation())
        case 5: .recovering(flip())
        default: .apply(delta())
        }
    }

    static var queryKinds: UInt64 { 4 }

    mutating func query(kind: UInt64) -> JournalQuery {
        switch kind {
        case 0: .entries(from: index(), count: Int(below(9_999)), bytes: Int(below(1 << 30)))
        case 1: .after(index(), room: text(), limit: Int(below(1_000)))
        case 2: .before(index(), room: text(), limit: Int(below(1_000)))
        default:
            .search(
                SearchQuery(
                    words: text(), rooms: list(upTo: 4) { $0.text() }, before: index(),
                    limit: Int(below(1_000))))
        }
    }

    private mutating func account() -> Account {
        Account(name: text(), verifier: text(), isOperator: flip())
    }

    private mutating func session() -> SessionRecord {
        SessionRecord(
            name: text(), last: counter(), lastUsed: index(),
            outcomes: list(upTo: 4) { $0.outcome() })
    }

    private mutating func outcome() -> Outcome {
        flip() ? .done(index()) : .refused(pick(NackReason.allCases), index())
    }

    mutating func delta() -> AppliedDelta {
        var delta = AppliedDelta(through: index())
        delta.posts = list(upTo: 3) {
            Post(room: $0.text(), index: $0.index(), previous: $0.index())
        }
        delta.memberships = list(upTo: 3) {
            MembershipChange(room: $0.text(), member: $0.text(), isMember: $0.flip())
        }
        delta.restricted = list(upTo: 3) { $0.text() }
        delta.accounts = list(upTo: 3) {
            AccountChange(name: $0.text(), account: $0.flip() ? $0.account() : nil)
        }
        delta.sessions = list(upTo: 3) { $0.session() }
        delta.evicted = list(upTo: 3) { $0.text() }
        delta.admitted = list(upTo: 3) { $0.memberDisk() }
        return delta
    }

    mutating func recovered() -> Recovered {
        var recovered = Recovered(disk: disk(), boot: boot())
        recovered.ballot = Ballot(round: epoch(), vote: flip() ? node() : nil)
        recovered.ceiling = stamp()
        recovered.formation = flip() ? formation() : nil
        recovered.isRecovering = flip()
        recovered.runs = list(upTo: 3) { EpochRun(first: $0.index(), epoch: $0.epoch()) }
        recovered.last = index()
        recovered.tail = list(upTo: 3) { $0.entry() }
        recovered.applied = index()
        recovered.rooms = list(upTo: 3) {
            RoomRecord(
                name: $0.text(), latest: $0.index(), members: $0.list(upTo: 3) { $0.text() },
                isPrivate: $0.flip())
        }
        recovered.sessions = list(upTo: 3) { $0.session() }
        recovered.admitted = list(upTo: 3) { $0.memberDisk() }
        recovered.accounts = list(upTo: 3) { $0.account() }
        return recovered
    }

    static var outputKinds: UInt64 { 11 }

    mutating func output(kind: UInt64) -> NodeOutput {
        switch kind {
        case 0: .connected(node())
        case 1: .disconnected
        case 2: .message(roomMessage())
        case 3: .done(order: counter(), index())
        case 4: .refused(order: counter(), pick(NackReason.allCases), detail: text())
        case 5: .excluded(room: text())
        case 6: .loginRefused(detail: text())
        case 7:
            .passwordJob(
                PasswordJob(
                    id: counter(), stream: StreamID(counter()), password: text(),
                    task: flip() ? .make : .check(flip() ? text() : nil)))
        case 8:
            .page(
                order: counter(),
                HistoryPage(
                    room: text(), messages: list(upTo: 3) { $0.roomMessage() }, hasMore: flip(),
                    members: flip() ? list(upTo: 3) { $0.text() } : nil,
                    isPrivate: flip()))
        case 9: .servers(order: counter(), [], nil)
        default: .report(report(kind: below(Self.reportKinds)))
        }
    }

    static var reportKinds: UInt64 { 17 }

    mutating func report(kind: UInt64) -> Report {
        switch kind {
        case 0: .looking
        case 1: .formed(cluster())
        case 2: .recovering
        case 3: .recovered
        case 4: .otherCluster(node())
        case 5: .suspected(node())
        case 6: .trusted(node())
        case 7: .electing(epoch())
        case 8: .leading(epoch())
        case 9: .following(node(), epoch())
        case 10: .steppedDown(epoch(), pick(StepDown.allCases))
        case 11: .added(node())
        case 12: .removed(node())
        case 13: .otherMembers(list(upTo: 4) { $0.text() })
        case 14: .changing(node())
        case 15: .otherDisk(node())
        default: .journalFailed(pick([.full, .broken, .damaged]))
        }
    }

    static var markKinds: UInt64 { 30 }

    mutating func mark(kind: UInt64) -> Mark {
        switch kind {
        case 0: .formed(cluster())
        case 1: .recovering
        case 2: .admitted
        case 3: .caughtUp
        case 4: .retired
        case 5: .suspected(node())
        case 6: .trusted(node())
        case 7: .searching(epoch())
        case 8: .tokenSent(pick(Lap.allCases), epoch())
        case 9: .tokenForwarded(pick(Lap.allCases), origin: node())
        case 10: .tokenSwallowed(origin: node())
        case 11: .tokenKept(origin: node())
        case 12: .tokenHome(pick(Lap.allCases), passed: Int(below(1_024)))
        case 13: .neighbourPassedOver(node())
        case 14: .voteIssued(epoch(), for: node())
        case 15: .voteRefused(epoch(), for: node())
        case 16: .becameLeader(epoch())
        default: laterMark(kind: kind)
        }
    }

    private mutating func laterMark(kind: UInt64) -> Mark {
        switch kind {
        case 17: .steppedDown(epoch(), pick(StepDown.allCases))
        case 18: .following(node(), epoch())
        case 19: .committed(index())
        case 20: .applied(entry(), flip() ? outcome() : nil)
        case 21: .cut(from: index())
        case 22: .conflict(index())
        case 23: .acknowledged(index())
        case 24: .readAnswered(index())
        case 25: .retryMet
        case 26: .refused(pick(NackReason.allCases))
        case 27: .sessionEvicted
        case 28: .dropped(pick(Drop.allCases))
        default: .sometimes(pick(Sometimes.allCases))
        }
    }
}
