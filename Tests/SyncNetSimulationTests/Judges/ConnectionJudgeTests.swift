import StateMachine
import SyncNetProtocol
import Testing

@testable import SyncNetSimulation

@Suite struct `The judge of a client's connection` {
    private let server = NodeID(0)
    private let stream = StreamID(9)

    private func request(_ number: UInt64, _ body: ClientRequestBody) -> ClientRequest {
        ClientRequest(
            sender: "ada", createdAt: 1, session: "session", request: number, body: body)
    }

    private func message(_ index: UInt64, previous: UInt64) -> RoomMessage {
        RoomMessage(
            room: "hall", index: LogIndex(index), previous: LogIndex(previous),
            stamp: Stamp(index), sender: "ada", createdAt: 1, text: "…")
    }

    private func done(_ number: UInt64) -> ClientReply {
        .done(request: number, room: "hall", index: LogIndex(number))
    }

    /// Ada's join of the hall after an index was acknowledged.
    private func joined(after: UInt64?) -> ConnectionJudge {
        var judge = ConnectionJudge(servers: 1)
        judge.accepted(stream, from: Story.client(0), by: server)
        let join = ClientRequestBody.createJoin(room: "hall", after: after.map { LogIndex($0) })
        judge.asked(request(1, join), on: stream, of: server)
        _ = judge.answered(1, done(1), on: stream, by: server)
        return judge
    }

    @Test func `lets either of two copies of a join say where a room begins`() {
        var judge = ConnectionJudge(servers: 1)
        judge.accepted(stream, from: Story.client(0), by: server)
        for after: LogIndex? in [.zero, nil] {
            judge.asked(
                request(1, .createJoin(room: "hall", after: after)), on: stream, of: server)
        }
        #expect(judge.answered(1, done(1), on: stream, by: server) == nil)
        #expect(push(&judge, 7, 3) == nil)
        #expect(judge.answered(1, done(1), on: stream, by: server) == nil)
        #expect(push(&judge, 3, 0) == nil, "the copy that begins at zero")
        #expect(push(&judge, 2, 0) == .roomOrder)
    }

    private func push(_ judge: inout ConnectionJudge, _ index: UInt64, _ previous: UInt64)
        -> Property?
    {
        judge.pushed(message(index, previous: previous), on: stream, by: server)?.property
    }

    @Test func `lets a room be pushed in order from where it was asked for`() {
        var judge = joined(after: 4)
        #expect(push(&judge, 7, 3) == nil)
        #expect(push(&judge, 9, 7) == nil)
        judge = joined(after: nil)
        #expect(push(&judge, 7, 1) == nil)
        #expect(push(&judge, 9, 7) == nil)
    }

    @Test func `sees a gap and a repetition on the connection`() {
        var judge = joined(after: 4)
        #expect(push(&judge, 9, 7) == .roomOrder)
        judge = joined(after: 4)
        #expect(push(&judge, 7, 3) == nil)
        #expect(push(&judge, 7, 3) == .roomOrder)
        judge = joined(after: nil)
        #expect(push(&judge, 7, 1) == nil)
        #expect(push(&judge, 12, 9) == .roomOrder)
        judge = joined(after: nil)
        #expect(push(&judge, 7, 3) == .roomOrder, "3 was said since the join, at 1")
    }

    @Test func `lets a subscription begin anew further back`() {
        var judge = joined(after: 4)
        #expect(push(&judge, 7, 3) == nil)
        let join = ClientRequestBody.createJoin(room: "hall", after: LogIndex(2))
        judge.asked(request(1, join), on: stream, of: server)
        #expect(judge.answered(1, done(1), on: stream, by: server) == nil)
        #expect(push(&judge, 3, 0) == nil)
        #expect(push(&judge, 7, 3) == nil)
    }

    @Test func `sees messages of a room that was not joined, or was left`() {
        var judge = ConnectionJudge(servers: 1)
        judge.accepted(stream, from: Story.client(0), by: server)
        #expect(push(&judge, 7, 3) == .roomOrder)
        judge = joined(after: 4)
        judge.asked(request(2, .leave(room: "hall")), on: stream, of: server)
        #expect(push(&judge, 7, 3) == nil)
        #expect(judge.answered(2, done(2), on: stream, by: server) == nil)
        #expect(push(&judge, 9, 7) == .roomOrder)
    }

    @Test func `lets a room begin anew behind a leave that was refused`() {
        var judge = joined(after: 4)
        #expect(push(&judge, 7, 3) == nil)
        judge.asked(request(2, .leave(room: "hall")), on: stream, of: server)
        let nack = ClientReply.nack(request: 2, .notJoined, detail: "")
        #expect(judge.answered(2, nack, on: stream, by: server) == nil)
        let join = ClientRequestBody.createJoin(room: "hall", after: nil)
        judge.asked(request(3, join), on: stream, of: server)
        #expect(judge.answered(3, done(3), on: stream, by: server) == nil)
        #expect(push(&judge, 20, 15) == nil)
        #expect(push(&judge, 22, 21) == .roomOrder)
        #expect(push(&judge, 20, 15) == .roomOrder)
    }

    @Test func `lets a join that was answered first outlast the leave before it`() {
        var judge = joined(after: 4)
        judge.asked(request(2, .leave(room: "hall")), on: stream, of: server)
        let join = ClientRequestBody.createJoin(room: "hall", after: LogIndex(4))
        judge.asked(request(3, join), on: stream, of: server)
        for number: UInt64 in [3, 2] {
            #expect(judge.answered(number, done(number), on: stream, by: server) == nil)
        }
        #expect(push(&judge, 7, 3) == nil)
    }

    @Test func `sees that a connection guesses more often than it may`() {
        var judge = ConnectionJudge(servers: 1, loginTries: 2)
        judge.accepted(stream, from: Story.client(0), by: server)
        var found: [Property?] = []
        for number: UInt64 in 1...3 {
            judge.asked(request(number, .login(password: "guess")), on: stream, of: server)
            let nack = ClientReply.nack(request: number, .badLogin, detail: "")
            found.append(judge.answered(number, nack, on: stream, by: server)?.property)
        }
        #expect(found == [nil, nil, .access])
    }

    @Test func `sees an answer that nobody waits for, or that comes twice`() {
        var judge = joined(after: 4)
        #expect(judge.answered(1, done(1), on: stream, by: server)?.property == .exactlyOnce)
        #expect(judge.answered(5, done(5), on: stream, by: server)?.property == .exactlyOnce)
    }

    @Test func `lets a request that came twice be answered twice`() {
        var judge = joined(after: 4)
        let say = request(2, .chat(room: "hall", text: "…"))
        judge.asked(say, on: stream, of: server)
        judge.asked(say, on: stream, of: server)
        #expect(judge.answered(2, done(2), on: stream, by: server) == nil)
        let nack = ClientReply.nack(request: 2, .noLeader, detail: "")
        #expect(judge.answered(2, nack, on: stream, by: server) == nil)
    }

    @Test func `sees a page that answers a chat message`() {
        var judge = joined(after: 4)
        judge.asked(request(2, .chat(room: "hall", text: "…")), on: stream, of: server)
        let page = HistoryPage(room: "hall", messages: [], hasMore: false, members: nil)
        let reply = ClientReply.history(request: 2, page)
        #expect(judge.answered(2, reply, on: stream, by: server)?.property == .exactlyOnce)
    }

    @Test func `knows nothing of a former connection`() {
        var judge = joined(after: 4)
        judge.closed(stream, by: server)
        judge.accepted(StreamID(11), from: Story.client(0), by: server)
        let breach = judge.answered(1, done(1), on: StreamID(11), by: server)
        #expect(breach?.property == .exactlyOnce)
    }
}
