import Testing

@testable import SyncNetRuntime

@Suite struct `A queue by turns` {
    private func taken(_ turns: inout Turns<Int>) -> [Int] {
        var all: [Int] = []
        while let next = turns.popFirst() { all.append(next) }
        return all
    }

    /// Adds all numbers, and says which were taken.
    private func add(
        _ numbers: ClosedRange<Int>, from origin: String, to turns: inout Turns<Int>
    ) -> [Int] {
        var added: [Int] = []
        for number in numbers where turns.append(number, from: origin) { added.append(number) }
        return added
    }

    @Test func `lets whoever asks for little wait for one thing of whoever asks for much`() {
        var turns = Turns<Int>(perOrigin: 100)
        #expect(add(1...50, from: "greedy", to: &turns).count == 50)
        let first = turns.popFirst()
        #expect(first == 1)
        #expect(add(1_000...1_000, from: "modest", to: &turns) == [1_000])
        let next = [turns.popFirst(), turns.popFirst()]
        #expect(next.contains(1_000), "\(next)")
        let rest = taken(&turns)
        #expect(rest == Array(3...50))
    }

    @Test func `takes so many of one origin, and goes on taking those of others`() {
        var turns = Turns<Int>(perOrigin: 2)
        #expect(add(1...4, from: "a", to: &turns) == [1, 2])
        #expect(add(9...9, from: "b", to: &turns) == [9])
        let all = taken(&turns)
        #expect(all == [1, 9, 2])
        #expect(add(5...5, from: "a", to: &turns) == [5], "there is room again")
    }
}
