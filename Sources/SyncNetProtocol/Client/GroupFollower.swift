/// Follows rooms from datagrams that may be lost, doubled and reordered, from any of the
/// servers: shows each message of a room once, in order and without gap, and tells what has to
/// be fetched because it was lost.
///
/// A loss shows in `previous` of the next message, or in the latest index that the servers
/// repeat with every heartbeat.
///
/// Invariant: at most one fetch of a room is under way.
public struct GroupFollower: Equatable, Sendable {
    /// What a datagram or a page leads to.
    public enum Step: Equatable, Sendable {
        /// This message is the room's next one.
        case show(RoomMessage)
        /// The first messages after this index are wanted.
        case fetch(room: Text, after: LogIndex)
    }

    private var rooms = FollowedRooms()
    private var fetching: [Text] = []
    /// Whether rooms that nobody named are followed from the first datagram on.
    private let followsAll: Bool

    /// Follows all rooms that it hears of, or, unless `followsAll`, those that are named.
    public init(followsAll: Bool) { self.followsAll = followsAll }

    /// Follows a room after an index.
    public mutating func follow(_ room: Text, after index: LogIndex) {
        guard rooms[room] == nil, rooms.list.count < Limits.groupRoomsMax else { return }
        rooms.insert(FollowedRoom(name: room, after: index))
    }

    /// A datagram with a message came.
    public mutating func heard(_ message: RoomMessage) -> [Step] {
        guard let slot = slot(of: message.room, startingAfter: message.previous) else { return [] }
        switch rooms[slot].receive(message) {
        case .show(let held): return ([message] + held).map(Step.show)
        case .hole: return fetch(slot)
        case .repeated, .early: return []
        }
    }

    /// A datagram came that tells a room's latest index.
    public mutating func heard(latest index: LogIndex, of room: Text) -> [Step] {
        guard let slot = slot(of: room, startingAfter: index) else { return [] }
        rooms[slot].exists(upTo: index)
        return rooms[slot].isBehind ? fetch(slot) : []
    }

    /// A page came that was asked for.
    public mutating func fetched(
        _ page: [RoomMessage], hasMore: Bool, of room: Text
    ) -> [Step] {
        endFetch(of: room)
        guard let slot = rooms.slot(of: room) else { return [] }
        let due = rooms[slot].receive(page: page)
        // A page without news would be asked for again and again: the next datagram does.
        let isWorthwhile = hasMore || (rooms[slot].isBehind && !due.isEmpty)
        return due.map(Step.show) + (isWorthwhile ? fetch(slot) : [])
    }

    /// A page that was asked for can't be had now: the next datagram asks again.
    public mutating func fetchFailed(of room: Text) { endFetch(of: room) }

    private mutating func slot(of room: Text, startingAfter index: LogIndex) -> Int? {
        if followsAll { follow(room, after: index) }
        return rooms.slot(of: room)
    }

    private mutating func fetch(_ slot: Int) -> [Step] {
        let room = rooms[slot].name
        guard !fetching.contains(room), let shown = rooms[slot].shown else { return [] }
        fetching.append(room)
        return [.fetch(room: room, after: shown)]
    }

    private mutating func endFetch(of room: Text) { fetching.removeAll { $0 == room } }
}
