import DeterministicSimulation
import StateMachine
import SyncNetProtocol

/// What a server keeps, in memory: a commit is there or not, and durable at once.
///
/// Faster than SQLite on a simulated disk, and the storage's judge: both must do the same.
struct MemoryJournal {
    private let node: NodeID
    private var disk: DiskID
    private var wipes: UInt64 = 0
    private var troubles: UInt16 = 0
    /// It has no bytes that could change: it knows that they would have, and refuses.
    private(set) var health = DiskHealth()
    private var boot = Boot(0)
    private var ballot = Ballot(round: .zero, vote: nil)
    private var ceiling = Stamp.zero
    private var formation: Formation?
    private var isRecovering = false
    private var entries: [Entry] = []
    private var applied = LogIndex.zero
    private var rooms: [UInt64: Room] = [:]
    private var sessions: [UInt64: SessionRecord] = [:]
    private var admitted: [MemberDisk] = []
    private var accounts: [Account] = []

    private struct Room {
        var record: RoomRecord
        var posts: [Post] = []
    }

    init(of node: NodeID, formed: Formation? = nil) {
        self.node = node
        disk = Self.firstDisk(of: node)
        formation = formed
    }

    /// The disk that a server has until it is wiped.
    static func firstDisk(of node: NodeID) -> DiskID { DiskID(UInt64(node.rank) + 1) }

    mutating func begin(_ trouble: DiskTrouble) {
        troubles |= 1 << UInt16(trouble.rawValue)
        if trouble == .bitFlip || trouble == .misdirectedWrite { health.damage() }
    }

    mutating func end(_ trouble: DiskTrouble) { troubles &= ~(1 << UInt16(trouble.rawValue)) }

    private func isIn(_ trouble: DiskTrouble) -> Bool {
        troubles & 1 << UInt16(trouble.rawValue) != 0
    }

    mutating func wipe() {
        let (wipes, troubles, health) = (self.wipes + 1, self.troubles, self.health)
        self = MemoryJournal(of: node)
        self.health = health
        health.begin()
        self.wipes = wipes
        self.troubles = troubles
        disk = DiskID(wipes << 32 | UInt64(node.rank) + 1)
    }

    /// Fails as reading would.
    private func read() throws(JournalFailure) {
        guard troubles != 0 else { return }
        if isIn(.readError) || isIn(.shortRead) || isIn(.misdirectedRead) { throw .broken }
    }

    mutating func commit(_ writes: [JournalWrite]) throws(JournalFailure) {
        if troubles != 0 {
            if isIn(.full) { throw .full }
            if isIn(.failedSync) { throw .broken }
        }
        for write in writes { commit(write) }
    }

    mutating func start() throws(JournalFailure) -> Recovered {
        try read()
        if health.isDamaged { throw .damaged }
        boot = Boot(boot.number + 1)
        var found = Recovered(disk: disk, boot: boot)
        found.ballot = ballot
        found.ceiling = ceiling
        found.formation = formation
        found.isRecovering = isRecovering
        found.last = LogIndex(UInt64(entries.count))
        for entry in entries where found.runs.last?.epoch != entry.epoch {
            found.runs.append(EpochRun(first: entry.index, epoch: entry.epoch))
        }
        found.applied = applied
        found.tail = Array(entries[Int(applied.number)...])
        found.rooms = rooms.values.map(\.record).sorted { $0.name < $1.name }
        found.sessions = sessions.values.sorted { $0.lastUsed < $1.lastUsed }
        found.admitted = admitted
        found.accounts = accounts.sorted { $0.name < $1.name }
        return found
    }

    private mutating func commit(_ write: JournalWrite) {
        switch write {
        case .append(let more): entries.append(contentsOf: more)
        case .cut(let from): entries.removeSubrange(Int(from.number) - 1..<entries.count)
        case .ballot(let ballot): self.ballot = ballot
        case .ceiling(let ceiling): self.ceiling = ceiling
        case .form(let formation): self.formation = formation
        case .recovering(let isRecovering): self.isRecovering = isRecovering
        case .apply(let delta): apply(delta)
        }
    }

    private mutating func apply(_ delta: AppliedDelta) {
        applied = delta.through
        for change in delta.memberships { self.change(change) }
        for room in delta.restricted { rooms[Digest.of(room)]?.record.isPrivate = true }
        for post in delta.posts {
            let key = Digest.of(post.room)
            rooms[key]?.posts.append(post)
            rooms[key]?.record.latest = post.index
        }
        for name in delta.evicted { sessions[Digest.of(name)] = nil }
        for record in delta.sessions { sessions[Digest.of(record.name)] = record }
        for change in delta.accounts {
            accounts.removeAll { $0.name == change.name }
            if let account = change.account { accounts.append(account) }
        }
        admitted += delta.admitted
    }

    private mutating func change(_ change: MembershipChange) {
        let key = Digest.of(change.room)
        if rooms[key] == nil {
            rooms[key] = Room(record: RoomRecord(name: change.room, latest: .zero, members: []))
        }
        var members = rooms[key]?.record.members ?? []
        members.removeAll { $0 == change.member }
        if change.isMember {
            let place = members.firstIndex { change.member < $0 } ?? members.count
            members.insert(change.member, at: place)
        }
        rooms[key]?.record.members = members
    }

    func answer(_ query: JournalQuery) throws(JournalFailure) -> JournalAnswer {
        try read()
        switch query {
        case .search(let search): return find(search)
        case .entries(let from, let count, let bytes): return read(from, count, bytes)
        case .after(let index, let room, let limit):
            let posts = rooms[Digest.of(room)]?.posts ?? []
            let first = posts.firstIndex { $0.index > index } ?? posts.count
            let page = posts[first...].prefix(limit)
            return .messages(messages(page), more: first + page.count < posts.count)
        case .before(let index, let room, let limit):
            let posts = rooms[Digest.of(room)]?.posts ?? []
            let end = index == .zero ? nil : posts.firstIndex { $0.index >= index }
            let page = posts[..<(end ?? posts.count)].suffix(limit)
            return .messages(messages(page), more: page.startIndex > 0)
        }
    }

    /// As the words stand, with a star for any end: which letters are the same is the storage's
    /// business.
    private func find(_ query: SearchQuery) -> JournalAnswer {
        let words = query.words.utf8.split(separator: UInt8(ascii: " "))
        let posts = query.rooms.flatMap { rooms[Digest.of($0)]?.posts ?? [] }
            .filter { query.before == .zero || $0.index < query.before }
            .sorted { $0.index < $1.index }
        let found = messages(posts[...]).filter { message in
            let said = message.text.utf8.split { !$0.isOfWord }
            return words.allSatisfy { word in
                word.last == UInt8(ascii: "*")
                    ? said.contains { $0.starts(with: word.dropLast()) } : said.contains(word)
            }
        }
        return .messages(found.suffix(query.limit), more: found.count > query.limit)
    }

    private func read(_ from: LogIndex, _ count: Int, _ bytes: Int) -> JournalAnswer {
        var found: [Entry] = []
        var size = 0
        let first = min(Int(from.number) - 1, entries.count)
        for entry in entries[first...].prefix(count) {
            if !found.isEmpty, size >= bytes { break }
            size += entry.payload.size
            found.append(entry)
        }
        return .entries(found)
    }

    private func messages(_ posts: ArraySlice<Post>) -> [RoomMessage] {
        posts.compactMap { post in
            let entry = entries[Int(post.index.number) - 1]
            guard case .command(let command) = entry.payload,
                case .chat(_, let text) = command.action
            else { return nil }
            return RoomMessage(
                room: post.room, index: post.index, previous: post.previous, stamp: entry.stamp,
                sender: command.sender, createdAt: command.createdAt, text: text)
        }
    }
}

extension UInt8 {
    /// Letters and digits, and all that is beyond ASCII.
    fileprivate var isOfWord: Bool {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "A")...UInt8(ascii: "Z"), 0x80...:
            true
        default: false
        }
    }
}

extension Payload {
    fileprivate var size: Int {
        guard case .command(let command) = self, case .chat(_, let text) = command.action else {
            return 32
        }
        return text.utf8.count + 64
    }
}
