import StateMachine
import SyncNetProtocol

/// What one client has been shown and asked, in its present life.
struct ClientView {
    /// How far a room was shown.
    enum Shown: Equatable {
        /// From wherever the server begins.
        case fromNow
        /// From after an index.
        case after(UInt64)
        /// Through the message at a place of the room.
        case through(place: Int)
        /// From after what was shown last, or from where its owner said.
        case somewhere
    }

    struct Room {
        var shown: Shown?
        /// Where the latest join was acknowledged; nil as long as it is not.
        var joinedAt: UInt64?
        /// Whether its owner asked to leave, later than to join: whatever came of it, nothing more
        /// is owed.
        var isUnwanted = false
        /// Whether it was joined again before the leave was answered.
        var isJoinedAgain = false
        /// Whether such a join was refused: nobody can tell whether the room is followed still.
        var isDoubtful = false
        /// How many of the room's messages the client knows to exist.
        var known = 0

        /// A leave was answered: nothing is shown any more, unless it was joined again since.
        mutating func left() {
            guard isUnwanted else { return }
            shown = nil
            isDoubtful = false
        }
    }

    struct Order {
        var kind: Kind
        /// The highest index that the client knew of when it asked.
        var frontier: UInt64
        /// Whether it keeps all limits and makes sense, whatever the servers know.
        var isSound = false
    }

    enum Kind {
        case join(room: Int, Text)
        case leave(room: Int, Text)
        case invite(Text, guest: Text)
        case say(UInt64)
        case read(HistoryRequest, room: Int, known: Int)
        /// With how many messages of each room were there for it.
        case search(HistoryRequest, known: [Int])
        case other
    }

    /// What it is called.
    var name: Text?
    /// How often the client has started.
    var life = 0
    /// The highest index that it was shown, read or acknowledged.
    var frontier: UInt64 = 0
    var rooms: [Int: Room] = [:]
    var orders: [UInt64: Order] = [:]

    /// Whether a leave of a room has no answer yet.
    func isLeaving(_ room: Int) -> Bool {
        orders.values.contains { order in
            if case .leave(room, _) = order.kind { true } else { false }
        }
    }

    mutating func learnt(_ index: LogIndex) { frontier = max(frontier, index.number) }
}
