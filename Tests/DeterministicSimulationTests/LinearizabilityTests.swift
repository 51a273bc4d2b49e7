import DeterministicSimulation
import StateMachine
import Testing

/// Hand-made histories, in the notation of Herlihy & Wing: who overlaps whom is the order of
/// invocations and responses.
@Suite struct LinearizabilityTests {
    func verdict<Model: SequentialModel>(
        _ model: Model, _ record: (inout ConcurrentHistory<Model>) -> Void
    ) -> LinearizabilityVerdict<Model> {
        var history = ConcurrentHistory<Model>()
        record(&history)
        return LinearizabilityChecker(model).check(history)
    }

    @Test func `nothing at all is linearizable`() {
        #expect(verdict(Register()) { _ in }.isLinearizable)
    }

    @Test func `a read beside a write may see the old value or the new one`() {
        for seen in [0, 1] {
            let verdict = verdict(Register()) { history in
                let write = history.invoke(.write(1))
                let read = history.invoke(.read("x"))
                history.respond(to: read, with: seen)
                history.respond(to: write, with: 1)
            }
            #expect(verdict.isLinearizable)
        }
    }

    @Test func `once a read has seen the new value no later read sees the old one`() throws {
        let verdict = verdict(Register()) { history in
            let write = history.invoke(.write(1))
            history.call(.read("x"), 1)
            history.call(.read("x"), 0)
            history.respond(to: write, with: 1)
        }
        let refutation = try #require(verdict.refutation)
        #expect(refutation.unplaced.number == 2)
        #expect(refutation.placed.map(\.number) == [0, 1])
        #expect(refutation.state == 1)
        #expect(
            refutation.description
                == "key x: operation 2 could not be placed; "
                + "before its response, the order [0, 1] explains all, giving 1")
    }

    @Test func `each register is judged by itself and the first bad one is named`() throws {
        let verdict = verdict(Register()) { history in
            history.call(.write(1, to: "a"), 1)
            history.call(.read("c"), 7)
            history.call(.read("b"), 5)
            history.call(.read("a"), 1)
        }
        let refutation = try #require(verdict.refutation)
        #expect(refutation.key == "b")
        #expect(refutation.unplaced.number == 2)
    }

    @Test func `a pending write may be seen late or never but not unseen again`() {
        func reads(_ values: [Int]) -> Bool {
            verdict(Register()) { history in
                _ = history.invoke(.write(1))
                for value in values { history.call(.read("x"), value) }
            }.isLinearizable
        }
        #expect(reads([0, 0, 0]))
        #expect(reads([0, 1, 1]))
        #expect(reads([1, 1, 1]))
        #expect(!reads([0, 1, 0]))
        #expect(!reads([2]))
    }

    @Test func `a pending write that was used up in vain is there again`() {
        let verdict = verdict(Register()) { history in
            // Tried in this order first, after which nobody could read 1.
            _ = history.invoke(.write(1))
            _ = history.invoke(.write(2))
            history.call(.read("x"), 2)
            history.call(.read("x"), 1)
        }
        #expect(verdict.isLinearizable)
    }

    @Test func `a withdrawn write must not be seen`() {
        for (seen, isLawful) in [(0, true), (1, false)] {
            let verdict = verdict(Register()) { history in
                let write = history.invoke(.write(1))
                history.withdraw(write)
                history.call(.read("x"), seen)
            }
            #expect(verdict.isLinearizable == isLawful)
        }
    }

    @Test func `a queue gives in the order in which it got`() {
        let good = verdict(Queue()) { history in
            let first = history.invoke(.enqueue(1))
            let second = history.invoke(.enqueue(2))
            history.respond(to: first, with: nil)
            history.respond(to: second, with: nil)
            history.call(.dequeue, 2)  // they overlapped
            history.call(.dequeue, 1)
            history.call(.dequeue, nil)
        }
        #expect(good.isLinearizable)
        let bad = verdict(Queue()) { history in
            history.call(.enqueue(1), nil)
            history.call(.enqueue(2), nil)
            history.call(.dequeue, 2)
        }
        #expect(bad.refutation?.unplaced.number == 2)
    }

    @Test func `one queued element is not given to two`() {
        let verdict = verdict(Queue()) { history in
            history.call(.enqueue(1), nil)
            let takers = [history.invoke(.dequeue), history.invoke(.dequeue)]
            for taker in takers { history.respond(to: taker, with: 1) }
        }
        #expect(verdict.refutation?.unplaced.number == 2)
        #expect(verdict.refutation?.placed.map(\.number) == [0, 1])
    }

    @Test func `a reader of a room never sees a message vanish`() {
        func reads(_ first: [Int], _ second: [Int]) -> Bool {
            verdict(Room()) { history in
                history.call(.append(1), [])
                let slow = history.invoke(.append(2))
                history.call(.read, first)
                history.call(.read, second)
                history.respond(to: slow, with: [])
            }.isLinearizable
        }
        #expect(reads([1], [1]))
        #expect(reads([1], [1, 2]))
        #expect(reads([1, 2], [1, 2]))
        #expect(!reads([1, 2], [1]))
        #expect(!reads([2], [2, 1]))
        #expect(!reads([], [1]))
    }

    @Test func `readers of a room agree on the order of messages sent at once`() {
        let verdict = verdict(Room()) { history in
            _ = history.invoke(.append(1))
            _ = history.invoke(.append(2))
            let readers = [history.invoke(.read), history.invoke(.read)]
            history.respond(to: readers[0], with: [1, 2])
            history.respond(to: readers[1], with: [2, 1])
        }
        #expect(verdict.refutation?.unplaced.number == 3)
    }

    @Test func `a search that is too long ends as unknown`() {
        var history = ConcurrentHistory<Register>()
        let writes = (1...16).map { history.invoke(.write($0)) }
        for (place, write) in writes.enumerated() { history.respond(to: write, with: place + 1) }
        history.call(.read("x"), 99)
        let impatient = LinearizabilityChecker(Register(), stepsMax: 1_000)
        guard case .unknown("x") = impatient.check(history) else {
            Issue.record("a thousand steps decided over 16 writes at once")
            return
        }
    }

    @Test func `what is unknown of one key does not hide the fault of another`() {
        var history = ConcurrentHistory<Register>()
        let writes = (1...16).map { history.invoke(.write($0, to: "a")) }
        for (place, write) in writes.enumerated() { history.respond(to: write, with: place + 1) }
        history.call(.read("a"), 99)
        history.call(.read("b"), 1)
        let impatient = LinearizabilityChecker(Register(), stepsMax: 1_000)
        #expect(impatient.check(history).refutation?.key == "b")
    }

    @Test func `the same search remembers what it tried and decides over ten writes at once`() {
        var history = ConcurrentHistory<Register>()
        let writes = (1...10).map { history.invoke(.write($0)) }
        for (place, write) in writes.enumerated() { history.respond(to: write, with: place + 1) }
        history.call(.read("x"), 99)
        // 10! orders, but 10 * 2^9 configurations, each of which tries ten operations.
        let checker = LinearizabilityChecker(Register(), stepsMax: 10 * 10 * 512 + 100)
        #expect(checker.check(history).refutation?.unplaced.number == 10)
    }
}
