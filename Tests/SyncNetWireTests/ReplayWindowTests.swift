import StateMachine
import SyncNetWire
import Testing

struct ReplayWindowTests {
    private let width = ReplayWindow.width

    @Test func `a number is taken once`() {
        var window = ReplayWindow()
        for number in 1...3_000 as ClosedRange<UInt64> {
            #expect(window.take(number) == true)
            #expect(window.take(number) == false)
        }
        #expect(window.highest == 3_000)
    }

    @Test func `zero is no number`() {
        var window = ReplayWindow()
        #expect(window.take(0) == false)
    }

    @Test func `what was overtaken is taken as long as the window reaches back`() {
        var window = ReplayWindow()
        #expect(window.take(width + 5) == true)
        #expect(window.take(6) == true)
        #expect(window.take(5) == false)
        #expect(window.take(6) == false)
    }

    @Test(arguments: [1, 63, 64, 65, 1_023, 1_024, 1_025, 1 << 40] as [UInt64])
    func `a leap forgets nothing within the window`(leap: UInt64) {
        var window = ReplayWindow()
        #expect(window.take(2_000) == true)
        #expect(window.take(2_000 + leap) == true)
        #expect(window.take(2_000) == false)
        #expect(window.take(2_000 + leap - 1) == (leap > 1))
    }

    /// The judge: remembers every number, however long ago it was.
    @Test(arguments: 0..<40 as Range<UInt64>)
    func `any order of any numbers is judged as by a list of all`(seed: UInt64) {
        var dice = Generator(seed: seed)
        var window = ReplayWindow()
        var taken: Set<UInt64> = []
        var highest: UInt64 = 0
        for _ in 0..<4_000 {
            let reach = dice.pick([3, 70, 1_500, 5_000] as [UInt64])
            let lowest = highest > reach ? highest - reach : 0
            let number = dice.within(lowest...(highest + dice.below(reach)))
            let isKnown = number + width > max(highest, number)
            let expected = number > 0 && isKnown && !taken.contains(number)
            #expect(window.take(number) == expected, "\(number) under \(highest)")
            if expected { taken.insert(number) }
            highest = max(highest, expected ? number : highest)
        }
        #expect(taken.count > 500)
    }
}
