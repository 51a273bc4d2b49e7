import StateMachine
import SyncNetProtocol
import Testing

struct RoomTests {
    @Test func `pushed messages are shown in order, each once`() {
        var harness = Harness.inRoom()
        #expect(harness.hear(.pushed(post(12, after: 4))).shown == [12])
        #expect(harness.hear(.pushed(post(15, after: 12))).shown == [15])
        #expect(harness.hear(.pushed(post(12, after: 4))).shown.isEmpty)
    }

    @Test func `a hole is fetched, and what came after it is shown after it`() {
        var harness = Harness.inRoom()
        let hole = harness.hear(.pushed(post(20, after: 15)))
        #expect(hole.shown.isEmpty)
        let request = HistoryRequest(room: "r", after: LogIndex(10), seen: LogIndex(20))
        #expect(hole.requests.map(\.body) == [.history(request)])
        #expect(harness.hear(.pushed(post(25, after: 20))).requests.isEmpty)
        let page = HistoryPage(
            room: "r", messages: [post(12, after: 4), post(15, after: 12)], hasMore: false,
            members: nil)
        let filled = harness.hear(.history(request: hole.numbers[0], page))
        #expect(filled.shown == [12, 15, 20, 25])
        #expect(filled.requests.isEmpty)
    }

    @Test func `a page that does not reach is followed by the next`() {
        var harness = Harness.inRoom()
        let hole = harness.hear(.pushed(post(20, after: 15)))
        let page = HistoryPage(
            room: "r", messages: [post(12, after: 4)], hasMore: true, members: nil)
        let next = harness.hear(.history(request: hole.numbers[0], page))
        #expect(next.shown == [12])
        let request = HistoryRequest(room: "r", after: LogIndex(12), seen: LogIndex(20))
        #expect(next.requests.map(\.body) == [.history(request)])
    }

    @Test func `a page that brings nothing is asked for again after a pause`() {
        var harness = Harness.inRoom()
        let hole = harness.hear(.pushed(post(20, after: 15)))
        let page = HistoryPage(room: "r", messages: [], hasMore: false, members: nil)
        let empty = harness.hear(.history(request: hole.numbers[0], page))
        #expect(empty.armed == [.reconnectClient])
        #expect(empty.requests.isEmpty)
        #expect(harness.effects(of: .timer(.reconnectClient)).requests.count == 1)
    }

    @Test func `a new connection is subscribed after what was shown`() {
        var harness = Harness.inRoom()
        harness.hear(.pushed(post(12, after: 4)))
        let again = harness.reconnect().requests
        #expect(again.map(\.request) == [2])
        #expect(again.map(\.body) == [.createJoin(room: "r", after: LogIndex(12))])
        #expect(harness.hear(.done(request: 2, room: "r", index: LogIndex(10)), on: 2).isEmpty)
        #expect(harness.hear(.pushed(post(14, after: 12)), on: 2).shown == [14])
    }

    @Test func `a join that the servers may have forgotten is made anew`() {
        var limits = Limits()
        limits.sessionWindow = 2
        var harness = Harness.inRoom(limits: limits)
        for number in UInt64(3)...5 {
            harness.say("x", order: number)
            harness.hear(.done(request: number, room: "r", index: LogIndex(10 + number)))
        }
        let again = harness.reconnect().requests
        #expect(again.map(\.request) == [6])
        #expect(again.map(\.body) == [.createJoin(room: "r", after: LogIndex(10))])
        let done = harness.hear(.done(request: 6, room: "r", index: LogIndex(30)), on: 2)
        #expect(done.outputs.isEmpty)
        #expect(harness.reconnect(from: 2, to: 3, server: 2).numbers == [6])
    }

    @Test func `a join that was the session's first request is made anew`() {
        var harness = Harness.connected()
        harness.effects(of: .input(.join(order: 1, room: "r", after: nil)))
        harness.hear(.done(request: 1, room: "r", index: LogIndex(10)))
        #expect(harness.reconnect().numbers == [2])
        harness.hear(.done(request: 2, room: "r", index: LogIndex(11)), on: 2)
        #expect(harness.reconnect(from: 2, to: 3, server: 2).numbers == [2])
    }

    @Test func `a room that is full for its own member is asked for again`() {
        var harness = Harness.connected()
        harness.effects(of: .input(.join(order: 1, room: "r", after: nil)))
        harness.hear(.done(request: 1, room: "r", index: LogIndex(10)))
        #expect(harness.reconnect().numbers == [2])
        #expect(harness.refuse(2, .tooLarge, on: 2).outputs.isEmpty)
        #expect(harness.effects(of: .timer(.reconnectClient)).numbers == [2])
    }

    @Test func `a join that may have been done is not refused for want of room`() {
        var harness = Harness.connected()
        harness.effects(of: .input(.join(order: 1, room: "r", after: nil)))
        harness.reconnect()
        #expect(harness.refuse(1, .tooLarge, on: 2).outputs.isEmpty)
        #expect(harness.effects(of: .timer(.reconnectClient)).numbers == [1])
    }

    @Test func `a join whose answer was lost looks for what it missed meanwhile`() {
        var harness = Harness.connected()
        harness.effects(of: .input(.join(order: 1, room: "r", after: nil)))
        #expect(harness.reconnect().numbers == [1])
        let done = harness.hear(.done(request: 1, room: "r", index: LogIndex(10)), on: 2)
        let request = HistoryRequest(room: "r", after: LogIndex(10), seen: LogIndex(10))
        #expect(done.requests.map(\.body) == [.history(request)])
    }

    @Test func `a push before the join's answer is not lost`() {
        var harness = Harness.connected()
        harness.effects(of: .input(.join(order: 1, room: "r", after: nil)))
        #expect(harness.hear(.pushed(post(12, after: 4))).shown.isEmpty)
        let done = harness.hear(.done(request: 1, room: "r", index: LogIndex(10)))
        #expect(done.requests.count == 1)
    }

    @Test func `a connection that was replaced shows nothing more`() {
        var harness = Harness.inRoom()
        harness.reconnect()
        #expect(harness.hear(.pushed(post(12, after: 4)), on: 1) == [.note(.dropped(.stale))])
    }

    @Test func `with bug L3 it shows whatever arrives`() {
        var harness = Harness.inRoom(bugs: .l3OrderByArrival)
        harness.reconnect()
        #expect(harness.hear(.pushed(post(15, after: 12)), on: 2).shown == [15])
        #expect(harness.hear(.pushed(post(12, after: 4)), on: 1).shown == [12])
    }

    @Test func `a room that was left is not asked for again`() {
        var harness = Harness.inRoom()
        harness.effects(of: .input(.leave(order: 2, room: "r")))
        #expect(harness.reconnect().requests.map(\.body) == [.leave(room: "r")])
        harness.hear(.done(request: 3, room: "r", index: LogIndex(11)), on: 2)
        #expect(harness.reconnect(from: 2, to: 3, server: 2).requests.isEmpty)
        #expect(harness.hear(.pushed(post(12, after: 4)), on: 3).shown.isEmpty)
    }

    @Test func `a room that is joined again while it is left goes on where it was`() {
        var harness = Harness.inRoom()
        harness.effects(of: .input(.leave(order: 2, room: "r")))
        let join = harness.effects(of: .input(.join(order: 3, room: "r", after: .zero)))
        #expect(join.requests.map(\.body) == [.createJoin(room: "r", after: LogIndex(10))])
        harness.hear(.done(request: 3, room: "r", index: LogIndex(11)))
        #expect(harness.reconnect().numbers == [4])
        harness.hear(.done(request: 4, room: "r", index: LogIndex(12)), on: 2)
        #expect(harness.hear(.pushed(post(13, after: 4)), on: 2).shown == [13])
    }

    @Test func `a leave that is answered after a later join does not end that`() {
        for reason in [NackReason?.none, .notJoined] {
            var harness = Harness.inRoom()
            harness.effects(of: .input(.leave(order: 2, room: "r")))
            harness.effects(of: .input(.join(order: 3, room: "r", after: .zero)))
            harness.hear(.done(request: 4, room: "r", index: LogIndex(12)))
            if let reason {
                harness.refuse(3, reason)
            } else {
                harness.hear(.done(request: 3, room: "r", index: LogIndex(11)))
            }
            #expect(
                harness.reconnect().requests.map(\.body)
                    == [.createJoin(room: "r", after: LogIndex(10))])
        }
    }

    @Test func `a leave that is refused while an earlier one waits does not end a later join`() {
        var harness = Harness.inRoom()
        harness.effects(of: .input(.leave(order: 2, room: "r")))
        harness.effects(of: .input(.leave(order: 3, room: "r")))
        harness.effects(of: .input(.join(order: 4, room: "r", after: .zero)))
        var other = harness
        harness.refuse(4, .notJoined)
        harness.hear(.done(request: 3, room: "r", index: LogIndex(11)))
        harness.hear(.done(request: 5, room: "r", index: LogIndex(12)))
        #expect(harness.hear(.pushed(post(13, after: 4))).shown == [13])
        // The join is answered first.
        other.hear(.done(request: 5, room: "r", index: LogIndex(12)))
        other.refuse(4, .notJoined)
        other.hear(.done(request: 3, room: "r", index: LogIndex(11)))
        #expect(
            other.reconnect().requests.map(\.body)
                == [.createJoin(room: "r", after: LogIndex(10))])
    }

    @Test func `a refused join is not followed`() {
        var harness = Harness.connected()
        harness.effects(of: .input(.join(order: 1, room: "r", after: nil)))
        #expect(harness.refuse(1, .badRequest).outputs.map(\.reason) == [.badRequest, nil])
        harness.effects(of: .timer(.reconnectClient))
        #expect(harness.effects(of: .opened(StreamID(2), to: NodeID(0))).requests.isEmpty)
    }

    @Test func `a subscription that began anew in an unknown place is checked by a page`() {
        var harness = Harness.inRoom()
        harness.effects(of: .input(.join(order: 2, room: "r", after: nil)))
        harness.effects(of: .input(.join(order: 3, room: "r", after: nil)))
        #expect(harness.hear(.done(request: 3, room: "r", index: LogIndex(11))).requests.count == 1)
        let twice = Harness.inRoom()
        var again = twice
        again.hear(.pushed(post(12, after: 4)))
        let done = again.hear(.done(request: 2, room: "r", index: LogIndex(10)))
        let request = HistoryRequest(room: "r", after: LogIndex(12), seen: LogIndex(12))
        #expect(done.requests.map(\.body) == [.history(request)])
    }

    @Test func `more rooms than a connection can follow are refused`() {
        var limits = Limits()
        limits.subscriptions = 1
        var harness = Harness.inRoom(limits: limits)
        let second = harness.effects(of: .input(.join(order: 2, room: "q", after: nil)))
        #expect(second.outputs.map(\.reason) == [.overloaded])
        #expect(second.requests.isEmpty)
    }
}
