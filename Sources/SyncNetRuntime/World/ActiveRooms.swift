package import SyncNetProtocol

/// The rooms in which something was said lately, with the latest index of each.
///
/// Invariant: at most ``roomsMax`` rooms, the one that was used last at the end.
package struct ActiveRooms: Equatable, Sendable {
    /// So many rooms are told with each heartbeat; those that were used last.
    package static let roomsMax = 64
    /// For so many heartbeats after its last message a room is active.
    package static let beatsMax = 30

    private struct Room: Equatable {
        let name: Text
        let index: LogIndex
        var beats = 0
    }

    private var rooms: [Room] = []

    package init() {}

    /// Something was said.
    package mutating func said(in name: Text, at index: LogIndex) {
        rooms.removeAll { $0.name == name }
        rooms.append(Room(name: name, index: index))
        if rooms.count > Self.roomsMax { rooms.removeFirst() }
    }

    /// A heartbeat is due: what to tell with it.
    package mutating func beat() -> [(room: Text, index: LogIndex)] {
        for slot in rooms.indices { rooms[slot].beats += 1 }
        defer { rooms.removeAll { $0.beats >= Self.beatsMax } }
        return rooms.map { ($0.name, $0.index) }
    }
}
