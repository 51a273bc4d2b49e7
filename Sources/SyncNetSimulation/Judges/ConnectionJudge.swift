import StateMachine
import SyncNetProtocol

/// Judges what a server says on each of its clients' connections.
///
/// Law: only what was asked on a connection is answered there, and not more often; messages
/// come only of rooms whose join was acknowledged there and whose leave was not since, each
/// room's in order and without gap; and nobody learns there of more wrong passwords than it may.
struct ConnectionJudge {
    /// What a client asked for, and has had no answer to.
    private struct Ask {
        enum Kind: Equatable {
            case join(room: UInt64, after: UInt64?)
            case leave(room: UInt64)
            case say
            case read

            var isJoin: Bool { if case .join = self { true } else { false } }
        }

        var number: UInt64
        var kind: Kind
        /// How many entries were committed anywhere by then.
        var committed: UInt64
        /// Whether it had other copies when one of them was answered.
        var isOneOfMany = false
    }

    private struct Subscription {
        var room: UInt64
        /// The last index that was pushed, or after which it begins; nil: from now on.
        var last: UInt64?
        /// Where the latest join stands in the log.
        var joinedAt: UInt64
    }

    private struct Connection {
        var stream: StreamID
        var client: NodeID
        var session: UInt64 = 0
        var asks: [Ask] = []
        var rooms: [Subscription] = []
        /// When a monitor asked for what it has had no answer to: the status line, or the rest.
        var statusAsks: [(isLine: Bool, at: Instant)] = []
        /// How often it was told that a password is wrong.
        var wrongPasswords = 0
    }

    private var connections: [[Connection]]
    private let loginTries: Int

    init(servers: Int, loginTries: Int = Limits().loginTries) {
        connections = Array(repeating: [], count: servers)
        self.loginTries = loginTries
    }

    mutating func forget(_ server: NodeID) { connections[Int(server.rank)].removeAll() }

    mutating func accepted(_ stream: StreamID, from client: NodeID, by server: NodeID) {
        connections[Int(server.rank)].append(Connection(stream: stream, client: client))
    }

    /// A server says that a login, or the freedom to go without one, has ended.
    mutating func loginEnded(on stream: StreamID, of server: NodeID) {
        guard let place = place(of: stream, at: server) else { return }
        connections[Int(server.rank)][place].rooms.removeAll()
    }

    /// Whose connection it is.
    func client(on stream: StreamID, of server: NodeID) -> NodeID? {
        place(of: stream, at: server).map { connections[Int(server.rank)][$0].client }
    }

    mutating func closed(_ stream: StreamID, by server: NodeID) {
        let place = connections[Int(server.rank)].firstIndex { $0.stream == stream }
        if let place { connections[Int(server.rank)].remove(at: place) }
    }

    private func place(of stream: StreamID, at server: NodeID) -> Int? {
        connections[Int(server.rank)].firstIndex { $0.stream == stream }
    }

    /// The session that a connection is known to carry; zero for none.
    func session(on stream: StreamID, of server: NodeID) -> UInt64 {
        place(of: stream, at: server).map { connections[Int(server.rank)][$0].session } ?? 0
    }

    /// A client asks for something.
    mutating func asked(
        _ request: ClientRequest, on stream: StreamID, of server: NodeID,
        at now: Instant = .zero, committed: UInt64 = 0
    ) {
        guard let place = place(of: stream, at: server) else { return }
        let slot = Int(server.rank)
        switch request.body {
        case .statusLine: connections[slot][place].statusAsks.append((true, now))
        case .discovery(status: true): connections[slot][place].statusAsks.append((false, now))
        default: break
        }
        if let session = request.session {
            connections[slot][place].session = Digest.of(session)
        }
        guard let number = request.request else { return }
        let kind: Ask.Kind =
            switch request.body {
            case .createJoin(let room, let after, _):
                .join(room: Digest.of(room), after: after?.number)
            case .leave(let room): .leave(room: Digest.of(room))
            case .chat, .invite, .setAccount, .removeAccount: .say
            case .login, .operatorLogin, .listAccounts, .history, .discovery, .membership,
                .statusLine, .invalid:
                .read
            }
        connections[slot][place].asks.append(Ask(number: number, kind: kind, committed: committed))
    }

    /// Whether the request of that number, which is not answered yet, changes nothing.
    func isRead(_ number: UInt64, on stream: StreamID, of server: NodeID) -> Bool {
        guard let place = place(of: stream, at: server) else { return false }
        let asks = connections[Int(server.rank)][place].asks
        return asks.first { $0.number == number }?.kind == .read
    }

    /// How many entries were committed anywhere when the first copy without an answer came of a
    /// request that changes something.
    func committed(
        whenAsked number: UInt64, on stream: StreamID, of server: NodeID
    ) -> UInt64? {
        guard let place = place(of: stream, at: server) else { return nil }
        let asks = connections[Int(server.rank)][place].asks
        return asks.first { $0.number == number && $0.kind != .read }?.committed
    }

    /// A server says how it is. Returns when it was asked: questions of one kind are answered in
    /// their order.
    mutating func toldStatus(
        isLine: Bool, on stream: StreamID, by server: NodeID
    ) -> Instant? {
        guard let place = place(of: stream, at: server) else { return nil }
        let slot = Int(server.rank)
        let found = connections[slot][place].statusAsks.firstIndex { $0.isLine == isLine }
        return found.map { connections[slot][place].statusAsks.remove(at: $0).at }
    }

    /// A server answers the request of that number.
    mutating func answered(
        _ number: UInt64, _ reply: ClientReply, on stream: StreamID, by server: NodeID,
        isPrivate: (Text) -> Bool = { _ in false }
    ) -> Breach? {
        guard let place = place(of: stream, at: server) else { return nil }
        let slot = Int(server.rank)
        let found = connections[slot][place].asks.firstIndex { ask in
            guard ask.number == number else { return false }
            switch reply {
            case .done: return ask.kind != .read
            case .history, .servers, .accounts: return ask.kind == .read
            case .nack, .pushed, .statusLine: return true
            }
        }
        guard let found else {
            let detail =
                "\(server.name) answered request \(number) on a connection on which nobody "
                + "waits for it"
            return Breach(.exactlyOnce, detail)
        }
        // Of two copies of a join the later one may say from where the room is wanted, or no more;
        // which of them is answered, nobody sees.
        let copies = connections[slot][place].asks.indices.filter {
            let ask = connections[slot][place].asks[$0]
            return ask.number == number && ask.kind.isJoin
        }
        if copies.count > 1 {
            for copy in copies { connections[slot][place].asks[copy].isOneOfMany = true }
        }
        let ask = connections[slot][place].asks.remove(at: found)
        // Nor which copy of a request, so that the first one may be what still waits.
        let next = connections[slot][place].asks.firstIndex {
            $0.number == number && $0.kind == ask.kind
        }
        if let next {
            let committed = connections[slot][place].asks[next].committed
            connections[slot][place].asks[next].committed = min(committed, ask.committed)
        }
        if case .nack(_, .badLogin, _) = reply {
            return toldOfWrongPassword(slot, place, by: server)
        }
        if case .nack(_, .notJoined, _) = reply, case .leave(let room) = ask.kind {
            interrupt(room, slot, place)
        }
        guard case .done(_, let name, let index) = reply else { return nil }
        switch ask.kind {
        case .join(let room, let after):
            follow(room, after, joinedAt: index.number, slot, place, isPrivate(name))
            guard ask.isOneOfMany else { break }
            let known = connections[slot][place].rooms.firstIndex { $0.room == room }
            if let known { connections[slot][place].rooms[known].last = nil }
        // The answer to a later join may have come first.
        case .leave(let room):
            connections[slot][place].rooms.removeAll {
                $0.room == room && $0.joinedAt < index.number
            }
        case .say, .read: break
        }
        return nil
    }

    /// Somebody left a room in which the name was no member any more, as another of its sessions
    /// had left it: where the server did that before it had answered a later join, it shows
    /// nothing of what was said until that one.
    private mutating func interrupt(_ room: UInt64, _ slot: Int, _ place: Int) {
        guard let known = connections[slot][place].rooms.firstIndex(where: { $0.room == room })
        else { return }
        connections[slot][place].rooms[known].last = nil
    }

    private mutating func toldOfWrongPassword(
        _ slot: Int, _ place: Int, by server: NodeID
    ) -> Breach? {
        connections[slot][place].wrongPasswords += 1
        guard connections[slot][place].wrongPasswords > loginTries else { return nil }
        let detail =
            "\(server.name) told one connection of \(connections[slot][place].wrongPasswords) "
            + "wrong passwords, where \(loginTries) are its limit"
        return Breach(.access, detail)
    }

    private mutating func follow(
        _ room: UInt64, _ after: UInt64?, joinedAt index: UInt64, _ slot: Int, _ place: Int,
        _ isPrivate: Bool
    ) {
        let known = connections[slot][place].rooms.firstIndex { $0.room == room }
        if let known {
            // Who left a private room on another connection is subscribed anew.
            if isPrivate || after != nil { connections[slot][place].rooms[known].last = after }
            let joinedAt = connections[slot][place].rooms[known].joinedAt
            connections[slot][place].rooms[known].joinedAt = max(joinedAt, index)
        } else {
            connections[slot][place].rooms.append(
                Subscription(room: room, last: after ?? index, joinedAt: index))
        }
    }

    /// A server pushes a message.
    mutating func pushed(
        _ message: RoomMessage, on stream: StreamID, by server: NodeID
    ) -> Breach? {
        guard let place = place(of: stream, at: server) else { return nil }
        let slot = Int(server.rank)
        let room = Digest.of(message.room)
        guard let known = connections[slot][place].rooms.firstIndex(where: { $0.room == room })
        else {
            let detail =
                "\(server.name) pushed \(message.index.number) of a room that was not joined "
                + "on that connection, or left"
            return Breach(.roomOrder, detail)
        }
        let last = connections[slot][place].rooms[known].last ?? message.previous.number
        connections[slot][place].rooms[known].last = message.index.number
        if message.index.number > last, message.previous.number <= last { return nil }
        let detail =
            "\(server.name) pushed \(message.index.number), which stands behind "
            + "\(message.previous.number), after \(last)"
        return Breach(.roomOrder, detail)
    }
}
