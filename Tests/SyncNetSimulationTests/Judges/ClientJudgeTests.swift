import StateMachine
import SyncNetProtocol
import Testing

@testable import SyncNetSimulation

@Suite struct `The judges of what clients are told` {
    let first = Entry.started(1)
    let hello = Entry.chat(2, "hello", number: 1)
    let again = Entry.chat(3, "again", number: 2)
    let ada = Story.client(0)

    /// Ada has said "hello" and "again", which server 0 has applied.
    var said: Story {
        var story = Story()
        story.join(0)
        story.say(0, order: 2, "hello")
        story.say(0, order: 3, "again")
        story.append([first, hello, again], on: [0, 1])
        story.apply(first, on: 0)
        story.apply(hello, hello.done, on: 0)
        story.apply(again, again.done, on: 0)
        return story
    }

    @Test func `let a room be shown in order`() {
        var story = said
        story.tell(ada, .message(hello.message(previous: 0)))
        story.tell(ada, .message(again.message(previous: 2)))
        #expect(story.verdict == nil)
    }

    @Test func `know what somebody who follows a room was not shown yet`() {
        var story = said
        #expect(story.court.unshown(to: ada, of: "hall") == 0, "the join is not acknowledged")
        story.tell(ada, .done(order: 1, first.index))
        #expect(story.court.unshown(to: ada, of: "hall") == 2)
        story.tell(ada, .message(hello.message(previous: 0)))
        #expect(story.court.unshown(to: ada, of: "hall") == 1)
        var leaving = story
        leaving.tell(.input(.leave(order: 9, room: "hall")), ada)
        #expect(leaving.court.unshown(to: ada, of: "hall") == 0)
        leaving.tell(.input(.join(order: 10, room: "hall", after: hello.index)), ada)
        #expect(leaving.court.unshown(to: ada, of: "hall") == 0)
        leaving.tell(ada, .done(order: 10, again.index))
        #expect(leaving.court.unshown(to: ada, of: "hall") == 1)
        story.tell(ada, .message(again.message(previous: 2)))
        #expect(story.court.unshown(to: ada, of: "hall") == 0)
        #expect(story.court.unshown(to: ada, of: "attic") == 0)
        #expect(story.court.unshown(to: Story.client(1), of: "hall") == 0)
        #expect(story.verdict == nil)
    }

    @Test func `see a gap in what is shown`() {
        var story = said
        story.tell(ada, .message(again.message(previous: 2)))
        #expect(story.verdict == .roomOrder)
    }

    /// A leave of an earlier life came late, so that this one leaves what it is no member of.
    @Test func `take a room for left where a leave was refused for want of membership`() {
        var story = said
        story.tell(ada, .done(order: 1, first.index))
        story.tell(ada, .message(hello.message(previous: 0)))
        story.tell(.input(.leave(order: 9, room: "hall")), ada)
        story.tell(ada, .refused(order: 9, .notJoined, detail: ""))
        var late = story
        late.tell(ada, .message(again.message(previous: 2)))
        #expect(late.verdict == .roomOrder, "nothing more is shown of it")
        story.tell(.input(.leave(order: 10, room: "hall")), ada)
        story.tell(.input(.join(order: 11, room: "hall", after: nil)), ada)
        story.tell(ada, .refused(order: 10, .notJoined, detail: ""))
        // It begins where the server says, and need not go on behind "hello".
        let third = Entry.chat(4, "third", number: 3)
        story.say(0, order: 12, "third")
        story.append([third], on: [0, 1])
        story.apply(third, third.done, on: 0)
        story.tell(ada, .message(third.message(previous: 3)))
        #expect(story.verdict == nil)
    }

    @Test func `see a message that is shown twice`() {
        var story = said
        story.tell(ada, .message(hello.message(previous: 0)))
        story.tell(ada, .message(hello.message(previous: 0)))
        #expect(story.verdict == .roomOrder)
    }

    @Test func `see a wrong predecessor`() {
        var story = said
        story.tell(ada, .message(hello.message(previous: 1)))
        #expect(story.verdict == .roomOrder)
    }

    @Test func `see a message that stands nowhere`() {
        var story = said
        story.tell(ada, .message(Entry.chat(2, "helo", number: 1).message(previous: 0)))
        #expect(story.verdict == .roomOrder)
    }

    @Test func `see a server that shows what it has not applied`() {
        var story = said
        story.push(0, hello.message(previous: 0))
        #expect(story.verdict == nil)
        story.push(1, hello.message(previous: 0))
        #expect(story.verdict == .roomOrder)
    }

    @Test func `let what was done be acknowledged where it stands`() {
        var story = said
        story.tell(ada, .done(order: 2, hello.index))
        story.tell(ada, .done(order: 3, again.index))
        #expect(story.verdict == nil)
        #expect(story.court.outstanding == 1)
    }

    @Test func `see an acknowledgement of what stands elsewhere or nowhere`() {
        for index: UInt64 in [1, 3, 4] {
            var story = said
            story.tell(ada, .done(order: 2, LogIndex(index)))
            #expect(story.verdict == .durability)
        }
    }

    @Test func `see an order that is answered twice`() {
        var story = said
        story.tell(ada, .done(order: 2, hello.index))
        story.tell(ada, .done(order: 2, hello.index))
        #expect(story.verdict == .exactlyOnce)
    }

    @Test func `see a refusal of what was done, before and after`() {
        var story = said
        story.tell(ada, .refused(order: 2, .unknownOutcome, detail: ""))
        #expect(story.verdict == nil)
        story.tell(ada, .refused(order: 3, .overloaded, detail: ""))
        #expect(story.verdict == .exactlyOnce)

        story = Story()
        story.join(0)
        story.say(0, order: 2, "hello")
        story.tell(ada, .refused(order: 2, .overloaded, detail: ""))
        story.append([first, hello], on: [0, 1])
        story.apply(first, on: 0)
        story.apply(hello, hello.done, on: 0)
        #expect(story.verdict == .exactlyOnce)
    }

    @Test func `see what keeps all limits refused as if it did not`() {
        func verdict(_ request: HistoryRequest, _ reason: NackReason) -> Property? {
            var story = Story()
            story.join(0)
            story.tell(.input(.history(order: 9, request)), ada)
            story.tell(ada, .refused(order: 9, reason, detail: ""))
            return story.verdict
        }
        let most = UInt64(Limits().pageMax)
        #expect(verdict(HistoryRequest(room: "hall", limit: most), .tooLarge) == .honestRefusals)
        #expect(verdict(HistoryRequest(room: "hall", limit: most), .overloaded) == nil)
        #expect(verdict(HistoryRequest(room: "hall", limit: most + 1), .tooLarge) == nil)
        #expect(verdict(HistoryRequest(room: ""), .badRequest) == nil)
        #expect(
            verdict(HistoryRequest(room: "hall", search: "word"), .badRequest) == .honestRefusals)

        var story = Story()
        story.join(0)
        story.say(0, order: 2, "hello")
        story.tell(ada, .refused(order: 2, .tooLarge, detail: ""))
        #expect(story.verdict == .honestRefusals)
    }

    @Test func `see a server that acknowledges a number where it does not stand`() {
        var story = said
        story.acknowledge(0, request: 1, at: 2)
        #expect(story.verdict == nil)
        story.acknowledge(0, request: 2, at: 2)
        #expect(story.verdict == .durability)
    }

    @Test func `see a server that acknowledges what it has not applied`() {
        var story = said
        story.acknowledge(1, request: 1, at: 2)
        #expect(story.verdict == .durability)
    }
}

@Suite struct `The judge of reads` {
    let first = Entry.started(1)
    let hello = Entry.chat(2, "hello", number: 1)
    let again = Entry.chat(3, "again", number: 2)
    let ada = Story.client(0)
    let bob = Story.client(1)

    /// Ada had "hello" and "again" acknowledged; Bob has seen nothing.
    var said: Story {
        var story = Story()
        story.join(0)
        story.join(1, name: "bob")
        story.say(0, order: 2, "hello")
        story.say(0, order: 3, "again")
        story.append([first, hello, again], on: [0, 1])
        story.apply(first, on: 0)
        story.apply(hello, hello.done, on: 0)
        story.apply(again, again.done, on: 0)
        story.tell(ada, .done(order: 2, hello.index))
        story.tell(ada, .done(order: 3, again.index))
        return story
    }

    var both: [RoomMessage] { [hello.message(previous: 0), again.message(previous: 2)] }

    @Test func `lets whole pages pass`() {
        var story = said
        story.read(ada, HistoryRequest(room: "hall"), both)
        story.read(ada, HistoryRequest(room: "hall", after: .zero), both)
        story.read(ada, HistoryRequest(room: "hall", after: LogIndex(2)), [both[1]])
        story.read(ada, HistoryRequest(room: "hall", after: LogIndex(3)), [])
        story.read(ada, HistoryRequest(room: "hall", before: LogIndex(3)), [both[0]])
        story.read(ada, HistoryRequest(room: "hall", limit: 1), [both[1]], more: true)
        story.read(
            ada, HistoryRequest(room: "hall", after: .zero, limit: 1), [both[0]], more: true)
        #expect(story.verdict == nil)
    }

    @Test func `lets a local read of somebody else lag`() {
        var story = said
        story.read(bob, HistoryRequest(room: "hall"), [both[0]])
        #expect(story.verdict == nil)
    }

    @Test func `sees a client that does not read its own words`() {
        var story = said
        story.read(ada, HistoryRequest(room: "hall"), [both[0]])
        #expect(story.verdict == .honestReads)
    }

    @Test func `sees a read that goes back behind an earlier one`() {
        var story = said
        story.read(bob, HistoryRequest(room: "hall"), both)
        #expect(story.verdict == nil)
        story.read(bob, HistoryRequest(room: "hall", after: .zero), [both[0]])
        #expect(story.verdict == .honestReads)
    }

    @Test func `sees a linearizable read that lags`() {
        var story = said
        story.read(bob, HistoryRequest(room: "hall", isLinearizable: true), [both[0]])
        #expect(story.verdict == .honestReads)
    }

    @Test func `sees an empty page where there is something`() {
        var story = said
        story.read(ada, HistoryRequest(room: "hall", after: LogIndex(2)), [])
        #expect(story.verdict == .honestReads)
    }

    @Test func `sees a page with a gap, and one that begins too late`() {
        var story = said
        story.read(ada, HistoryRequest(room: "hall", after: .zero), [both[1]])
        #expect(story.verdict == .honestReads)
        story = said
        story.read(ada, HistoryRequest(room: "hall"), both.reversed())
        #expect(story.verdict == .honestReads)
    }
}

extension Story {
    mutating func push(_ server: Int, _ message: RoomMessage) {
        let node = NodeID(UInt32(server))
        let reply = Message(stamp: stamp(of: node), body: .reply(.pushed(message)))
        tell(.timer(.sweep), node, [.send(reply, on: StreamID(9))])
    }

    mutating func acknowledge(_ server: Int, request: UInt64, at index: UInt64) {
        let node = NodeID(UInt32(server))
        let request9 = ClientRequest(
            sender: "ada", createdAt: 1, session: "session", request: request,
            body: .chat(room: "hall", text: "…"))
        tell(.accepted(StreamID(9), from: Story.client(0)), node)
        tell(.message(Message(stamp: .zero, body: .request(request9)), on: StreamID(9)), node)
        let done = ClientReply.done(request: request, room: "hall", index: LogIndex(index))
        let reply = Message(stamp: stamp(of: node), body: .reply(done))
        tell(.timer(.sweep), node, [.send(reply, on: StreamID(9))])
    }

    mutating func read(
        _ client: NodeID, _ request: HistoryRequest, _ messages: [RoomMessage],
        more: Bool = false
    ) {
        tell(.input(.history(order: 50, request)), client)
        let page = HistoryPage(
            room: request.room, messages: messages, hasMore: more, members: nil)
        tell(client, .page(order: 50, page))
    }
}
