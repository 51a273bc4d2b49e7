package import StateMachine

/// The rooms: members and latest message are functions of the log; followers are the
/// connections of this server.
package struct RoomTable: Equatable, Sendable {
    /// A room.
    package struct Room: Equatable, Sendable {
        /// Its latest message, zero for none.
        package var latest: LogIndex
        /// Who is a member, in byte order.
        package var members: [Text]
        /// Whether only members read it. Never changes once the room is made.
        package var isPrivate = false
        /// Connections that follow it, rising.
        package var followers: [StreamID] = []

        /// Where a name stands, or would stand, among the members.
        func place(of name: Text) -> (at: Int, isThere: Bool) {
            var low = 0
            var high = members.count
            while low < high {
                let middle = (low + high) / 2
                if members[middle] < name { low = middle + 1 } else { high = middle }
            }
            return (low, low < members.count && members[low] == name)
        }
    }

    var rooms = TextMap<Room>()
    private let isNormalising: Bool

    package init(_ records: [RoomRecord], bugs: PlantedBugs = []) {
        isNormalising = bugs.contains(.p22NamesNormalised)
        for record in records {
            _ = rooms.slot(
                of: record.name,
                default: Room(
                    latest: bugs.contains(.p17LatestNotRestored) ? .zero : record.latest,
                    members: record.members,
                    isPrivate: record.isPrivate && !bugs.contains(.p26PrivacyNotRestored)))
        }
    }

    /// The name under which a room stands.
    func key(_ name: Text) -> Text { isNormalising ? name.composed : name }

    /// How many there are.
    package var count: Int { rooms.count }

    /// A room, nil where nobody ever joined it.
    package subscript(name: Text) -> Room? { rooms[key(name)] }

    /// The connections that follow a room, rising.
    package func followers(of name: Text) -> [StreamID] {
        guard let slot = rooms.slot(of: key(name)) else { return [] }
        return rooms[slot: slot].followers
    }

    /// Whether somebody is a member of a room.
    package func isMember(_ name: Text, of room: Text) -> Bool {
        guard let slot = rooms.slot(of: key(room)) else { return false }
        return rooms[slot: slot].place(of: name).isThere
    }

    /// Makes somebody a member. Returns whether that is a change.
    package mutating func join(_ name: Text, _ room: Text) -> Bool {
        let slot = rooms.slot(of: key(room), default: Room(latest: .zero, members: []))
        let place = rooms[slot: slot].place(of: name)
        guard !place.isThere else { return false }
        rooms[slot: slot].members.insert(name, at: place.at)
        return true
    }

    /// Ends somebody's membership. Returns whether that is a change.
    package mutating func leave(_ name: Text, _ room: Text) -> Bool {
        guard let slot = rooms.slot(of: key(room)) else { return false }
        let place = rooms[slot: slot].place(of: name)
        guard place.isThere else { return false }
        rooms[slot: slot].members.remove(at: place.at)
        return true
    }

    /// Notes a room's latest message. Returns the one before it.
    package mutating func post(_ index: LogIndex, in room: Text) -> LogIndex {
        let slot = rooms.slot(of: key(room), default: Room(latest: .zero, members: []))
        let previous = rooms[slot: slot].latest
        precondition(index > previous, "\(index) after \(previous) in a room")
        rooms[slot: slot].latest = index
        return previous
    }

    /// A connection follows a room from now on.
    package mutating func follow(_ room: Text, by stream: StreamID) {
        let slot = rooms.slot(of: key(room), default: Room(latest: .zero, members: []))
        guard !rooms[slot: slot].followers.contains(stream) else { return }
        rooms[slot: slot].followers.append(stream)
        rooms[slot: slot].followers.sort()
    }

    /// A connection follows a room no more.
    package mutating func unfollow(_ room: Text, by stream: StreamID) {
        guard let slot = rooms.slot(of: key(room)) else { return }
        rooms[slot: slot].followers.removeAll { $0 == stream }
    }
}

extension Text {
    /// Planted bug P22: é for an e with an accent of its own, as it looks to people.
    fileprivate var composed: Text {
        var bytes: [UInt8] = []
        for byte in utf8 {
            bytes.append(byte)
            guard bytes.suffix(3) == [0x65, 0xCC, 0x81] else { continue }
            bytes.replaceSubrange((bytes.count - 3)..., with: [0xC3, 0xA9])
        }
        return Text(utf8: bytes)
    }
}
