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

    private func name(of client: NodeID) -> Text? {
        let slot = Int(client.rank) - Limits.membersMax
        return names.indices.contains(slot) ? names[slot] : nil
    }
}

extension HistoryPage {
    /// Whether it says anything of its room.
    var tells: Bool { !messages.isEmpty || members?.isEmpty == false }
}
