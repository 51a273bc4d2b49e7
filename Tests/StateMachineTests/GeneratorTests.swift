import StateMachine
import Testing

@Suite struct GeneratorTests {
    @Test func `a seed means the same numbers for ever`() {
        // xoshiro256** seeded by splitmix64 from 42, computed by the authors' C code.
        var generator = Generator(seed: 42)
        let drawn = (0..<4).map { _ in generator.next() }
        #expect(
            drawn == [
                0x1578_0b2e_0c2e_c716, 0x6104_d986_6d11_3a7e, 0xae17_5332_39e4_99a1,
                0xecb8_ad47_03b3_60a1,
            ])
    }

    @Test func `below stays below, and reaches every value`() {
        var generator = Generator(seed: 1)
        var seen = Array(repeating: false, count: 7)
        for _ in 0..<500 { seen[Int(generator.below(7))] = true }
        #expect(seen.allSatisfy { $0 })
    }

    @Test func `a range includes both ends, up to all 64 bits`() {
        var generator = Generator(seed: 2)
        let drawn = (0..<500).map { _ in generator.within(3...5) }
        #expect(drawn.min() == 3)
        #expect(drawn.max() == 5)
        #expect(generator.within(0...UInt64.max) != generator.within(0...UInt64.max))
    }

    @Test func `a chance comes about as often as it says`() {
        var generator = Generator(seed: 3)
        let hits = (0..<10_000).count { _ in generator.chance(1, in: 10) }
        #expect((900...1_100).contains(hits))
    }

    @Test func `a split generator goes its own way`() {
        var one = Generator(seed: 4)
        var two = Generator(seed: 4)
        var child = one.split()
        _ = two.split()
        for _ in 0..<100 { _ = child.next() }
        #expect(one.next() == two.next())
    }
}
