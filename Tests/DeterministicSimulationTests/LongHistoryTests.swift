import StateMachine
import Testing

@testable import DeterministicSimulation

/// Histories that only an economical search gets through.
@Suite struct LongHistoryTests {
    /// Rounds of five clients at once; in some rounds one of them is never answered.
    func register(rounds: Int, unansweredEvery period: Int? = nil) -> ConcurrentHistory<Register> {
        var random = Generator(seed: 7)
        var history = ConcurrentHistory<Register>()
        var value = 0
        for round in 0..<rounds {
            var running: [(OperationID, Int)] = []
            for _ in 0..<5 {
                let isRead = random.chance(1, in: 2)
                if !isRead { value = round * 5 + running.count }
                running.append((history.invoke(isRead ? .read("x") : .write(value)), value))
            }
            if let period, round % period == 0 { running.removeLast() }
            while !running.isEmpty {
                let (id, result) = running.remove(at: Int(random.below(UInt64(running.count))))
                history.respond(to: id, with: result)
            }
        }
        return history
    }

    @Test func `20000 operations of five clients are judged in a few steps each`() {
        let history = register(rounds: 4_000, unansweredEvery: 50)
        let checker = LinearizabilityChecker(Register(), stepsMax: 10 * history.count)
        #expect(checker.check(history).isLinearizable)
    }

    @Test func `one wrong answer after 5000 operations is found and named`() {
        var history = register(rounds: 1_000)
        let lie = history.invoke(.read("x"))
        history.respond(to: lie, with: -1)
        history.call(.read("x"), -2)
        let refutation = LinearizabilityChecker(Register()).check(history).refutation
        #expect(refutation?.unplaced == lie)
        #expect((refutation?.placed.count ?? 0) >= 5_000 - 20)
    }

    @Test func `remembered sets are the same only if their members are`() {
        var random = Generator(seed: 1)
        let empty = LinearizedSet(count: 200)
        var known: [(members: [Bool], text: [UInt64])] = []
        var members = [Bool](repeating: false, count: 200)
        var set = empty
        for _ in 0..<600 {
            // Mostly from the lowest up, as in a search, so that whole words fill up.
            let gap = members.firstIndex(of: false) ?? 0
            let member = random.chance(3, in: 4) ? gap : Int(random.below(200))
            if members[member] { set.remove(member) } else { set.insert(member) }
            members[member].toggle()
            var text: [UInt64] = []
            set.append(to: &text)
            for other in known {
                #expect((other.members == members) == (other.text == text))
                #expect(other.text == text || !text.starts(with: other.text))
            }
            if known.count < 60 || random.chance(1, in: 20) { known.append((members, text)) }
        }
        for member in members.indices where members[member] { set.remove(member) }
        var texts: [[UInt64]] = [[], []]
        set.append(to: &texts[0])
        empty.append(to: &texts[1])
        #expect(texts[0] == texts[1])
    }
}
