import DeterministicSimulation
import StateMachine
import Testing

/// One operation of a random history, with the times at which it began and ended.
struct Timed<Model: SequentialModel> {
    var operation: Model.Operation
    var result: Model.Result?
    var began: Int
    var ended = Int.max

    /// Whether the operation was over when `other` began.
    func precedes(_ other: Timed) -> Bool { ended < other.began }
}

/// The definition, tried out: every choice and every order of operations.
struct BruteForce<Model: SequentialModel> {
    let model: Model
    let operations: [Timed<Model>]

    /// Whether all responses up to and including the given moment are explained.
    func explains(upTo moment: Int = .max - 1) -> Bool {
        extends([], state: model.initial, moment)
    }

    private func extends(_ placed: [Int], state: Model.State, _ moment: Int) -> Bool {
        let open = operations.indices.filter {
            !placed.contains($0) && operations[$0].began <= moment
        }
        if open.allSatisfy({ operations[$0].ended > moment }) { return true }
        return open.contains { next in
            guard !open.contains(where: { operations[$0].precedes(operations[next]) }) else {
                return false
            }
            var after = state
            let result = model.apply(operations[next].operation, to: &after)
            if let seen = operations[next].result, seen != result { return false }
            return extends(placed + [next], state: after, moment)
        }
    }
}

/// Histories of up to three clients on one object that misbehaves now and then.
struct RandomHistory<Model: SequentialModel> {
    var history = ConcurrentHistory<Model>()
    var operations: [Timed<Model>] = []

    init(
        _ model: Model, seed: UInt64, lie: Model.Result,
        draw: (inout Generator) -> Model.Operation
    ) {
        var random = Generator(seed: seed)
        var state = model.initial
        var running: [(place: Int, id: OperationID, result: Model.Result?)] = []
        let count = Int(random.within(1...6))
        var time = 0
        while operations.count < count || (!running.isEmpty && random.chance(7, in: 8)) {
            time += 1
            if operations.count < count, running.count < 3, random.chance(1, in: 2) {
                let operation = draw(&random)
                running.append((operations.count, history.invoke(operation), nil))
                operations.append(Timed(operation: operation, began: time))
            } else if !running.isEmpty {
                let choice = Int(random.below(UInt64(running.count)))
                if running[choice].result == nil, random.chance(15, in: 16) {
                    let operation = operations[running[choice].place].operation
                    running[choice].result = model.apply(operation, to: &state)
                } else if random.chance(7, in: 8) {
                    let end = running.remove(at: choice)
                    let honest = end.result ?? lie
                    let result = random.chance(1, in: 10) ? lie : honest
                    history.respond(to: end.id, with: result)
                    operations[end.place].result = result
                    operations[end.place].ended = time
                } else {
                    running.remove(at: choice)  // for ever pending
                }
            }
        }
    }
}

@Suite struct LinearizabilityBruteForceTests {
    /// Compares verdict, first unexplained response, and the order that is said to explain.
    func compare<Model: SequentialModel>(
        _ model: Model, seeds: ClosedRange<UInt64>, lie: Model.Result,
        draw: (inout Generator) -> Model.Operation
    ) {
        var good = 0
        for seed in seeds {
            let drawn = RandomHistory(model, seed: seed, lie: lie, draw: draw)
            let judge = BruteForce(model: model, operations: drawn.operations)
            let verdict = LinearizabilityChecker(model).check(drawn.history)
            good += verdict.isLinearizable ? 1 : 0
            #expect(verdict.isLinearizable == judge.explains(), "seed \(seed)")
            guard let refutation = verdict.refutation else { continue }
            let stop = drawn.operations[refutation.unplaced.number].ended
            #expect(judge.explains(upTo: stop - 1), "seed \(seed)")
            #expect(!judge.explains(upTo: stop), "seed \(seed)")
            #expect(isOrder(refutation, model, drawn.operations, before: stop), "seed \(seed)")
        }
        // Neither verdict may be rare, or little was compared.
        #expect((seeds.count / 10...seeds.count * 9 / 10).contains(good), "\(good) good")
    }

    /// Whether the refutation's order is one: real time and all answers are respected.
    func isOrder<Model: SequentialModel>(
        _ refutation: Refutation<Model>, _ model: Model, _ operations: [Timed<Model>],
        before stop: Int
    ) -> Bool {
        let placed = refutation.placed.map(\.number)
        var state = model.initial
        for (place, number) in placed.enumerated() {
            let result = model.apply(operations[number].operation, to: &state)
            if let seen = operations[number].result, seen != result { return false }
            if placed[..<place].contains(where: { operations[number].precedes(operations[$0]) }) {
                return false
            }
        }
        return state == refutation.state
            && operations.indices.allSatisfy { operations[$0].ended >= stop || placed.contains($0) }
    }

    @Test func `the checker agrees with the definition on 3000 histories of a register`() {
        compare(Register(), seeds: 1...3_000, lie: 1) { random in
            random.chance(1, in: 2) ? .read("x") : .write(Int(random.below(3)))
        }
    }

    @Test func `the checker agrees with the definition on 3000 histories of a queue`() {
        compare(Queue(), seeds: 1...3_000, lie: 2) { random in
            random.chance(1, in: 2) ? .dequeue : .enqueue(Int(random.within(1...3)))
        }
    }

    @Test func `the checker agrees with the definition on 3000 histories of a room`() {
        compare(Room(), seeds: 1...3_000, lie: [1, 2]) { random in
            random.chance(1, in: 2) ? .read : .append(Int(random.within(1...2)))
        }
    }
}
