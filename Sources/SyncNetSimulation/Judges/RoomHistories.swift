import DeterministicSimulation
import StateMachine
import SyncNetProtocol

/// A room as a linearizable object: a message goes behind all that are there, and a read says
/// how many there are. Which message stands where is what clients saw.
struct RoomModel: SequentialModel {
    enum Operation: Equatable, Sendable {
        /// The message that stands so many messages behind the first.
        case append(place: Int)
        case read
    }

    let initial = 0

    func apply(_ operation: Operation, to count: inout Int) -> Int {
        guard case .append(let place) = operation else { return count }
        guard place == count else { return -1 }
        count += 1
        return count
    }

    func digest(_ state: Int, into digest: inout StateDigest) { digest.add(state) }
}

/// What clients said and read in each room, as concurrent histories: judged at the end of a
/// run by nothing but what clients asked and were told.
///
/// Local reads don't count, as they may lag, but what they show tells where messages stand.
/// An order without an answer, or whose outcome nobody knows, stays open for ever.
struct RoomHistories {
    private enum Kind {
        case say(UInt64)
        /// What stands after an index, nil for the room's last messages; and up to where the
        /// client knew that the log goes.
        case read(after: UInt64?, known: UInt64)
    }

    private struct Operation {
        var kind: Kind
        /// The last index of what was read.
        var end: UInt64 = 0
        var isAnswered = false
        var isRefused = false
    }

    private enum Step {
        case asked(Int)
        case answered(Int)
    }

    private struct Room {
        var operations: [Operation] = []
        var steps: [Step] = []
        /// The words that somebody saw at an index.
        var seen: [UInt64: UInt64] = [:]
        /// The same in the other direction.
        var indexes: [UInt64: UInt64] = [:]
    }

    private struct Key: Hashable {
        var client: UInt32
        var order: UInt64
    }

    /// A second's work.
    private static let stepsMost = 5_000_000
    private var rooms: [Room] = []
    private var open: [Key: (room: Int, operation: Int)] = [:]
    /// Rooms whose histories were too hard to judge within their steps.
    private(set) var undecided: UInt64 = 0
    /// Operations that were judged.
    private(set) var judged: UInt64 = 0

    mutating func said(_ client: NodeID, _ order: UInt64, room: Int, _ saying: UInt64) {
        ask(.say(saying), client, order, room)
    }

    /// A linearizable read is asked for. Those that end before a given index say nothing of
    /// the room's end.
    mutating func reads(
        _ client: NodeID, _ order: UInt64, room: Int, _ request: HistoryRequest, known: LogIndex
    ) {
        guard request.isLinearizable, request.before == nil, request.search == nil else { return }
        let kind = Kind.read(after: request.after?.number, known: known.number)
        ask(kind, client, order, room)
    }

    private mutating func ask(_ kind: Kind, _ client: NodeID, _ order: UInt64, _ room: Int) {
        while rooms.count <= room { rooms.append(Room()) }
        let operation = rooms[room].operations.count
        rooms[room].operations.append(Operation(kind: kind))
        rooms[room].steps.append(.asked(operation))
        open[Key(client: client.rank, order: order)] = (room, operation)
    }

    /// Somebody was shown a message, or had it acknowledged.
    mutating func saw(room: Int, _ index: UInt64, _ saying: @autoclosure () -> UInt64) -> Breach? {
        while rooms.count <= room { rooms.append(Room()) }
        guard rooms[room].seen[index] == nil else { return nil }
        let saying = saying()
        rooms[room].seen[index] = saying
        guard let former = rooms[room].indexes.updateValue(index, forKey: saying) else {
            return nil
        }
        return Breach(
            .linearizability, "clients saw one message at index \(former) and at \(index)")
    }

    mutating func done(_ client: NodeID, _ order: UInt64, at index: LogIndex) -> Breach? {
        guard let (room, operation) = close(client, order),
            case .say(let saying) = rooms[room].operations[operation].kind
        else { return nil }
        answer(room, operation)
        if rooms[room].seen[index.number] ?? saying != saying {
            let detail = "clients saw two messages at index \(index.number)"
            return Breach(.linearizability, detail)
        }
        return saw(room: room, index.number, saying)
    }

    mutating func page(_ client: NodeID, _ order: UInt64, _ page: HistoryPage) {
        guard let (room, operation) = close(client, order),
            case .read(let after, let known) = rooms[room].operations[operation].kind
        else { return }
        // A page with more behind it says nothing of the end, nor does an empty one after an
        // index that the log may not have reached.
        guard after == nil || !page.hasMore else { return }
        guard !page.messages.isEmpty || after ?? 0 <= known else { return }
        rooms[room].operations[operation].end = page.messages.last?.index.number ?? after ?? 0
        answer(room, operation)
    }

    mutating func refused(_ client: NodeID, _ order: UInt64, _ reason: NackReason) {
        guard let (room, operation) = close(client, order), reason != .unknownOutcome else {
            return
        }
        rooms[room].operations[operation].isRefused = true
    }

    private mutating func close(
        _ client: NodeID, _ order: UInt64
    ) -> (room: Int, operation: Int)? {
        open.removeValue(forKey: Key(client: client.rank, order: order))
    }

    private mutating func answer(_ room: Int, _ operation: Int) {
        rooms[room].operations[operation].isAnswered = true
        rooms[room].steps.append(.answered(operation))
    }

    /// Judges all rooms.
    mutating func verdict() -> Breach? {
        for room in rooms.indices {
            let history = history(of: rooms[room])
            judged += UInt64(history.count)
            // Good histories take a few steps for each operation; to refute one takes a square.
            let steps = min(history.count * history.count * 2 + 10_000, Self.stepsMost)
            let checker = LinearizabilityChecker(RoomModel(), stepsMax: steps)
            switch checker.check(history) {
            case .linearizable: break
            case .unknown: undecided += 1
            case .refuted(let refutation):
                return Breach(.linearizability, "room \(room + 1): \(refutation)")
            }
        }
        return nil
    }

    private func history(of room: Room) -> ConcurrentHistory<RoomModel> {
        let order = room.seen.keys.sorted()
        var history = ConcurrentHistory<RoomModel>()
        var ids: [OperationID?] = Array(repeating: nil, count: room.operations.count)
        for step in room.steps {
            switch step {
            case .asked(let number):
                let operation = room.operations[number]
                switch operation.kind {
                case .read:
                    if operation.isAnswered { ids[number] = history.invoke(.read) }
                case .say(let saying):
                    guard let index = room.indexes[saying] else { continue }
                    let place = Self.count(order, through: index) - 1
                    let id = history.invoke(.append(place: place))
                    ids[number] = id
                    if operation.isRefused { history.withdraw(id) }
                }
            case .answered(let number):
                guard let id = ids[number] else { continue }
                let operation = room.operations[number]
                var end = operation.end
                if case .say(let saying) = operation.kind { end = room.indexes[saying] ?? 0 }
                history.respond(to: id, with: Self.count(order, through: end))
            }
        }
        return history
    }

    /// How many of the rising indexes are at most `index`.
    private static func count(_ indexes: [UInt64], through index: UInt64) -> Int {
        var low = 0
        var high = indexes.count
        while low < high {
            let middle = (low + high) / 2
            if indexes[middle] <= index { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
