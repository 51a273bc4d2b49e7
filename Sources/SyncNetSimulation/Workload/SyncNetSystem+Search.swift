import DeterministicSimulation
import StateMachine
import SyncNetProtocol

extension DecisionKind {
    static let workloadSearch = DecisionKind("workload.search", from: .workload)
}

// What people search for.
extension SyncNetSystem {
    /// Searches in a room, in it or not, or in all of one's own.
    mutating func search(
        _ number: Int, _ inside: [Int], in world: inout SimulatedWorld<Self>
    ) {
        let node = people[number].node
        let point = DecisionPoint(.workloadSearch, node)
        let sought: Sought =
            switch world.decisions.pick(point, of: 8) {
            case 0: .nothing
            case 1: .anybody
            case 2: .authorOfAll(UInt32(world.decisions.pick(point, of: people.count)) + 1)
            case 3: .authorOfNothing(UInt32(world.decisions.pick(point, of: people.count)) + 1)
            default: .author(UInt32(world.decisions.pick(point, of: people.count)) + 1)
            }
        var room: Int?
        switch world.decisions.pick(point, of: 4) {
        case 0: room = world.decisions.pick(point, of: Int(workload.rooms))
        case 1: room = inside[world.decisions.pick(point, of: inside.count)]
        default: break
        }
        let order = people[number].add(.other)
        var request = HistoryRequest(
            room: room.map(roomName) ?? "", isLinearizable: order % 3 == 0, search: sought.words)
        if order % 4 == 1 { request.limit = 1 + order / 4 % 5 }
        if order % 5 == 2 { request.before = people[number].shown[room ?? inside[0]] }
        world.input(.history(order: order, request), to: node)
    }
}
