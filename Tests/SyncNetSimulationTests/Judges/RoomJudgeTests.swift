import StateMachine
import SyncNetProtocol
import Testing

@testable import SyncNetSimulation

@Suite struct `The model of rooms and sessions` {
    private func entry(
        _ index: UInt64, _ action: Action, by sender: Text = "ada",
        request: (session: Text, number: UInt64)? = nil
    ) -> Entry {
        let request = request.map { SessionRequest(session: $0.session, number: $0.number) }
        let command = Command(sender: sender, request: request, createdAt: 1, action: action)
        return Entry(
            index: LogIndex(index), epoch: Epoch(1), stamp: Stamp(index),
            payload: .command(command))
    }

    private let join = Action.join(room: "hall")
    private let leave = Action.leave(room: "hall")
    private let chat = Action.chat(room: "hall", text: "…")

    private func done(_ index: UInt64) -> Outcome { .done(LogIndex(index)) }
    private func refused(_ reason: NackReason, _ index: UInt64) -> Outcome {
        .refused(reason, LogIndex(index))
    }

    @Test func `lets members speak and nobody else`() {
        var judge = RoomJudge(limits: Limits())
        #expect(judge.applied(entry(1, chat), refused(.notJoined, 1)) == nil)
        #expect(judge.applied(entry(2, join), done(2)) == nil)
        #expect(judge.applied(entry(3, chat), done(3)) == nil)
        #expect(judge.applied(entry(4, chat, by: "bob"), refused(.notJoined, 4)) == nil)
        #expect(judge.applied(entry(5, leave), done(5)) == nil)
        #expect(judge.applied(entry(6, leave), refused(.notJoined, 6)) == nil)
        #expect(judge.applied(entry(7, chat), refused(.notJoined, 7)) == nil)
    }

    @Test func `sees a stranger's words done and a member's refused`() {
        var judge = RoomJudge(limits: Limits())
        #expect(judge.applied(entry(1, chat), done(1))?.property == .membership)
        #expect(judge.applied(entry(2, join), done(2)) == nil)
        let breach = judge.applied(entry(3, chat), refused(.notJoined, 3))
        #expect(breach?.property == .membership)
    }

    @Test func `tells repeats, gaps and strangers of sessions apart`() {
        var judge = RoomJudge(limits: Limits())
        let first = ("s" as Text, 1 as UInt64)
        let stranger = refused(.unknownSession, 1)
        #expect(judge.applied(entry(1, join, request: ("s", 2)), stranger) == nil)
        #expect(judge.applied(entry(2, join, request: first), done(2)) == nil)
        #expect(judge.applied(entry(3, join, request: first), done(2)) == nil)
        #expect(judge.applied(entry(4, chat, request: ("s", 3)), refused(.gap, 4)) == nil)
        #expect(judge.applied(entry(5, chat, request: ("s", 2)), done(5)) == nil)
        let wrong: [(UInt64, Outcome)] = [
            (2, done(6)), (2, refused(.gap, 6)), (4, done(6)), (3, refused(.gap, 6)),
        ]
        for (number, outcome) in wrong {
            var copy = judge
            let breach = copy.applied(entry(6, chat, request: ("s", number)), outcome)
            #expect(breach?.property == .exactlyOnce, "number \(number)")
        }
    }

    @Test func `forgets answers beyond the window and the session used longest ago`() {
        var limits = Limits()
        limits.sessionWindow = 2
        limits.sessions = 2
        var judge = RoomJudge(limits: limits)
        for number in 1...3 as ClosedRange<UInt64> {
            #expect(
                judge.applied(entry(number, join, request: ("s", number)), done(number)) == nil)
        }
        let forgotten = refused(.unknownOutcome, 4)
        #expect(judge.applied(entry(4, join, request: ("s", 1)), forgotten) == nil)
        #expect(judge.applied(entry(5, join, request: ("s", 2)), done(2)) == nil)
        #expect(judge.applied(entry(6, join, request: ("t", 1)), done(6)) == nil)
        #expect(judge.applied(entry(7, join, request: ("u", 1)), done(7)) == nil)
        let gone = refused(.unknownSession, 8)
        #expect(judge.applied(entry(8, join, request: ("s", 4)), gone) == nil)
        #expect(judge.applied(entry(9, join, request: ("t", 2)), done(9)) == nil)
    }

    @Test func `knows who was in a room at some moment`() {
        var judge = RoomJudge(limits: Limits())
        _ = judge.applied(entry(1, join), done(1))
        _ = judge.applied(entry(2, join, by: "bob"), done(2))
        _ = judge.applied(entry(3, leave), done(3))
        #expect(judge.lists([], of: "hall", from: 0))
        #expect(judge.lists(["ada"], of: "hall", from: 1))
        #expect(judge.lists(["ada", "bob"], of: "hall", from: 1))
        #expect(judge.lists(["bob"], of: "hall", from: 1))
        #expect(!judge.lists(["bob", "ada"], of: "hall", from: 1), "not in byte order")
        #expect(!judge.lists(["ada"], of: "hall", from: 2), "too old")
        #expect(!judge.lists(["eve"], of: "hall", from: 0))
        #expect(!judge.lists([], of: "hall", from: 1))
    }
}

@Suite struct `The judges of answers in full` {
    let first = Entry.started(1)
    let hello = Entry.chat(2, "hello", number: 1)
    let again = Entry.chat(3, "again", number: 2)
    let ada = Story.client(0)

    /// Ada has said "hello" and "again", both of which server 0 has applied.
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

    var both: [RoomMessage] { [hello.message(previous: 0), again.message(previous: 2)] }

    @Test func `see a page that lies about more`() {
        let cases: [(HistoryRequest, [RoomMessage], Bool)] = [
            (HistoryRequest(room: "hall"), both, true),
            (HistoryRequest(room: "hall", limit: 1), [both[1]], false),
            (HistoryRequest(room: "hall", after: .zero), both, true),
            (HistoryRequest(room: "hall", before: LogIndex(3)), [both[0]], true),
        ]
        for (request, messages, more) in cases {
            var story = said
            story.read(ada, request, messages, more: more)
            #expect(story.verdict == .honestReads)
        }
    }

    @Test func `see a page that is too long, or wrongly linked`() {
        var story = said
        story.read(ada, HistoryRequest(room: "hall", limit: 1), both)
        #expect(story.verdict == .honestReads)
        story = said
        story.read(
            ada, HistoryRequest(room: "hall"),
            [both[0], again.message(previous: 1)])
        #expect(story.verdict == .honestReads)
    }

    @Test func `see members who never were`() {
        for (names, verdict) in [
            (["ada"], nil), ([], .membership), (["ada", "eve"], .membership),
        ] as [([Text], Property?)] {
            var story = said
            let request = HistoryRequest(room: "hall", wantsMembers: true)
            story.tell(.input(.history(order: 50, request)), ada)
            let page = HistoryPage(
                room: "hall", messages: both, hasMore: false, members: names)
            story.tell(ada, .page(order: 50, page))
            #expect(story.verdict == verdict)
        }
    }

    @Test func `see a join acknowledged where something else stands`() {
        var story = said
        story.join(1, name: "bob")
        story.tell(Story.client(1), .done(order: 1, hello.index))
        #expect(story.verdict == .durability)
    }

    @Test func `see a refusal for want of membership that the log does not say`() {
        var story = said
        let node = NodeID(0)
        let request = ClientRequest(
            sender: "ada", createdAt: 1, session: "session", request: 1,
            body: .chat(room: "hall", text: "…"))
        story.tell(.accepted(StreamID(9), from: ada), node)
        story.tell(.message(Message(stamp: .zero, body: .request(request)), on: StreamID(9)), node)
        let nack = ClientReply.nack(request: 1, .notJoined, detail: "")
        let reply = Message(stamp: story.stamp(of: node), body: .reply(nack))
        story.tell(.timer(.sweep), node, [.send(reply, on: StreamID(9))])
        #expect(story.verdict == .exactlyOnce)
    }

    private func list(_ leader: Int?, count: Int = 3) -> [ServerAddress] {
        (0..<count).map { rank in
            ServerAddress(
                id: Text("server\(rank + 1)"), host: "127.0.0.1", port: 8_000,
                isLeader: rank == leader)
        }
    }

    private func answer(
        _ addresses: [ServerAddress], applied: UInt64 = 3, last: UInt64 = 3, commit: UInt64 = 3
    ) -> Property? {
        var story = said
        let node = NodeID(0)
        let peer = PeerStatus(id: "server2", isAlive: true, silence: nil, commit: .zero)
        let status = ServerStatus(
            id: "server1", role: .following, epoch: Epoch(1), commit: LogIndex(commit),
            applied: LogIndex(applied), last: LogIndex(last), leader: nil, peers: [peer, peer])
        let reply = Message(
            stamp: story.stamp(of: node),
            body: .reply(.servers(request: nil, addresses, status)))
        story.tell(.timer(.sweep), node, [.send(reply, on: StreamID(9))])
        return story.verdict
    }

    @Test func `believe a server that says how it is`() {
        #expect(answer(list(nil)) == nil)
    }

    @Test func `see a server that lies about itself or about others`() {
        #expect(answer(list(nil), applied: 2) == .honestStatus)
        #expect(answer(list(nil), last: 4) == .honestStatus)
        #expect(answer(list(nil), commit: 4) == .honestStatus)
        #expect(answer(list(nil), commit: 2) == .honestStatus)
        #expect(answer(list(nil, count: 2)) == .honestStatus)
        #expect(answer(list(1)) == .honestStatus, "a leader that was never elected")
    }
}
