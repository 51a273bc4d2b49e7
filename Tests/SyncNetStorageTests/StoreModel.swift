import StateMachine
import SyncNetProtocol

/// What a store has to hold after a list of writes, kept the simplest way.
struct StoreModel: Equatable {
    var disk: DiskID
    var log: [Entry] = []
    var ballot = Ballot(round: .zero, vote: nil)
    var ceiling = Stamp.zero
    var formation: Formation?
    var isRecovering = false
    var applied = LogIndex.zero
    var rooms: [RoomRecord] = []
    var sessions: [SessionRecord] = []
    var admitted: [MemberDisk] = []
    var accounts: [Account] = []

    mutating func perform(_ writes: [JournalWrite]) {
        for write in writes { perform(write) }
    }

    private mutating func perform(_ write: JournalWrite) {
        switch write {
        case .append(let entries): log += entries
        case .cut(let index): log.removeAll { $0.index >= index }
        case .ballot(let ballot): self.ballot = ballot
        case .ceiling(let stamp): ceiling = stamp
        case .form(let formation): self.formation = formation
        case .recovering(let isRecovering): self.isRecovering = isRecovering
        case .apply(let delta): perform(delta)
        }
    }

    private mutating func perform(_ delta: AppliedDelta) {
        applied = delta.through
        admitted += delta.admitted
        for change in delta.accounts {
            accounts.removeAll { $0.name == change.name }
            if let account = change.account { accounts.append(account) }
            accounts.sort { $0.name < $1.name }
        }
        for change in delta.memberships {
            if change.isMember, !rooms.contains(where: { $0.name == change.room }) {
                rooms.append(RoomRecord(name: change.room, latest: .zero, members: []))
                rooms.sort { $0.name < $1.name }
            }
            for place in rooms.indices where rooms[place].name == change.room {
                rooms[place].members.removeAll { $0 == change.member }
                if change.isMember { rooms[place].members.append(change.member) }
                rooms[place].members.sort()
            }
        }
        for place in rooms.indices where delta.restricted.contains(rooms[place].name) {
            rooms[place].isPrivate = true
        }
        for post in delta.posts {
            for place in rooms.indices where rooms[place].name == post.room {
                rooms[place].latest = post.index
            }
        }
        let replaced = delta.sessions.map(\.name) + delta.evicted
        sessions.removeAll { replaced.contains($0.name) }
        sessions += delta.sessions
        sessions.sort { ($0.lastUsed, $0.name) < ($1.lastUsed, $1.name) }
    }

    /// What a start has to find.
    func recovered(boot: Boot) -> Recovered {
        var result = Recovered(disk: disk, boot: boot)
        result.ballot = ballot
        result.ceiling = ceiling
        result.formation = formation
        result.isRecovering = isRecovering
        result.applied = applied
        result.rooms = rooms
        result.sessions = sessions
        result.admitted = admitted
        result.accounts = accounts
        result.last = log.last?.index ?? .zero
        result.tail = log.filter { $0.index > applied }
        for entry in log where entry.epoch != result.runs.last?.epoch {
            result.runs.append(EpochRun(first: entry.index, epoch: entry.epoch))
        }
        return result
    }
}

/// Draws writes that a server might ask for.
struct RandomWrites: ~Copyable {
    private var generator: Generator

    init(seed: UInt64) { generator = Generator(seed: seed) }

    mutating func below(_ bound: UInt64) -> UInt64 { generator.below(bound) }

    /// The writes of one commit.
    mutating func next(after model: StoreModel) -> [JournalWrite] {
        var model = model
        var writes: [JournalWrite] = []
        for _ in 0...generator.below(3) {
            guard let write = one(after: model) else { continue }
            model.perform([write])
            writes.append(write)
        }
        return writes
    }

    private mutating func one(after model: StoreModel) -> JournalWrite? {
        switch generator.below(20) {
        case 0: return .recovering(generator.chance(1, in: 2))
        case 1:
            var formation = Sample.formation
            formation.cluster = ClusterID(generator.next())
            return .form(formation)
        case 2: return .ceiling(Stamp(model.ceiling.number + generator.below(1_000)))
        case 3, 4:
            let round = Epoch(model.ballot.round.number + 1 + generator.below(3))
            let vote = generator.chance(1, in: 2) ? NodeID(UInt32(generator.below(3))) : nil
            return .ballot(Ballot(round: round, vote: vote))
        case 5, 6:
            let loose = UInt64(model.log.count) - model.applied.number
            guard loose > 0 else { return nil }
            return .cut(from: LogIndex(model.applied.number + 1 + generator.below(loose)))
        case 7, 8, 9: return apply(after: model)
        default: return append(after: model)
        }
    }

    private mutating func append(after model: StoreModel) -> JournalWrite {
        var last = model.log.last
        let entries = (0...generator.below(6)).map { _ in
            let epoch = max(last?.epoch ?? Epoch(1), model.ballot.round)
            let stamp = Stamp((last?.stamp.number ?? 0) + 1 + generator.below(5))
            let length = generator.chance(1, in: 10) ? 9_000 : Int(generator.below(60))
            let text = String(repeating: "x", count: length)
            var entry = Sample.chat(
                (last?.index.number ?? 0) + 1, epoch: epoch.number,
                room: generator.chance(1, in: 2) ? "hall" : "attic", text: text)
            entry.stamp = stamp
            last = entry
            return entry
        }
        return .append(entries)
    }

    private mutating func apply(after model: StoreModel) -> JournalWrite? {
        let loose = model.log.filter { $0.index > model.applied }
        guard !loose.isEmpty else { return nil }
        let entries = loose.prefix(1 + Int(generator.below(UInt64(loose.count))))
        var delta = AppliedDelta(through: entries.last?.index ?? .zero)
        for room in ["hall", "attic"] as [Text] {
            let isMember = generator.chance(4, in: 5)
            delta.memberships.append(
                MembershipChange(room: room, member: "anna", isMember: true))
            delta.memberships.append(
                MembershipChange(room: room, member: "bob", isMember: isMember))
        }
        if generator.chance(1, in: 6), !model.rooms.contains(where: { $0.name == "cellar" }) {
            delta.restricted = ["cellar"]
            delta.memberships.append(
                MembershipChange(room: "cellar", member: "anna", isMember: true))
        }
        for entry in entries {
            guard case .command(let command) = entry.payload,
                case .chat(let room, _) = command.action
            else { continue }
            let latest =
                delta.posts.last { $0.room == room }?.index
                ?? model.rooms.first { $0.name == room }?.latest ?? .zero
            delta.posts.append(Post(room: room, index: entry.index, previous: latest))
        }
        let name = Text("session \(generator.below(4))")
        let outcomes = (0..<generator.below(30)).map { _ in
            generator.chance(1, in: 2)
                ? Outcome.done(LogIndex(generator.below(1_000)))
                : Outcome.refused(.notJoined, LogIndex(generator.below(1_000)))
        }
        delta.sessions = [
            SessionRecord(
                name: name, last: generator.below(99), lastUsed: delta.through,
                outcomes: outcomes)
        ]
        if generator.chance(1, in: 4), let oldest = model.sessions.first, oldest.name != name {
            delta.evicted = [oldest.name]
        }
        if generator.chance(1, in: 8) {
            delta.admitted = [MemberDisk(node: NodeID(1), disk: DiskID(generator.next()))]
        }
        if generator.chance(1, in: 5) {
            let name = Text("person \(generator.below(3))")
            let account = Account(
                name: name, verifier: Text("\(generator.next())"),
                isOperator: generator.chance(1, in: 2))
            delta.accounts = [
                AccountChange(name: name, account: generator.chance(3, in: 4) ? account : nil)
            ]
        }
        return .apply(delta)
    }
}
