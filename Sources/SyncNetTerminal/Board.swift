/// The rooms that a person is in: which one is looked at, what waits unread in the others, and
/// what was said here and is on its way.
///
/// Invariant: what it says to show of a room rises by index, and is said once.
public struct Board: Equatable, Sendable {
    /// More unread messages than this of one room are only counted, and read again when wanted.
    public static let heldMax = 500
    /// So many people are remembered for completion.
    public static let peopleMax = 1_000

    /// One room.
    public struct Room: Equatable, Sendable {
        /// Its name.
        public let name: String
        /// Up to where it was shown.
        public internal(set) var mark: Bookmark
        /// How many messages wait to be shown.
        public internal(set) var unread = 0
        /// The highest index known.
        var newest: UInt64
        var held: [Post] = []
        /// Whether messages after those held have to be read from the history.
        public internal(set) var isCut = false
    }

    /// Something that was said and is not shown as a message yet.
    public struct Delivery: Equatable, Sendable {
        /// What the owner calls it.
        public let number: UInt64
        /// The room.
        public let room: String
        /// What was said.
        public let text: String
        /// Its index, once it is acknowledged.
        public internal(set) var index: UInt64?
    }

    /// In the order in which they were entered.
    public private(set) var rooms: [Room] = []
    /// The room that is looked at.
    public private(set) var current: String?
    /// In the order in which they were said.
    public private(set) var deliveries: [Delivery] = []
    /// Who said something, the last one last.
    public private(set) var people: [String] = []
    private var lastDelivery: UInt64 = 0

    /// Makes an empty board.
    public init() {}

    /// Where one is in each room.
    public var marks: [Bookmark] { rooms.map(\.mark) }
    /// The other rooms in which something waits.
    public var unread: [Room] { rooms.filter { $0.unread > 0 && $0.name != current } }
    /// Whether something that was said is not acknowledged.
    public var isWaiting: Bool { deliveries.contains { $0.index == nil } }

    /// The room of that name.
    public subscript(name: String) -> Room? { slot(of: name).map { rooms[$0] } }

    /// Enters a room of which everything up to the mark was shown.
    public mutating func enter(_ mark: Bookmark) {
        precondition(slot(of: mark.room) == nil, "\(mark.room) was entered twice")
        rooms.append(Room(name: mark.room, mark: mark, newest: mark.index))
    }

    /// What was said in a room before an index is not wanted.
    public mutating func began(_ name: String, at index: UInt64) {
        guard let slot = slot(of: name), rooms[slot].mark.index == 0 else { return }
        rooms[slot].mark.index = min(index, rooms[slot].held.first.map { $0.index - 1 } ?? index)
        rooms[slot].newest = max(rooms[slot].newest, rooms[slot].mark.index)
    }

    /// Leaves a room; the last one entered is looked at then.
    public mutating func leave(_ name: String) {
        rooms.removeAll { Self.isSame($0.name, name) }
        deliveries.removeAll { Self.isSame($0.room, name) && $0.index != nil }
        if let current, Self.isSame(current, name) { self.current = rooms.last?.name }
    }

    /// Looks at a room. What was held of it is to be shown now; then, where ``Room/isCut``, what
    /// follows has to be read and handed to ``took(_:hasMore:of:)``.
    public mutating func look(at name: String) -> [Post] {
        guard let slot = slot(of: name) else { return [] }
        current = rooms[slot].name
        let held = rooms[slot].held
        rooms[slot].held = []
        if !rooms[slot].isCut { rooms[slot].unread = 0 }
        return held.filter { show($0, in: slot) }
    }

    /// A message arrived; what is to be shown at once.
    public mutating func arrived(_ post: Post) -> Post? {
        met(post.sender)
        guard let slot = slot(of: post.room), post.index > rooms[slot].newest else { return nil }
        rooms[slot].newest = post.index
        let isLookedAt = current.map { Self.isSame($0, post.room) } ?? false
        if isLookedAt, !rooms[slot].isCut { return show(post, in: slot) ? post : nil }
        rooms[slot].unread += 1
        if rooms[slot].held.count < Self.heldMax, !rooms[slot].isCut {
            rooms[slot].held.append(post)
        } else {
            rooms[slot].isCut = true
        }
        return nil
    }

    /// A page that was read after the room's mark; what of it is to be shown.
    public mutating func took(_ page: [Post], hasMore: Bool, of name: String) -> [Post] {
        guard let slot = slot(of: name) else { return [] }
        let due = page.filter { show($0, in: slot) }
        rooms[slot].newest = max(rooms[slot].newest, rooms[slot].mark.index)
        if !hasMore, rooms[slot].mark.index >= rooms[slot].newest {
            rooms[slot].isCut = false
            rooms[slot].unread = 0
        }
        return due
    }

    /// A message was shown, whichever room is looked at.
    public mutating func showed(_ post: Post) {
        guard let slot = slot(of: post.room) else {
            return enter(Bookmark(room: post.room, index: post.index, stamp: post.stamp))
        }
        _ = show(post, in: slot)
    }

    private mutating func show(_ post: Post, in slot: Int) -> Bool {
        guard post.index > rooms[slot].mark.index else { return false }
        rooms[slot].mark.index = post.index
        rooms[slot].mark.stamp = post.stamp
        deliveries.removeAll { $0.index == post.index }
        return true
    }

    private mutating func met(_ person: String) {
        guard people.last != person else { return }
        people.removeAll { $0 == person }
        people.append(person)
        if people.count > Self.peopleMax { people.removeFirst() }
    }

    /// People who were heard of otherwise.
    public mutating func met(_ list: [String]) { for person in list { met(person) } }

    private func slot(of name: String) -> Int? {
        rooms.firstIndex { Self.isSame($0.name, name) }
    }

    /// Names compare by bytes, as the servers compare them.
    static func isSame(_ one: String, _ other: String) -> Bool {
        one.utf8.elementsEqual(other.utf8)
    }
}

// What is on its way.
extension Board {
    /// Something was said; its number.
    public mutating func said(_ text: String, in room: String) -> UInt64 {
        lastDelivery += 1
        deliveries.append(Delivery(number: lastDelivery, room: room, text: text))
        return lastDelivery
    }

    /// It can't be lost any more. It goes on living until it is shown as a message.
    public mutating func acknowledged(_ number: UInt64, at index: UInt64) {
        guard let slot = deliveries.firstIndex(where: { $0.number == number }) else { return }
        let room = self[deliveries[slot].room]
        guard let room, room.newest < index else {
            deliveries.remove(at: slot)
            return
        }
        deliveries[slot].index = index
    }

    /// It was refused, or nobody knows; what was said.
    public mutating func failed(_ number: UInt64) -> Delivery? {
        guard let slot = deliveries.firstIndex(where: { $0.number == number }) else { return nil }
        return deliveries.remove(at: slot)
    }
}
