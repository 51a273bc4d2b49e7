import StateMachine
import SyncNetProtocol

// Law: a private room is shown to whoever is a member by what the server has applied, on his
// own connections, and to nobody else; never to the multicast group.
extension Court {
    /// A server shows something of a room on a connection.
    func shows(_ room: Text, on stream: StreamID, by node: NodeID) -> Breach? {
        guard rooms.isPrivate(room), let client = connections.client(on: stream, of: node),
            let name = name(of: client)
        else { return nil }
        let applied = appliedBefore...max(appliedBefore, applied[Int(node.rank)])
        guard rooms.isStranger(name, to: room, in: applied) else { return nil }
        let detail =
            "\(node.name) showed a private room to \(client.name), who is no member of it as of "
            + "index \(applied.upperBound)"
        return Breach(.privacy, detail)
    }

    /// A server shows a page, and says truly whether its room is private.
    func shows(_ page: HistoryPage, on stream: StreamID, by node: NodeID) -> Breach? {
        if page.tells, let breach = shows(page.room, on: stream, by: node) { return breach }
        for message in page.messages where message.room != page.room {
            if let breach = shows(message.room, on: stream, by: node) { return breach }
        }
        let isPrivate = rooms.isPrivate(page.room)
        guard page.isPrivate ? isPrivate : !page.tells || !isPrivate else {
            let detail =
                "\(node.name) said that a room is \(page.isPrivate ? "private" : "open"), which it "
                + "is not"
            return Breach(.privacy, detail)
        }
        return nil
    }

    /// A server sends a message to everybody.
    func published(_ message: RoomMessage, _ node: NodeID) -> Breach? {
        guard rooms.isPrivate(message.room) else { return nil }
        let detail = "\(node.name) sent \(message.index.number) of a private room to everybody"
        return Breach(.privacy, detail)
    }

    /// A client tells its owner something of a room.
    func learnt(_ room: Text, _ client: NodeID) -> Breach? {
        guard let name = name(of: client), rooms.isStranger(name, to: room, in: 0...(.max)) else {
            return nil
        }
        let detail = "\(client.name) saw a private room of which it was never a member"
        return Breach(.privacy, detail)
    }

    /// A server shows something on a connection: whoever speaks there may see it.
    func showsUser(on stream: StreamID, by node: NodeID) -> Breach? {
        guard !access.isIdle, let client = connections.client(on: stream, of: node),
            let name = name(of: client)
        else { return nil }
        let applied = appliedBefore...max(appliedBefore, applied[Int(node.rank)])
        return access.shows(to: name, on: stream, by: node, applied, moment: commit)
    }

    /// A server says that somebody has to log in: not to somebody who is.
    func endedLogin(on stream: StreamID, by node: NodeID) -> Breach? {
        guard !access.isIdle, let client = connections.client(on: stream, of: node),
            let name = name(of: client)
        else { return nil }
        return access.loginEnded(on: stream, by: node, name: name)
    }

    private func name(of client: NodeID) -> Text? {
        let slot = Int(client.rank) - Limits.membersMax
        return names.indices.contains(slot) ? names[slot] : nil
    }
}

extension HistoryPage {
    /// Whether it says anything of its room.
    var tells: Bool { !messages.isEmpty || members?.isEmpty == false }
}
