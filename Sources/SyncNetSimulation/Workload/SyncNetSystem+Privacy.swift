import DeterministicSimulation
import StateMachine
import SyncNetProtocol

extension DecisionKind {
    static let workloadGuest = DecisionKind("workload.guest", from: .workload)
    static let workloadPeek = DecisionKind("workload.peek", from: .workload)
}

// What people do in private rooms, and what those do who are not in them.
extension SyncNetSystem {
    /// Whether people want the room for themselves.
    func isPrivate(_ room: Int) -> Bool {
        UInt64((room + 1) * 37 % 100) < workload.privatePercent
    }

    /// Makes somebody a member of a private room.
    mutating func invite(
        _ number: Int, _ inside: [Int], in world: inout SimulatedWorld<Self>
    ) {
        let node = people[number].node
        let point = DecisionPoint(.workloadGuest, node)
        let guest = personName(world.decisions.pick(point, of: people.count))
        let rooms = inside.filter(isPrivate)
        // Whoever is in none tries it where nobody needs to be invited.
        let choice = rooms.isEmpty ? inside : rooms
        let room = choice[world.decisions.pick(point, of: choice.count)]
        let order = people[number].add(.other)
        world.input(
            .invite(order: order, room: roomName(room), guest: guest), to: node)
    }

    /// Reads a private room, in it or not.
    mutating func peek(_ number: Int, in world: inout SimulatedWorld<Self>) {
        let rooms = (0..<Int(workload.rooms)).filter(isPrivate)
        guard !rooms.isEmpty else { return }
        let point = DecisionPoint(.workloadPeek, people[number].node)
        let room = rooms[world.decisions.pick(point, of: rooms.count)]
        read(number, room, isLinearizable: people[number].orders % 4 == 0, in: &world)
    }
}
