import StateMachine
import SyncNetProtocol

/// Somebody who uses a client: what they asked for and are waiting for.
struct Person {
    enum Order: Equatable {
        case join(room: Int)
        case leave(room: Int)
        case change
        case other
    }

    /// How somebody stands to a room.
    enum Standing: Equatable {
        case outside, joining, inside, leaving
    }

    /// What sort of client somebody uses.
    enum Sort: Equatable {
        case usual, plain, stubborn
    }

    let node: NodeID
    let sort: Sort
    var rooms: [Standing]
    /// The highest index that was shown of each room.
    var shown: [LogIndex]
    /// Rises over all lives, so that no two of the person's words are equal.
    var orders: UInt64 = 0
    /// How often the person looked whether there is something to do.
    var acts: UInt64 = 0
    /// How often the client has started.
    var lives: UInt64 = 0
    var open: [(number: UInt64, order: Order)] = []
    var isHere = false
    /// The rooms in which an empty text was said: a second one would be the same words.
    var emptied: [Int] = []

    init(_ node: NodeID, _ sort: Sort, rooms: Int) {
        self.node = node
        self.sort = sort
        self.rooms = Array(repeating: .outside, count: rooms)
        shown = Array(repeating: .zero, count: rooms)
    }

    /// A new life: nothing is open, no room joined.
    mutating func begin() {
        isHere = true
        open.removeAll()
        for room in rooms.indices {
            rooms[room] = .outside
            shown[room] = .zero
        }
    }

    mutating func add(_ order: Order) -> UInt64 {
        orders += 1
        open.append((orders, order))
        return orders
    }

    mutating func answered(_ number: UInt64, isDone: Bool) {
        guard let place = open.firstIndex(where: { $0.number == number }) else { return }
        switch open.remove(at: place).order {
        case .join(let room): rooms[room] = isDone ? .inside : .outside
        case .leave(let room): rooms[room] = isDone ? .outside : .inside
        case .change, .other: break
        }
    }

    func places(where standing: (Standing) -> Bool) -> [Int] {
        rooms.indices.filter { standing(rooms[$0]) }
    }
}
