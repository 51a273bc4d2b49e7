import StateMachine
import SyncNetProtocol
import Testing

@Suite struct `A client in private rooms` {
    @Test func `asks for the room to be private, and only asks to be let in again`() {
        var harness = Harness.connected()
        harness.say("first", order: 0)
        harness.hear(.done(request: 1, room: "r", index: LogIndex(9)))
        let join = harness.effects(
            of: .input(.join(order: 1, room: "den", after: nil, isPrivate: true)))
        #expect(
            join.requests.map(\.body) == [.createJoin(room: "den", after: nil, isPrivate: true)])
        harness.hear(.done(request: 2, room: "den", index: LogIndex(10)))
        #expect(
            harness.reconnect().requests.map(\.body)
                == [.createJoin(room: "den", after: LogIndex(10))])
    }

    @Test func `invites by a number of its session`() {
        var harness = Harness.inRoom()
        let sent = harness.effects(of: .input(.invite(order: 4, room: "r", guest: "bob")))
        #expect(sent.requests.map(\.body) == [.invite(room: "r", guest: "bob")])
        #expect(
            harness.hear(.done(request: 3, room: "r", index: LogIndex(11))).outputs
                == [.done(order: 4, LogIndex(11))])
    }

    @Test func `refuses to invite nobody`() {
        var harness = Harness.inRoom()
        let sent = harness.effects(of: .input(.invite(order: 4, room: "r", guest: "")))
        #expect(sent.requests.isEmpty)
        #expect(
            sent.outputs == [.refused(order: 4, .badRequest, detail: "nobody is invited")])
    }

    @Test func `tells its owner that a room is closed to it`() {
        var harness = Harness.connected()
        harness.effects(of: .input(.join(order: 1, room: "den", after: nil)))
        #expect(
            harness.refuse(1, .notAMember).outputs
                == [.refused(order: 1, .notAMember, detail: "no")])
        #expect(harness.reconnect().requests.isEmpty)
    }

    @Test func `looks at its rooms when a membership has ended, and tells which one`() {
        var harness = Harness.inRoom()
        let look = harness.hear(.nack(request: nil, .notAMember, detail: "ended"))
        let read = look.requests.first
        #expect(
            read?.body
                == .history(
                    HistoryRequest(
                        room: "r", after: LogIndex(10), seen: LogIndex(10))))
        #expect(harness.refuse(read?.request ?? 0, .notAMember).outputs == [.excluded(room: "r")])
        #expect(harness.reconnect().requests.isEmpty)
    }

    @Test func `asks anew for a room that it is in again by then`() {
        var harness = Harness.inRoom()
        let look = harness.hear(.nack(request: nil, .notAMember, detail: "ended"))
        let page = HistoryPage(room: "r", messages: [], hasMore: false, members: nil)
        let read = look.requests.first?.request
        #expect(
            harness.hear(.history(request: read, page)).requests.map(\.body)
                == [.createJoin(room: "r", after: LogIndex(10))])
    }

    @Test func `looks at the rooms that it does not give up`() {
        var harness = Harness.inRoom()
        harness.effects(of: .input(.join(order: 2, room: "other", after: .zero)))
        harness.hear(.done(request: 3, room: "other", index: LogIndex(11)))
        harness.effects(of: .input(.leave(order: 3, room: "other")))
        let look = harness.hear(.nack(request: nil, .notAMember, detail: "ended"))
        #expect(look.requests.count == 1)
    }

    @Test func `follows a room that it joins again after a join that is refused`() {
        for reason in [NackReason.roomIsOpen, .notAMember] {
            var harness = Harness.connected()
            harness.effects(
                of: .input(.join(order: 1, room: "r", after: nil, isPrivate: true)))
            harness.effects(of: .input(.join(order: 2, room: "r", after: nil)))
            harness.refuse(1, reason)
            harness.hear(.done(request: 2, room: "r", index: LogIndex(12)))
            #expect(harness.hear(.pushed(post(15, after: 4))).shown == [15])
        }
    }

    @Test func `does not look when it gives a room up itself`() {
        var harness = Harness.inRoom()
        harness.effects(of: .input(.leave(order: 2, room: "r")))
        #expect(harness.hear(.nack(request: nil, .notAMember, detail: "ended")).requests.isEmpty)
        #expect(
            harness.hear(.done(request: 3, room: "r", index: LogIndex(12))).outputs
                == [.done(order: 2, LogIndex(12))])
    }
}
