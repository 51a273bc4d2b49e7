import StateMachine
import SyncNetProtocol
import Testing

struct GroupFollowerTests {
    private static let den: Text = "den"

    /// Messages at every third index: a room has no neighbouring ones.
    private static func message(_ number: UInt64) -> RoomMessage {
        RoomMessage(
            room: den, index: LogIndex(number * 3), previous: LogIndex((number - 1) * 3),
            stamp: Stamp(number), sender: "ada", createdAt: 0, text: Text("m\(number)"))
    }

    private static func shown(_ steps: [GroupFollower.Step]) -> [UInt64] {
        steps.compactMap { step in
            if case .show(let message) = step { message.index.number / 3 } else { nil }
        }
    }

    /// Follows den from the beginning.
    private static func follower() -> GroupFollower {
        var follower = GroupFollower(followsAll: false)
        follower.follow(den, after: .zero)
        return follower
    }

    @Test func `what three servers say three times is shown once`() {
        var follower = Self.follower()
        var shown: [UInt64] = []
        for number in 1...3 as ClosedRange<UInt64> {
            for _ in 1...3 { shown += Self.shown(follower.heard(Self.message(number))) }
        }
        #expect(shown == [1, 2, 3])
    }

    @Test func `a loss is noticed by the next message, and fetched once`() {
        var follower = Self.follower()
        _ = follower.heard(Self.message(1))
        #expect(follower.heard(Self.message(3)) == [.fetch(room: Self.den, after: LogIndex(3))])
        #expect(follower.heard(Self.message(4)).isEmpty)
        let steps = follower.fetched([Self.message(2)], hasMore: false, of: Self.den)
        #expect(Self.shown(steps) == [2, 3, 4])
    }

    @Test func `the loss of the last message is noticed by the index that is repeated`() {
        var follower = Self.follower()
        _ = follower.heard(Self.message(1))
        #expect(follower.heard(latest: LogIndex(3), of: Self.den).isEmpty)
        #expect(
            follower.heard(latest: LogIndex(6), of: Self.den)
                == [.fetch(room: Self.den, after: LogIndex(3))])
        let steps = follower.fetched([Self.message(2)], hasMore: false, of: Self.den)
        #expect(Self.shown(steps) == [2])
    }

    @Test func `a fetch that fails is repeated when something is heard again`() {
        var follower = Self.follower()
        let fetch = [GroupFollower.Step.fetch(room: Self.den, after: .zero)]
        #expect(follower.heard(Self.message(2)) == fetch)
        follower.fetchFailed(of: Self.den)
        #expect(follower.heard(latest: LogIndex(6), of: Self.den) == fetch)
        #expect(follower.fetched([], hasMore: false, of: Self.den).isEmpty)
        #expect(follower.heard(latest: LogIndex(6), of: Self.den) == fetch)
    }

    @Test func `what was held back too long is fetched too`() {
        var follower = Self.follower()
        let count = UInt64(Limits.heldMessagesMax + 50)
        for number in 2...count { _ = follower.heard(Self.message(number)) }
        var shown: [UInt64] = []
        var steps = follower.fetched([Self.message(1)], hasMore: false, of: Self.den)
        while true {
            shown += Self.shown(steps)
            guard case .fetch(_, let after)? = steps.last else { break }
            let page = (after.number / 3 + 1...count).prefix(20).map(Self.message)
            steps = follower.fetched(
                page, hasMore: page.last?.index.number != count * 3, of: Self.den)
        }
        #expect(shown == Array(1...count))
    }

    @Test func `rooms that nobody named are followed only where all are wanted`() {
        var some = GroupFollower(followsAll: false)
        #expect(some.heard(Self.message(5)).isEmpty)
        var all = GroupFollower(followsAll: true)
        #expect(Self.shown(all.heard(Self.message(5))) == [5])
        #expect(Self.shown(all.heard(Self.message(4))) == [])
        #expect(Self.shown(all.heard(Self.message(6))) == [6])
    }

    @Test(arguments: 1...200 as ClosedRange<UInt64>)
    func `whatever is lost, doubled and reordered, all is shown in order`(seed: UInt64) {
        var dice = Generator(seed: seed)
        var follower = Self.follower()
        let count: UInt64 = 60
        var air: [UInt64] = []
        for number in 1...count {
            for _ in 1...3 where !dice.chance(6, in: 10) { air.append(number) }
        }
        // A datagram overtakes those up to ten places before it.
        for place in air.indices {
            let other = place + Int(dice.below(UInt64(min(10, air.count - place))))
            air.swapAt(place, other)
        }
        var shown: [UInt64] = []
        var fetches: [LogIndex] = []
        func take(_ steps: [GroupFollower.Step]) {
            shown += Self.shown(steps)
            for step in steps { if case .fetch(_, let after) = step { fetches.append(after) } }
        }
        func answer(_ after: LogIndex) {
            let page = (after.number / 3 + 1...count + 1).dropLast().prefix(7).map(Self.message)
            let hasMore = page.last.map { $0.index.number < count * 3 } ?? false
            take(follower.fetched(Array(page), hasMore: hasMore, of: Self.den))
        }
        for number in air {
            take(follower.heard(Self.message(number)))
            if let after = fetches.first, dice.chance(1, in: 3) {
                fetches.removeFirst()
                answer(after)
            }
        }
        while let after = fetches.popLast() { answer(after) }
        take(follower.heard(latest: LogIndex(count * 3), of: Self.den))
        while let after = fetches.popLast() { answer(after) }
        #expect(shown == Array(1...count))
    }
}
