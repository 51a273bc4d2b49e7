import SyncNetProtocol
import Testing

struct LamportClockTests {
    @Test func `a tick adds one`() {
        var clock = LamportClock(Stamp(7))
        #expect(clock.tick() == Stamp(8))
        #expect(clock.value == Stamp(8))
    }

    @Test func `a receipt is one above the larger of the two`() {
        for (own, received, expected) in [(3, 9, 10), (9, 3, 10), (5, 5, 6)] {
            var clock = LamportClock(Stamp(UInt64(own)))
            #expect(clock.update(Stamp(UInt64(received))) == Stamp(UInt64(expected)))
        }
    }

    @Test func `a stamp above 2^53 or a leap of more than 2^32 is not believed`() {
        let own = Stamp(100)
        #expect(LamportClock.isCredible(Stamp(0), own: own))
        #expect(LamportClock.isCredible(Stamp(100 + (1 << 32)), own: own))
        #expect(!LamportClock.isCredible(Stamp(101 + (1 << 32)), own: own))
        let high = Stamp((1 << 53) - 1)
        #expect(LamportClock.isCredible(Stamp(1 << 53), own: high))
        #expect(!LamportClock.isCredible(Stamp((1 << 53) + 1), own: high))
    }

    @Test func `the planted bugs do what their names say`() {
        var deaf = LamportClock(Stamp(3), bugs: .l1NoMaximumOnReceive)
        #expect(deaf.update(Stamp(9)) == Stamp(4))
        var stuck = LamportClock(Stamp(3), bugs: .l2NoIncrementOnSend)
        #expect(stuck.tick() == Stamp(3))
    }
}
