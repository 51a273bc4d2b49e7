import StateMachine
import SyncNetProtocol
import SyncNetWire
import Testing

struct DatagramGuardTests {
    private func made(_ me: UInt32, boot: UInt64, dice: UInt32 = 7) -> DatagramGuard {
        DatagramGuard(me: NodeID(me), members: 2, boot: Boot(boot), dice: dice)
    }

    /// Two servers that have heard each other.
    private func acquainted() -> (DatagramGuard, DatagramGuard) {
        var (one, other) = (made(0, boot: 3), made(1, boot: 5))
        _ = other.judge(one.seal(to: NodeID(1)))
        _ = one.judge(other.seal(to: NodeID(0)))
        return (one, other)
    }

    @Test func `a seal says the same again from its bytes`() {
        let seal = DatagramSeal(
            from: NodeID(1), to: NodeID(0x0102_0304), boot: 1 << 60, number: 9, heard: 77)
        let bytes = seal.encoded
        #expect(bytes.count == DatagramSeal.bytes)
        #expect(bytes.withUnsafeBytes { DatagramSeal($0) } == seal)
        #expect(bytes.dropLast().withUnsafeBytes { DatagramSeal($0) } == nil)
        #expect(([1] + bytes.dropFirst()).withUnsafeBytes { DatagramSeal($0) } == nil)
    }

    @Test func `who was never heard is greeted, and accepted from then on`() {
        var (one, other) = (made(0, boot: 3), made(1, boot: 5))
        #expect(other.judge(one.seal(to: NodeID(1))) == .staleAddress)
        let isGreeted = other.takeGreeting(to: NodeID(0), now: .zero)
        #expect(isGreeted)
        #expect(one.judge(other.seal(to: NodeID(0))) == .accepted)
        #expect(other.judge(one.seal(to: NodeID(1))) == .accepted)
    }

    @Test func `a datagram is accepted once`() {
        var (one, other) = acquainted()
        let seal = one.seal(to: NodeID(1))
        #expect(other.judge(seal) == .accepted)
        #expect(other.judge(seal) == .repeated)
    }

    @Test func `datagrams that overtake each other are accepted`() {
        var (one, other) = acquainted()
        let seals = (0..<100).map { _ in one.seal(to: NodeID(1)) }
        for seal in seals.reversed() { #expect(other.judge(seal) == .accepted) }
    }

    @Test func `a higher start is accepted, and the former one refused from then on`() {
        var (one, other) = acquainted()
        let old = one.seal(to: NodeID(1))
        var next = made(0, boot: 4)
        _ = next.judge(other.seal(to: NodeID(0)))
        _ = other.judge(next.seal(to: NodeID(1)))
        _ = next.judge(other.seal(to: NodeID(0)))
        #expect(other.judge(next.seal(to: NodeID(1))) == .accepted)
        #expect(other.judge(old) == .formerStart)
    }

    @Test func `what was recorded before the receiver started anew is refused`() {
        var (one, other) = acquainted()
        let seal = one.seal(to: NodeID(1))
        #expect(other.judge(seal) == .accepted)
        var restarted = made(1, boot: 6)
        #expect(restarted.judge(seal) == .staleAddress)
    }

    @Test func `a server that counts from one again leaps beyond what others have heard`() {
        var (_, other) = acquainted()
        var wiped = made(0, boot: 1, dice: 99)
        #expect(other.judge(wiped.seal(to: NodeID(1))) == .formerStart)
        let isGreeted = other.takeGreeting(to: NodeID(0), now: .zero)
        #expect(isGreeted)
        _ = wiped.judge(other.seal(to: NodeID(0)))
        #expect(other.judge(wiped.seal(to: NodeID(1))) == .accepted)
    }

    @Test func `what is for another, of a stranger or of oneself is misplaced`() {
        var (one, other) = acquainted()
        var seal = one.seal(to: NodeID(1))
        #expect(one.judge(seal) == .misplaced)
        seal.from = NodeID(2)
        #expect(other.judge(seal) == .misplaced)
        seal.from = NodeID(1)
        #expect(other.judge(seal) == .misplaced)
        seal = one.seal(to: NodeID(1))
        seal.boot = .max
        #expect(other.judge(seal) == .misplaced)
        seal = one.seal(to: NodeID(1))
        seal.heard = .max
        #expect(other.judge(seal) == .misplaced)
        #expect(other.judge(one.seal(to: NodeID(1))) == .accepted)
    }

    @Test func `somebody who repeats an old datagram brings about few greetings`() {
        var (one, other) = acquainted()
        let seal = one.seal(to: NodeID(1))
        other = made(1, boot: 6)
        var greetings = 0
        for microseconds in 0..<1_000 as Range<UInt64> {
            _ = other.judge(seal)
            let now = Instant.zero + .microseconds(microseconds * 100)
            if other.takeGreeting(to: NodeID(0), now: now) { greetings += 1 }
        }
        #expect(greetings == 10)
    }
}
