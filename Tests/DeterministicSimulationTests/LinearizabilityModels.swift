import DeterministicSimulation

extension ConcurrentHistory {
    /// An operation that ends before anything else begins.
    mutating func call(_ operation: Model.Operation, _ result: Model.Result) {
        respond(to: invoke(operation), with: result)
    }
}

/// Registers with names. A write answers what was written.
struct Register: SequentialModel {
    enum Operation {
        case read(String)
        case write(Int, to: String = "x")
    }

    let initial = 0

    func apply(_ operation: Operation, to value: inout Int) -> Int {
        if case .write(let new, _) = operation { value = new }
        return value
    }

    func key(of operation: Operation) -> String {
        switch operation {
        case .read(let key), .write(_, let key): key
        }
    }

    func digest(_ state: Int, into digest: inout StateDigest) { digest.add(state) }
}

/// First in, first out. Without a digest, which must not change any verdict.
struct Queue: SequentialModel {
    enum Operation {
        case enqueue(Int)
        case dequeue
    }

    let initial: [Int] = []

    func apply(_ operation: Operation, to queue: inout [Int]) -> Int? {
        switch operation {
        case .enqueue(let element):
            queue.append(element)
            return nil
        case .dequeue: return queue.isEmpty ? nil : queue.removeFirst()
        }
    }
}

/// A room: messages are appended, and readers see all of them. An append answers nothing.
struct Room: SequentialModel {
    enum Operation {
        case append(Int)
        case read
    }

    let initial: [Int] = []

    func apply(_ operation: Operation, to room: inout [Int]) -> [Int] {
        guard case .append(let message) = operation else { return room }
        room.append(message)
        return []
    }

    func digest(_ state: [Int], into digest: inout StateDigest) {
        for message in state { digest.add(message) }
    }
}
