import StateMachine
import SyncNetProtocol
import Testing

struct NewSessionTests {
    @Test func `a forgotten session is replaced, on a new connection`() {
        var harness = Harness.inRoom()
        harness.say("one", order: 2)
        harness.say("two", order: 3)
        let effects = harness.refuse(3, .unknownSession)
        #expect(effects.first { $0 == .close(StreamID(1)) } != nil)
        #expect(effects.outputs == [.disconnected])
        let again = harness.effects(of: .opened(StreamID(2), to: NodeID(0))).requests
        #expect(again.map(\.session) == ["s'1", "s'1", "s'1"])
        #expect(again.map(\.request) == [1, 2, 3])
        #expect(
            again.map(\.body) == [
                .createJoin(room: "r", after: LogIndex(10)),
                .chat(room: "r", text: "one"), .chat(room: "r", text: "two"),
            ])
    }

    @Test func `what may have been applied in a forgotten session is not sent again`() {
        var harness = Harness.inRoom()
        harness.say("one", order: 2)
        harness.reconnect()
        harness.say("two", order: 3)
        harness.refuse(4, .unknownSession, on: 2)
        let effects = harness.refuse(3, .unknownSession, on: 2)
        #expect(effects.outputs.map(\.reason) == [.unknownOutcome, nil])
        harness.effects(of: .timer(.reconnectClient))
        let again = harness.effects(of: .opened(StreamID(3), to: NodeID(1))).requests
        #expect(
            again.map(\.body) == [
                .createJoin(room: "r", after: LogIndex(10)), .chat(room: "r", text: "two"),
            ])
    }

    @Test func `the lowest number decides whether the session is gone`() {
        var harness = Harness.inRoom()
        harness.say("one", order: 2)
        harness.say("two", order: 3)
        #expect(harness.refuse(4, .unknownSession).opened.isEmpty)
        let done = harness.hear(.done(request: 3, room: "r", index: LogIndex(11)))
        #expect(done.outputs == [.done(order: 2, LogIndex(11))])
        #expect(harness.effects(of: .timer(.reconnectClient)).numbers == [4])
    }

    @Test func `a text as long as one that was refused costs no session any more`() {
        var harness = Harness.inRoom()
        harness.say("long", order: 2)
        harness.say("longer", order: 3)
        let refused = harness.refuse(3, .tooLarge)
        #expect(refused.outputs.map(\.reason) == [.tooLarge, nil])
        let again = harness.effects(of: .opened(StreamID(2), to: NodeID(0)))
        #expect(again.outputs.map(\.reason) == [nil, .tooLarge], "connected, and refused")
        #expect(again.requests.map(\.request) == [1], "the room is joined anew, no more")
        #expect(harness.say("else", order: 4).outputs.map(\.reason) == [.tooLarge])
        #expect(harness.say("not", order: 5).requests.map(\.request) == [2])
    }

    @Test(arguments: [NackReason.badRequest, .tooLarge])
    func `a number that a server would not take ends the session`(reason: NackReason) {
        var harness = Harness.inRoom()
        for order in UInt64(2)...4 { harness.say(order == 3 ? "xx" : "x", order: order) }
        let refused = harness.refuse(4, reason)
        #expect(refused.outputs.map(\.reason) == [reason])
        #expect(refused.opened.isEmpty)
        #expect(harness.refuse(5, .gap).opened.isEmpty)
        let done = harness.hear(.done(request: 3, room: "r", index: LogIndex(11)))
        #expect(done.opened == [NodeID(0)])
        let again = harness.effects(of: .opened(StreamID(2), to: NodeID(0))).requests
        #expect(again.map(\.request) == [1, 2])
        #expect(again.last?.body == .chat(room: "r", text: "x"))
    }

    @Test func `a gap before the lowest number, told again and again, ends the session`() {
        var harness = Harness.inRoom()
        harness.say("x", order: 2)
        for _ in 0..<3 {
            #expect(harness.refuse(3, .gap).opened.isEmpty)
            #expect(harness.effects(of: .timer(.reconnectClient)).numbers == [3])
        }
        harness.refuse(3, .gap)
        harness.effects(of: .timer(.reconnectClient))
        let again = harness.effects(of: .opened(StreamID(2), to: NodeID(0))).requests
        #expect(again.map(\.session) == ["s'1", "s'1"])
    }

    @Test func `a late answer of the old session means nothing in the new one`() {
        var harness = Harness.inRoom()
        harness.say("one", order: 2)
        harness.refuse(3, .unknownSession)
        harness.effects(of: .opened(StreamID(2), to: NodeID(0)))
        let late = harness.hear(.done(request: 3, room: "r", index: LogIndex(11)), on: 1)
        #expect(late == [.note(.dropped(.stale))])
    }
}
