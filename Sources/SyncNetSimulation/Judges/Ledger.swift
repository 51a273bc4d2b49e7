import StateMachine
import SyncNetProtocol

/// What was applied: the one sequence that all servers must agree on, as the first server
/// to reach each index applied it.
///
/// Law (state-machine safety): whoever applies an index applies the same entry, with the
/// same outcome, right after the index before it.
struct Ledger {
    /// A chat message that was done.
    struct Said {
        var room: Int
        /// Where it stands among the messages of its room, from 0.
        var place: Int
        var digest: UInt64
        var mark: SaidMark?
    }

    struct Line {
        var entry: UInt64
        var outcome: UInt64
        var stamp: UInt64
        /// Which request of which session, zero for none.
        var request: UInt64
        /// What was done there: which action of whom on which room; zero where nothing was.
        var act: UInt64 = 0
        /// Where the message is in `said`, −1 for what is no message that was done.
        var said: Int32
    }

    private(set) var lines: [Line] = []
    private(set) var said: [Said] = []
    /// The indexes of each room's messages, rising.
    private(set) var rooms: [[UInt64]] = []
    /// What each room is called.
    private(set) var names: [Text] = []
    private var roomNumbers: [UInt64: Int] = [:]
    private var applied = NodeMap<UInt64>()

    /// A server that starts has applied what its journal kept.
    mutating func started(_ node: NodeID, applied index: LogIndex) -> Breach? {
        applied[node] = index.number
        if index.number <= UInt64(lines.count) { return nil }
        let detail =
            "\(node.name) starts with \(index.number) entries applied, nobody has applied more "
            + "than \(lines.count)"
        return Breach(.stateMachineSafety, detail)
    }

    /// Takes what a server applied. `isFirst` tells whether nobody had applied the index.
    mutating func apply(
        _ entry: Entry, _ outcome: Outcome?, by node: NodeID, isFirst: inout Bool
    ) -> Breach? {
        let index = entry.index.number
        guard index == (applied[node] ?? 0) + 1 else {
            let detail =
                "\(node.name) applied index \(index) after index \(applied[node] ?? 0)"
            return Breach(.stateMachineSafety, detail)
        }
        applied[node] = index
        let digest = Digest.of(entry)
        let result = Digest.of(outcome)
        if index <= UInt64(lines.count) {
            let line = lines[Int(index) - 1]
            if line.entry == digest, line.outcome == result { return nil }
            let what = line.entry == digest ? "another outcome" : "another entry"
            return Breach(
                .stateMachineSafety, "\(node.name) applied \(what) than others at \(index)")
        }
        isFirst = true
        lines.append(
            Line(
                entry: digest, outcome: result, stamp: entry.stamp.number,
                request: Self.request(of: entry), said: -1))
        note(entry, outcome)
        return nil
    }

    private static func request(of entry: Entry) -> UInt64 {
        guard case .command(let command) = entry.payload, let request = command.request else {
            return 0
        }
        return Digest.of(request.session, request.number)
    }

    private mutating func note(_ entry: Entry, _ outcome: Outcome?) {
        guard outcome == .done(entry.index), case .command(let command) = entry.payload else {
            return
        }
        lines[lines.count - 1].act = Digest.of(act: command.action, by: command.sender)
        guard case .chat(let room, let text) = command.action else { return }
        let number = self.number(of: room)
        let place = rooms[number].count
        let digest = Digest.of(
            message: text, by: command.sender, in: room, stamp: entry.stamp,
            at: command.createdAt)
        lines[lines.count - 1].said = Int32(said.count)
        said.append(
            Said(room: number, place: place, digest: digest, mark: SaidMark(text)))
        rooms[number].append(entry.index.number)
    }

    /// The number of a room, from 0 in the order of their first mention.
    mutating func number(of room: Text) -> Int {
        let digest = Digest.of(room)
        if let number = roomNumbers[digest] { return number }
        roomNumbers[digest] = rooms.count
        rooms.append([])
        names.append(room)
        return rooms.count - 1
    }

    /// The number of a room that was mentioned; nil for others.
    func known(_ room: Text) -> Int? { roomNumbers[Digest.of(room)] }

    func stamp(at index: UInt64) -> UInt64 {
        index == 0 ? 0 : lines[Int(index) - 1].stamp
    }

    /// What stands at the message's index, if that is this very message.
    func find(_ message: RoomMessage) -> Said? {
        let index = message.index.number
        guard index > 0, index <= UInt64(lines.count) else { return nil }
        let slot = Int(lines[Int(index) - 1].said)
        guard slot >= 0 else { return nil }
        let digest = Digest.of(
            message: message.text, by: message.sender, in: message.room, stamp: message.stamp,
            at: message.createdAt)
        return said[slot].digest == digest ? said[slot] : nil
    }

    /// How many messages of a room stand at or before an index.
    func messages(of room: Int, through index: UInt64) -> Int {
        let indexes = rooms[room]
        var low = 0
        var high = indexes.count
        while low < high {
            let middle = (low + high) / 2
            if indexes[middle] <= index { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Where among all that was said the first message stands at or behind an index.
    func place(ofSaidFrom index: UInt64) -> Int {
        var low = 0
        var high = said.count
        while low < high {
            let middle = (low + high) / 2
            if self.index(of: said[middle]) < index { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// The index at which a message stands.
    func index(of said: Said) -> UInt64 { rooms[said.room][said.place] }

    /// The index before a place of a room, zero for none.
    func previous(of said: Said) -> UInt64 {
        said.place == 0 ? 0 : rooms[said.room][said.place - 1]
    }
}

extension Digest {
    /// An action, whatever is said in it.
    static func of(act action: Action, by sender: Text) -> UInt64 {
        var digest = Digest()
        switch action {
        case .join, .makePrivate: digest.mix(1)
        case .leave: digest.mix(2)
        case .chat: digest.mix(3)
        case .setAccount(let account):
            digest.mix(5)
            digest.mix(account.name)
        case .removeAccount(let name):
            digest.mix(6)
            digest.mix(name)
        case .invite(_, let guest):
            digest.mix(4)
            digest.mix(guest)
        }
        digest.mix(action.room)
        digest.mix(sender)
        return digest.value
    }

    static func of(
        message text: Text, by sender: Text, in room: Text, stamp: Stamp, at created: Double
    ) -> UInt64 {
        var digest = Digest()
        digest.mix(text)
        digest.mix(sender)
        digest.mix(room)
        digest.mix(stamp.number)
        digest.mix(created.bitPattern)
        return digest.value
    }
}
