import StateMachine
import Testing

@testable import SyncNetProtocol

@Suite struct SearchTests {
    private static func request(
        _ body: ClientRequestBody, by sender: Text, number: UInt64? = nil
    ) -> ClientRequest {
        ClientRequest(sender: sender, createdAt: 1, session: nil, request: number, body: body)
    }

    /// Ada is in two rooms, bob in a third one; "red" was said in each.
    private static func network() -> (TestNetwork, StreamID) {
        var network = ChatTests.formed()
        let stream = network.connectClient(to: 1)
        for (sender, room) in [("ada", "den"), ("ada", "pub"), ("bob", "attic")] as [(Text, Text)] {
            let join = ClientRequestBody.createJoin(room: room, after: nil)
            network.request(request(join, by: sender), to: 1, on: stream)
            network.run(for: .seconds(1))
            let say = ClientRequestBody.chat(room: room, text: "red")
            network.request(request(say, by: sender), to: 1, on: stream)
            network.run(for: .seconds(1))
        }
        return (network, stream)
    }

    /// The rooms of what is found, or the reason why nothing is.
    private struct Found: Equatable {
        var rooms: [Text] = []
        var refusal: NackReason?
    }

    private static func search(
        _ words: Text, in room: Text = "", by sender: Text = "ada", before: UInt64? = nil,
        after: UInt64? = nil, limit: UInt64? = nil
    ) -> Found {
        var (network, stream) = network()
        let history = HistoryRequest(
            room: room, after: after.map { LogIndex($0) }, before: before.map { LogIndex($0) },
            limit: limit, search: words)
        network.request(request(.history(history), by: sender, number: 77), to: 1, on: stream)
        network.run(for: .seconds(1))
        for reply in network.replies.reversed() {
            switch reply.reply {
            case .history(request: 77, let page): return Found(rooms: page.messages.map(\.room))
            case .nack(request: 77, let reason, _): return Found(refusal: reason)
            default: continue
            }
        }
        return Found(rooms: ["no answer"])
    }

    @Test func `one finds what was said in the rooms of which one is a member`() {
        #expect(Self.search("red") == Found(rooms: ["den", "pub"]))
        #expect(Self.search("red", by: "bob") == Found(rooms: ["attic"]))
        #expect(Self.search("red", by: "eve") == Found())
        #expect(Self.search("red", in: "pub") == Found(rooms: ["pub"]))
    }

    @Test func `only members search in a room`() {
        #expect(Self.search("red", in: "pub", by: "bob") == Found(refusal: .notJoined))
        #expect(Self.search("red", in: "nowhere") == Found(refusal: .notJoined))
    }

    @Test func `a search that makes no sense is refused`() {
        #expect(Self.search("") == Found(refusal: .badRequest))
        #expect(Self.search("red", after: 3) == Found(refusal: .badRequest))
        #expect(Self.search("red", limit: 1_001) == Found(refusal: .tooLarge))
        let long = Text(String(repeating: "x", count: Limits.searchBytesMax + 1))
        #expect(Self.search(long) == Found(refusal: .tooLarge))
    }

    @Test func `the server asks again until all is indexed`() {
        var (network, stream) = Self.network()
        let search = HistoryRequest(room: "", search: "red")
        for _ in 1...2 {
            network.request(Self.request(.history(search), by: "ada"), to: 1, on: stream)
            network.run(for: .seconds(1))
        }
        #expect(network.searches.count == 3)
        #expect(network.searches.allSatisfy { $0 == network.searches[0] })
        #expect(network.searches[0].rooms == ["den", "pub"])
    }

    @Test func `a search is done again where its searcher has left a room meanwhile`() {
        var (network, stream) = Self.network()
        let leave = ClientRequestBody.leave(room: "pub")
        network.request(Self.request(leave, by: "ada"), to: 1, on: stream)
        network.run(for: .seconds(1))

        func effects(of room: Text, in rooms: [Text]) -> [Effect<SyncNet>] {
            var server = network.servers[1]
            var effects = Effects<SyncNet>()
            let query = SearchQuery(words: "red", rooms: rooms, before: .zero, limit: 9)
            let search = Fetch(
                ticket: Ticket(9_999),
                purpose: .search(stream, request: 77, query, room: room, reader: "ada"))
            server.searched(search, .messages([], more: true), into: &effects)
            return effects.list
        }

        let again = effects(of: "", in: ["den", "pub"])
        #expect(Self.queries(again).map(\.rooms) == [["den"]])
        #expect(Self.replies(again).isEmpty)
        #expect(Self.replies(effects(of: "pub", in: ["pub"])) == ["not_joined"])
        #expect(Self.replies(effects(of: "", in: ["den"])) == ["page"])
    }

    private static func queries(_ effects: [Effect<SyncNet>]) -> [SearchQuery] {
        effects.compactMap {
            if case .fetch(.search(let query), _) = $0 { query } else { nil }
        }
    }

    private static func replies(_ effects: [Effect<SyncNet>]) -> [String] {
        effects.compactMap {
            guard case .send(let message, _) = $0, case .reply(let reply) = message.body else {
                return nil
            }
            switch reply {
            case .nack(_, let reason, _): return reason.word.description
            case .history: return "page"
            default: return "\(reply)"
            }
        }
    }
}
