import StateMachine
import Testing

@testable import SyncNetTorture

@Suite struct `The weather of a link` {
    private func copies(_ count: Int, _ change: (inout Weather) -> Void) -> [[UInt64]] {
        var weather = Weather.fair
        change(&weather)
        var dice = Generator(seed: 3)
        return (0..<count).map { _ in weather.copies(&dice) }
    }

    @Test func `lets all through at once where it is fair`() {
        #expect(copies(100) { _ in }.allSatisfy { $0 == [0] })
    }

    @Test func `lets nothing through where it is cut`() {
        #expect(copies(100) { $0.isCut = true }.allSatisfy { $0 == [] })
    }

    @Test func `loses and doubles as often as it is told`() {
        let lost = copies(10_000) { $0.lossPercent = 30 }.count { $0.isEmpty }
        #expect((2_800...3_200).contains(lost))
        let doubled = copies(10_000) { $0.doublePercent = 20 }.count { $0.count == 2 }
        #expect((1_800...2_200).contains(doubled))
    }

    @Test func `delays within its range, so that what comes later may overtake`() {
        let times = copies(1_000) { $0.delay = 10...50 }.map { $0[0] }
        #expect(times.allSatisfy { (10...50).contains($0) })
        #expect(Set(times).count > 30)
    }

    @Test func `lets a stream wait for what was lost`() {
        var weather = Weather.fair
        weather.lossPercent = 100
        var dice = Generator(seed: 1)
        #expect(weather.patience(&dice) == Weather.resendMicros)
    }

    @Test func `adds up`() {
        var slow = Weather.fair
        slow.delay = 10...20
        var lossy = Weather.fair
        lossy.lossPercent = 5
        let both = slow + lossy + slow
        #expect(both.delay == 20...40)
        #expect(both.lossPercent == 5)
        #expect(!both.isCut)
        #expect((both + .cut).isCut)
    }
}
