import StateMachine
import SyncNetProtocol

/// What a server writes while so many messages are said, commit by commit: a cluster is
/// formed, leaders come and go, a tail that nobody wanted is cut, and what is committed is
/// applied.
struct CrashWorkload: ~Copyable {
    private(set) var commits: [[JournalWrite]] = []
    private var log: [Entry] = []
    private var epoch: UInt64 = 0
    private var ceiling: UInt64 = 0
    private var delta = AppliedDelta(through: .zero)
    private var latest: [LogIndex] = [.zero, .zero]
    private var outcomes: [Outcome] = []
    private var generator: Generator

    private static let people: [Text] = ["anna", "bob"]
    private static let rooms: [Text] = ["hall", "attic"]

    init(messages: Int, seed: UInt64) {
        generator = Generator(seed: seed)
        begin()
        var said = 0
        while said < messages {
            if generator.chance(1, in: 12) { newLeader() }
            if generator.chance(1, in: 10) { raiseCeiling() }
            let count = min(1 + Int(generator.below(3)), messages - said)
            append((0..<count).map { _ in chat() })
            said += count
            if generator.chance(1, in: 3) { apply() }
        }
        apply()
    }

    private mutating func begin() {
        raiseCeiling()
        let disks = (0..<3).map { MemberDisk(node: NodeID($0), disk: DiskID(UInt64($0) + 1)) }
        let members: [Text] = ["server1", "server2", "server3"]
        let formation = Formation(
            cluster: ClusterID(members: members, disks: disks), members: members, disks: disks)
        commits.append([.form(formation)])
        newLeader()
        append(
            Self.people.flatMap { person in
                Self.rooms.map { room in (person, Action.join(room: room)) }
            })
        apply()
    }

    private mutating func raiseCeiling() {
        ceiling += 1_000
        commits.append([.ceiling(Stamp(ceiling))])
    }

    /// A vote; then the new leader's first entry, now and then in place of a tail.
    private mutating func newLeader() {
        epoch += 1
        commits.append([.ballot(Ballot(round: Epoch(epoch), vote: nil))])
        let leader = NodeID(UInt32(generator.below(3)))
        commits.append([.ballot(Ballot(round: Epoch(epoch), vote: leader))])
        var writes: [JournalWrite] = []
        let loose = log.count - Int(delta.through.number)
        if loose > 0, generator.chance(1, in: 2) {
            let kept = log.count - 1 - Int(generator.below(UInt64(loose)))
            log.removeSubrange(kept...)
            writes.append(.cut(from: LogIndex(UInt64(kept) + 1)))
        }
        writes.append(.append([add(.epochStarted(by: leader))]))
        commits.append(writes)
    }

    private mutating func chat() -> (Text, Action) {
        let length = generator.chance(1, in: 8) ? 3_000 : 1 + Int(generator.below(60))
        let text = Text(utf8: (0..<length).map { _ in UInt8(97 + generator.below(26)) })
        let person = Self.people[Int(generator.below(2))]
        return (person, .chat(room: Self.rooms[Int(generator.below(2))], text: text))
    }

    private mutating func append(_ actions: [(Text, Action)]) {
        let entries = actions.map { person, action in
            add(
                .command(
                    Command(
                        sender: person,
                        request: SessionRequest(
                            session: person, number: UInt64(log.count) + 1),
                        createdAt: 1.5, action: action)))
        }
        commits.append([.append(entries)])
    }

    private mutating func add(_ payload: Payload) -> Entry {
        let stamp = (log.last?.stamp.number ?? 0) + 1 + generator.below(3)
        let entry = Entry(
            index: LogIndex(UInt64(log.count) + 1), epoch: Epoch(epoch), stamp: Stamp(stamp),
            payload: payload)
        log.append(entry)
        return entry
    }

    /// Applies all but perhaps the last entry.
    private mutating func apply() {
        let end = log.count - Int(generator.below(2))
        guard end > Int(delta.through.number) else { return }
        for entry in log[Int(delta.through.number)..<end] { apply(entry) }
        delta.through = LogIndex(UInt64(end))
        commits.append([.apply(delta)])
        delta = AppliedDelta(through: delta.through)
    }

    private mutating func apply(_ entry: Entry) {
        guard case .command(let command) = entry.payload else { return }
        switch command.action {
        case .join(let room):
            delta.memberships.append(
                MembershipChange(room: room, member: command.sender, isMember: true))
        case .leave, .makePrivate, .invite, .setAccount, .removeAccount: break
        case .chat(let room, _):
            let place = room == Self.rooms[0] ? 0 : 1
            delta.posts.append(Post(room: room, index: entry.index, previous: latest[place]))
            latest[place] = entry.index
        }
        outcomes.append(.done(entry.index))
        let record = SessionRecord(
            name: command.sender, last: command.request?.number ?? 0, lastUsed: entry.index,
            outcomes: outcomes.suffix(8))
        delta.sessions.removeAll { $0.name == record.name }
        delta.sessions.append(record)
    }
}
