import StateMachine
import Testing

@testable import SyncNetProtocol

@Suite struct PrivateRoomTests {
    private static let den: Text = "den"

    private static func request(
        _ sender: Text, _ body: ClientRequestBody, number: UInt64? = nil, session: Text? = nil
    ) -> ClientRequest {
        ClientRequest(
            sender: sender, createdAt: 1, session: session, request: number, body: body)
    }

    private static func make(_ sender: Text) -> ClientRequest {
        request(sender, .createJoin(room: den, after: .zero, isPrivate: true))
    }

    private static func enter(_ sender: Text) -> ClientRequest {
        request(sender, .createJoin(room: den, after: .zero))
    }

    private static func say(_ text: Text, by sender: Text = "ada") -> ClientRequest {
        request(sender, .chat(room: den, text: text))
    }

    private static func read(_ sender: Text, members: Bool = false) -> ClientRequest {
        request(
            sender,
            .history(HistoryRequest(room: den, isLinearizable: true, wantsMembers: members)))
    }

    /// Ada has made the den on a connection to server 0, and said something there.
    private static func withDen() -> (network: TestNetwork, ada: StreamID) {
        var network = ChatTests.formed()
        let ada = network.connectClient(to: 0)
        network.request(make("ada"), to: 0, on: ada)
        network.request(say("between us"), to: 0, on: ada)
        network.run(for: .seconds(1))
        return (network, ada)
    }

    private static func ask(
        _ request: ClientRequest, of node: Int = 1, on stream: StreamID,
        in network: inout TestNetwork
    ) {
        network.request(request, to: node, on: stream)
        network.run(for: .seconds(1))
    }

    @Test func `a stranger neither enters nor reads nor speaks`() {
        var (network, ada) = Self.withDen()
        #expect(ChatTests.texts(network, ada) == ["between us"])
        let bob = network.connectClient(to: 1)
        for request in [
            Self.enter("bob"), Self.make("bob"), Self.read("bob"),
            Self.read("bob", members: true), Self.say("let me in", by: "bob"),
            Self.request("bob", .invite(room: Self.den, guest: "bob")),
        ] { Self.ask(request, on: bob, in: &network) }
        Self.ask(Self.say("still us"), of: 0, on: ada, in: &network)
        let stranger: NackReason = .notAMember
        #expect(
            ChatTests.nacks(network)
                == [stranger, stranger, stranger, stranger, .notJoined, stranger])
        #expect(ChatTests.texts(network, bob).isEmpty)
        #expect(
            !network.replies.contains { if case .history = $0.reply { true } else { false } })
    }

    @Test func `whom a member has invited reads all of it, on every server`() {
        var (network, ada) = Self.withDen()
        let invitation = Self.request("ada", .invite(room: Self.den, guest: "bob"))
        Self.ask(invitation, of: 0, on: ada, in: &network)
        for node in 0..<3 {
            let bob = network.connectClient(to: node)
            Self.ask(Self.enter("bob"), of: node, on: bob, in: &network)
            #expect(ChatTests.texts(network, bob) == ["between us"])
        }
        #expect(ChatTests.nacks(network).isEmpty)
    }

    @Test func `who leaves is shown no more, and does not get in again uninvited`() {
        var (network, ada) = Self.withDen()
        let other = network.connectClient(to: 2)
        Self.ask(Self.enter("ada"), of: 2, on: other, in: &network)
        let invitation = Self.request("ada", .invite(room: Self.den, guest: "bob"))
        let bob = network.connectClient(to: 1)
        Self.ask(invitation, of: 0, on: ada, in: &network)
        Self.ask(Self.enter("bob"), on: bob, in: &network)
        Self.ask(Self.request("ada", .leave(room: Self.den)), of: 0, on: ada, in: &network)
        Self.ask(Self.say("alone", by: "bob"), on: bob, in: &network)
        for stream in [ada, other] {
            #expect(ChatTests.texts(network, stream) == ["between us"])
        }
        Self.ask(Self.enter("ada"), of: 0, on: ada, in: &network)
        #expect(ChatTests.nacks(network).last == .notAMember)
        #expect(ChatTests.texts(network, bob) == ["between us", "alone"])
    }

    /// What a retry of a join brings to who has left the room since.
    private static func texts(ofRetryWith bugs: PlantedBugs) -> [String] {
        var network = ChatTests.formed(bugs: bugs)
        let former = network.connectClient(to: 0)
        let join = request(
            "ada", .createJoin(room: den, after: .zero, isPrivate: true), number: 1, session: "s")
        ask(join, of: 0, on: former, in: &network)
        ask(
            request("ada", .chat(room: den, text: "secret"), number: 2, session: "s"), of: 0,
            on: former, in: &network)
        ask(
            request("ada", .leave(room: den), number: 3, session: "s"), of: 0, on: former,
            in: &network)
        let later = network.connectClient(to: 2)
        ask(join, of: 2, on: later, in: &network)
        return ChatTests.texts(network, later)
    }

    @Test func `a join that is answered again subscribes nobody who has left`() {
        #expect(Self.texts(ofRetryWith: []).isEmpty)
        #expect(Self.texts(ofRetryWith: .p23RetryShowsPrivateRoom) == ["secret"])
    }

    @Test func `an open room stays open, and nobody is invited there`() {
        var network = ChatTests.formed()
        let ada = network.connectClient(to: 0)
        Self.ask(Self.enter("ada"), of: 0, on: ada, in: &network)
        Self.ask(Self.make("ada"), of: 0, on: ada, in: &network)
        let invitation = Self.request("ada", .invite(room: Self.den, guest: "bob"))
        Self.ask(invitation, of: 0, on: ada, in: &network)
        #expect(ChatTests.nacks(network) == [.roomIsOpen, .roomIsOpen])
    }

    /// How many messages a server sends to the multicast group when it applies one of a room.
    private static func published(isPrivate: Bool, bugs: PlantedBugs = []) -> Int {
        var server = ChatTests.formed(bugs: bugs).servers[0]
        if isPrivate {
            _ = server.rooms.makePrivate(den, for: "ada")
        } else {
            _ = server.rooms.join("ada", den)
        }
        var effects = Effects<SyncNet>()
        let message = RoomMessage(
            room: den, index: LogIndex(9), previous: .zero, stamp: Stamp(9), sender: "ada",
            createdAt: 1, text: "hello")
        server.push(message, into: &effects)
        return effects.list.count { if case .publish = $0 { true } else { false } }
    }

    @Test func `a private room is never multicast`() {
        #expect(Self.published(isPrivate: false) == 1)
        #expect(Self.published(isPrivate: true) == 0)
        #expect(Self.published(isPrivate: true, bugs: .p25PrivateRoomPublished) == 1)
    }

    @Test func `a start knows again which rooms are private`() {
        let record = RoomRecord(
            name: Self.den, latest: LogIndex(4), members: ["ada"], isPrivate: true)
        #expect(!RoomTable([record]).isOpen(Self.den, to: "bob"))
        #expect(RoomTable([record]).isOpen(Self.den, to: "ada"))
        #expect(RoomTable([record], bugs: .p26PrivacyNotRestored).isOpen(Self.den, to: "bob"))
    }
}
