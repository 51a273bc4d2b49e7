import StateMachine
import SyncNetProtocol

/// Somebody who uses a client: what they asked for and are waiting for.
struct Person {
    enum Order: Equatable {
        case join(room: Int)
        case leave(room: Int)
        case say(room: Int)
        case change
        case other
    }

    /// How somebody stands to a room.
    enum Standing: Equatable {
        case outside, joining, inside, leaving
    }

    /// What sort of client somebody uses.
    enum Sort: Equatable {
        case usual, plain, stubborn, registrar, intruder
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
    /// What the password may be, the likeliest last, each with the order that sets it; an empty
    /// one for no account.
    var passwords: [(order: UInt64, text: Text, isKnown: Bool)] = []
    /// One that was the password, and is no more.
    var formerPassword: Text?
    /// How many of them were tried since the likeliest changed.
    var tries = 0
    /// Whether the next try is on its way.
    var isLoggingIn = false

    init(_ node: NodeID, _ sort: Sort, rooms: Int) {
        self.node = node
        self.sort = sort
        self.rooms = Array(repeating: .outside, count: rooms)
        shown = Array(repeating: .zero, count: rooms)
    }

    /// Whether it is somebody who chats.
    var isMember: Bool { sort != .registrar && sort != .intruder }

    /// What to log in with; nil for nothing.
    var password: Text? {
        guard !passwords.isEmpty else { return nil }
        let password = passwords[passwords.count - 1 - tries % passwords.count].text
        return password.isEmpty ? nil : password
    }

    /// Whether the likeliest password is known to have been set, and was not tried since.
    var isSureOfPassword: Bool { tries == 0 && passwords.last?.isKnown == true }

    /// Whoever makes accounts knows what came of an order, or that nobody knows.
    mutating func learn(_ order: UInt64, isDone: Bool) {
        guard let place = passwords.firstIndex(where: { $0.order == order }) else { return }
        let password = passwords.remove(at: place)
        tries = 0
        guard isDone else { return }
        formerPassword = passwords.last(where: \.isKnown)?.text ?? formerPassword
        passwords.removeAll(where: \.isKnown)
        passwords.append((order, password.text, true))
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
        // Who has joined again meanwhile waits for the answer to that.
        case .leave(let room) where rooms[room] == .leaving:
            rooms[room] = isDone ? .outside : .inside
        case .leave, .say, .change, .other: break
        }
    }

    /// Who may not speak in a room, since somebody of the same name has left it, is outside. A
    /// plain client would be shown the room anew from wherever it joins it again.
    mutating func turnedOut(by number: UInt64) {
        guard sort == .usual, let order = open.first(where: { $0.number == number })?.order,
            case .say(let room) = order, rooms[room] == .inside
        else { return }
        rooms[room] = .outside
    }

    func places(where standing: (Standing) -> Bool) -> [Int] {
        rooms.indices.filter { standing(rooms[$0]) }
    }
}
