extension RoomTable {
    /// What comes of making a room private.
    package enum Making: Equatable, Sendable {
        /// It was not there.
        case made
        /// It is there, private, and this is a member of it.
        case isThere
        /// It is there, private, and this is a stranger.
        case isClosed
        /// It is there, and not private.
        case isOpen
    }

    /// Whether only its members read a room.
    package func isPrivate(_ room: Text) -> Bool {
        guard let slot = rooms.slot(of: key(room)) else { return false }
        return rooms[slot: slot].isPrivate
    }

    /// Whether somebody may read a room, and enter it unasked: a room that is not there is open.
    package func isOpen(_ room: Text, to name: Text) -> Bool {
        guard let slot = rooms.slot(of: key(room)), rooms[slot: slot].isPrivate else {
            return true
        }
        return rooms[slot: slot].place(of: name).isThere
    }

    /// Makes a private room with its first member, where there is none.
    package mutating func makePrivate(_ room: Text, for name: Text) -> Making {
        if let slot = rooms.slot(of: key(room)) {
            guard rooms[slot: slot].isPrivate else { return .isOpen }
            return rooms[slot: slot].place(of: name).isThere ? .isThere : .isClosed
        }
        _ = rooms.slot(
            of: key(room), default: Room(latest: .zero, members: [name], isPrivate: true))
        return .made
    }
}
