import StateMachine
import Testing

@testable import SyncNetProtocol

@Suite struct SubscriptionTests {
    private static func message(_ index: UInt64, previous: UInt64) -> RoomMessage {
        RoomMessage(
            room: "lobby", index: LogIndex(index), previous: LogIndex(previous),
            stamp: Stamp(index), sender: "ada", createdAt: 1, text: Text("\(index)"))
    }

    private static func pushed(_ effects: borrowing Effects<SyncNet>) -> [UInt64] {
        effects.list.compactMap {
            guard case .send(let message, _) = $0,
                case .reply(.pushed(let pushed)) = message.body
            else { return nil }
            return pushed.index.number
        }
    }

    @Test func `connections are found whatever the order of their numbers`() {
        var table = ClientTable()
        for number: UInt64 in [5, 9, 7, 3, 11] { table.add(StreamID(number)) }
        for number: UInt64 in [3, 5, 7, 9, 11] { #expect(table.contains(StreamID(number))) }
        #expect(!table.contains(StreamID(4)))
        for number: UInt64 in [7, 3, 11, 5, 9] { _ = table.remove(StreamID(number)) }
        #expect(table.count == 0)
    }

    @Test func `a page of a former subscription leaves no gap in the next one`() {
        var server = ChatTests.formed().servers[0]
        let stream = StreamID(9_999)
        var effects = Effects<SyncNet>()
        server.acceptedClient(stream, from: NodeID(2_000), into: &effects)
        for index: UInt64 in [10, 20, 30] {
            _ = server.rooms.post(LogIndex(index), in: "lobby")
        }
        for index in [LogIndex(20), .zero] {
            server.subscribe(
                to: "lobby", of: "ann", after: index, joinedAt: LogIndex(5), on: stream,
                into: &effects)
        }
        effects = Effects<SyncNet>()
        server.caughtUp(
            [Self.message(30, previous: 20)], hasMore: false, of: "lobby", on: stream,
            into: &effects)
        server.caughtUp(
            [
                Self.message(10, previous: 0), Self.message(20, previous: 10),
                Self.message(30, previous: 20),
            ], hasMore: false, of: "lobby", on: stream, into: &effects)
        #expect(Self.pushed(effects) == [10, 20, 30])
    }

    private static func fetches(_ effects: borrowing Effects<SyncNet>) -> [Text] {
        effects.list.compactMap { effect in
            guard case .fetch(.after(_, let room, _), _) = effect else { return nil }
            return room
        }
    }

    /// A server on which a connection follows three rooms, all of which it was not sent yet.
    private static func behind(
        on stream: StreamID, into effects: inout Effects<SyncNet>
    ) -> Server {
        var server = ChatTests.formed().servers[0]
        server.acceptedClient(stream, from: NodeID(2_000), into: &effects)
        for room: Text in ["a", "b", "c"] {
            _ = server.rooms.post(LogIndex(10), in: room)
            server.subscribe(
                to: room, of: "ann", after: .zero, joinedAt: LogIndex(5), on: stream,
                into: &effects)
        }
        return server
    }

    @Test func `rooms of one connection catch up one after another`() {
        let stream = StreamID(9_999)
        var effects = Effects<SyncNet>()
        var server = Self.behind(on: stream, into: &effects)
        #expect(Self.fetches(effects) == ["a"])
        server.unsubscribe(from: "b", on: stream)
        effects = Effects<SyncNet>()
        server.caughtUp(
            [Self.message(10, previous: 0)], hasMore: false, of: "a", on: stream, into: &effects)
        #expect(Self.fetches(effects) == ["c"])
        server.unsubscribe(from: "c", on: stream)
        _ = server.rooms.post(LogIndex(20), in: "b")
        server.subscribe(
            to: "b", of: "ann", after: .zero, joinedAt: LogIndex(5), on: stream, into: &effects)
        #expect(Self.fetches(effects) == ["c", "b"])
    }

    @Test func `a page for which there are no stamps is asked for again when there are`() {
        let stream = StreamID(9_999)
        var effects = Effects<SyncNet>()
        var server = Self.behind(on: stream, into: &effects)
        let clock = server.clock
        server.clock = LamportClock(Stamp(server.writes.ceiling.number - 300))
        effects = Effects<SyncNet>()
        server.caughtUp(
            [Self.message(10, previous: 0)], hasMore: false, of: "a", on: stream, into: &effects)
        server.resumePages(into: &effects)
        #expect(Self.pushed(effects).isEmpty && Self.fetches(effects).isEmpty)
        server.clock = clock
        server.resumePages(into: &effects)
        #expect(Self.fetches(effects) == ["a"])
    }

    @Test func `a leave that is acknowledged after a later join leaves its subscription`() {
        var server = ChatTests.formed().servers[0]
        let stream = StreamID(9_999)
        var effects = Effects<SyncNet>()
        server.acceptedClient(stream, from: NodeID(2_000), into: &effects)
        func acknowledge(_ action: Action, at index: UInt64, after: LogIndex? = nil) {
            let command = Command(sender: "ann", request: nil, createdAt: 1, action: action)
            server.acknowledge(
                command, index, at: LogIndex(index), after: after, on: stream, into: &effects)
        }
        func rooms() -> [Text] { server.clients[stream]?.subscriptions.map(\.room) ?? [] }
        acknowledge(.join(room: "lobby"), at: 10)
        acknowledge(.join(room: "lobby"), at: 12)
        acknowledge(.leave(room: "lobby"), at: 11)
        #expect(rooms() == ["lobby"])
        acknowledge(.join(room: "lobby"), at: 14, after: .zero)
        acknowledge(.leave(room: "lobby"), at: 13)
        #expect(rooms() == ["lobby"])
        acknowledge(.leave(room: "lobby"), at: 15)
        #expect(rooms().isEmpty)
    }

    @Test func `a join that is acknowledged late brings what was said since`() {
        var server = ChatTests.formed().servers[0]
        let stream = StreamID(9_999)
        var effects = Effects<SyncNet>()
        server.acceptedClient(stream, from: NodeID(2_000), into: &effects)
        for index: UInt64 in [10, 20, 30] {
            _ = server.rooms.post(LogIndex(index), in: "lobby")
        }
        let join = Command(
            sender: "ann", request: nil, createdAt: 1, action: .join(room: "lobby"))
        server.acknowledge(join, 1, at: LogIndex(15), after: nil, on: stream, into: &effects)
        let queries = effects.list.compactMap { effect -> JournalQuery? in
            if case .fetch(let query, _) = effect { query } else { nil }
        }
        #expect(queries.count == 1)
        guard case .after(LogIndex(15), "lobby", _)? = queries.first else {
            Issue.record("\(queries)")
            return
        }
        effects = Effects<SyncNet>()
        server.caughtUp(
            [Self.message(20, previous: 10), Self.message(30, previous: 20)], hasMore: false,
            of: "lobby", on: stream, into: &effects)
        #expect(Self.pushed(effects) == [20, 30])
    }
}
