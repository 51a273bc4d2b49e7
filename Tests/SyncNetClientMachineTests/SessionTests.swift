import StateMachine
import SyncNetProtocol
import Testing

struct SessionTests {
    @Test func `requests are numbered from 1, reads from far above and without a session`() {
        var harness = Harness.connected()
        let join = harness.effects(of: .input(.join(order: 7, room: "r", after: nil)))
        #expect(join.requests.map(\.session) == ["s"])
        #expect(join.numbers == [1])
        #expect(harness.say("hello", order: 8).numbers == [2])
        let read = harness.effects(of: .input(.discover(order: 9, status: true))).requests
        #expect(read.map(\.session) == [nil])
        #expect(read.allSatisfy { ($0.request ?? 0) >= 1 << 40 })
    }

    @Test func `an answer names the owner's order`() {
        var harness = Harness.inRoom()
        harness.say("hello", order: 77)
        let effects = harness.hear(.done(request: 3, room: "r", index: LogIndex(11)))
        #expect(effects.outputs == [.done(order: 77, LogIndex(11))])
    }

    @Test func `a repeated answer is told once`() {
        var harness = Harness.inRoom()
        harness.say("hello", order: 2)
        harness.hear(.done(request: 3, room: "r", index: LogIndex(11)))
        #expect(harness.hear(.done(request: 3, room: "r", index: LogIndex(11))).isEmpty)
    }

    @Test func `what is not acknowledged is sent again, lowest first, with the same words`() {
        var harness = Harness.inRoom()
        let before = [harness.say("one", order: 2), harness.say("two", order: 3)]
        let again = harness.reconnect().requests
        #expect(again.count == 3)
        #expect(again[0].body == .createJoin(room: "r", after: LogIndex(10)))
        #expect(Array(again[1...]) == before.flatMap(\.requests))
    }

    @Test func `orders beyond the window wait for a place in it`() {
        var limits = Limits()
        limits.sessionWindow = 2
        var harness = Harness.connected(limits: limits)
        #expect(harness.say("1", order: 1).numbers == [1])
        #expect(harness.say("2", order: 2).numbers == [2])
        #expect(harness.say("3", order: 3).numbers.isEmpty)
        #expect(harness.hear(.done(request: 2, room: "r", index: LogIndex(2))).numbers.isEmpty)
        #expect(harness.hear(.done(request: 1, room: "r", index: LogIndex(1))).numbers == [3])
    }

    @Test func `orders beyond the queue are refused`() {
        var limits = Limits()
        limits.sessionWindow = 1
        var harness = Harness.connected(limits: limits)
        for order in 0...UInt64(Limits.queuedOrdersMax) {
            #expect(harness.say("x", order: order).outputs.isEmpty)
        }
        let refused = harness.say("x", order: 9_999).outputs
        #expect(refused.map(\.reason) == [.overloaded])
    }

    @Test func `what no server would take gets no number`() {
        var harness = Harness.inRoom()
        let long = Text(utf8: [UInt8](repeating: 0x61, count: 20_000))
        #expect(harness.say(long, order: 2).outputs.map(\.reason) == [.tooLarge])
        let wide = Text(utf8: [UInt8](repeating: 1, count: 16_000))
        #expect(harness.say(wide, order: 3).outputs.map(\.reason) == [.tooLarge])
        let broken = Text(utf8: [0xFF])
        #expect(harness.say(broken, order: 4).outputs.map(\.reason) == [.badRequest])
        let nameless = harness.effects(of: .input(.join(order: 5, room: "", after: nil)))
        #expect(nameless.outputs.map(\.reason) == [.badRequest])
        #expect(harness.say("fine", order: 6).numbers == [3])
    }

    @Test(arguments: [NackReason.noLeader, .overloaded, .unavailable])
    func `a passing refusal is tried again after a pause`(reason: NackReason) {
        var harness = Harness.inRoom()
        harness.say("one", order: 2)
        harness.say("two", order: 3)
        let refused = harness.refuse(3, reason)
        #expect(refused.outputs.isEmpty)
        #expect(refused.armed == [.reconnectClient])
        #expect(harness.refuse(4, .gap).requests.isEmpty)
        #expect(harness.effects(of: .timer(.reconnectClient)).numbers == [3, 4])
    }

    @Test func `a server that only says to try again is left for the next`() {
        var harness = Harness.inRoom()
        harness.say("one", order: 2)
        for _ in 0..<4 {
            #expect(harness.refuse(3, .noLeader).opened.isEmpty)
            #expect(harness.effects(of: .timer(.reconnectClient)).numbers == [3])
        }
        let left = harness.refuse(3, .noLeader)
        #expect(left.first { $0 == .close(StreamID(1)) } != nil)
        #expect(left.outputs == [.disconnected])
    }

    @Test func `a gap is filled from the lowest number without an answer`() {
        var harness = Harness.inRoom()
        for order in UInt64(2)...5 { harness.say("x", order: order) }
        harness.hear(.done(request: 3, room: "r", index: LogIndex(11)))
        harness.refuse(6, .gap)
        #expect(harness.effects(of: .timer(.reconnectClient)).numbers == [4, 5, 6])
    }

    @Test func `a refusal that was applied uses up its number`() {
        var harness = Harness.connected()
        harness.say("x", order: 1)
        #expect(harness.refuse(1, .notJoined).outputs.map(\.reason) == [.notJoined])
        #expect(harness.say("y", order: 2).numbers == [2])
        #expect(harness.reconnect().numbers == [2])
    }

    @Test func `an order whose outcome nobody knows is sent again, but not for ever`() {
        var harness = Harness.inRoom()
        harness.say("x", order: 5)
        var stream: UInt64 = 1
        for _ in 0..<64 {
            let refused = harness.refuse(3, .unknownOutcome, on: stream)
            #expect(refused.outputs.compactMap(\.reason).isEmpty)
            harness.effects(of: .timer(.reconnectClient))
            guard refused.outputs == [.disconnected] else { continue }
            stream += 1
            let server = NodeID(UInt32(stream - 1) % 3)
            #expect(harness.effects(of: .opened(StreamID(stream), to: server)).numbers == [2, 3])
        }
        let told = harness.refuse(3, .unknownOutcome, on: stream).outputs
        #expect(told.map(\.reason) == [.unknownOutcome])
    }

    @Test func `a read goes on after a reconnection, a lost one is asked again`() {
        var harness = Harness.inRoom()
        let request = HistoryRequest(room: "r", limit: 5)
        let first = harness.effects(of: .input(.history(order: 9, request))).requests
        let again = harness.reconnect().requests
        #expect(again.last == first.last)
        let page = HistoryPage(room: "r", messages: [], hasMore: false, members: nil)
        let reply = ClientReply.history(request: first.last?.request, page)
        #expect(harness.hear(reply, on: 2).outputs == [.page(order: 9, page)])
    }

    @Test func `no page may be older than what was seen`() {
        var harness = Harness.inRoom()
        harness.hear(.pushed(post(42, after: 0)))
        let read = harness.effects(of: .input(.history(order: 9, HistoryRequest(room: "r"))))
        #expect(
            read.requests.map(\.body) == [
                .history(HistoryRequest(room: "r", seen: LogIndex(42)))
            ])
    }
}

extension NodeOutput {
    var reason: NackReason? {
        if case .refused(_, let reason, _) = self { reason } else { nil }
    }
}
