import StateMachine
import Testing

@testable import SyncNetProtocol

@Suite struct AccountTests {
    private static func request(
        _ sender: Text, _ body: ClientRequestBody, number: UInt64 = 1
    ) -> ClientRequest {
        ClientRequest(sender: sender, createdAt: 1, session: nil, request: number, body: body)
    }

    private static let join = ClientRequestBody.createJoin(room: "lobby", after: .zero)

    /// A cluster in which ada has an account with the password "sesame".
    private static func network(_ policy: AccountPolicy) -> TestNetwork {
        var network = TestNetwork(count: 3, accounts: policy)
        for node in 0..<3 { network.start(node) }
        network.run(for: .seconds(5))
        let stream = network.connectClient(to: 0)
        ask("root", .operatorLogin(token: "token"), on: stream, in: &network)
        ask("root", account("sesame"), on: stream, in: &network)
        #expect(ChatTests.nacks(network).isEmpty)
        return network
    }

    private static func account(_ password: Text) -> ClientRequestBody {
        .setAccount(name: "ada", password: password, isOperator: false)
    }

    private static func ask(
        _ sender: Text, _ body: ClientRequestBody, of node: Int = 0, on stream: StreamID,
        in network: inout TestNetwork
    ) {
        network.request(request(sender, body), to: node, on: stream)
        network.run(for: .seconds(1))
    }

    /// What a server refuses when somebody asks for these on one connection.
    private static func refusals(
        _ policy: AccountPolicy, by sender: Text = "ada", _ bodies: [ClientRequestBody]
    ) -> [NackReason] {
        var network = network(policy)
        let stream = network.connectClient(to: 2)
        for body in bodies { ask(sender, body, of: 2, on: stream, in: &network) }
        return ChatTests.nacks(network)
    }

    @Test func `where accounts are off, every name is free`() {
        #expect(Self.refusals(.off, [Self.join]).isEmpty)
    }

    @Test func `where accounts are optional, only names with an account need a login`() {
        #expect(Self.refusals(.optional, [Self.join]) == [.loginRequired])
        #expect(Self.refusals(.optional, by: "bob", [Self.join]).isEmpty)
        #expect(
            Self.refusals(.optional, [.login(password: "sesame"), Self.join]).isEmpty)
    }

    @Test func `where accounts are required, nothing but discovery is done without one`() {
        let questions: [ClientRequestBody] = [
            Self.join, .history(HistoryRequest(room: "lobby")),
            .chat(room: "lobby", text: "hello"), .leave(room: "lobby"),
            .invite(room: "lobby", guest: "bob"),
        ]
        #expect(
            Self.refusals(.required, by: "bob", questions)
                == questions.map { _ in .loginRequired })
        #expect(
            Self.refusals(.required, by: "bob", [.discovery(status: true), .statusLine])
                .isEmpty)
        #expect(
            Self.refusals(.required, [.login(password: "sesame"), Self.join]).isEmpty)
    }

    @Test func `a login is good for its own name only`() {
        var network = Self.network(.required)
        let stream = network.connectClient(to: 1)
        Self.ask("ada", .login(password: "sesame"), of: 1, on: stream, in: &network)
        Self.ask("bob", Self.join, of: 1, on: stream, in: &network)
        #expect(ChatTests.nacks(network) == [.loginRequired])
    }

    @Test func `who logs in as somebody else is not shown what the former user follows`() {
        var network = Self.network(.required)
        let root = network.connectClient(to: 0)
        Self.ask("root", .operatorLogin(token: "token"), on: root, in: &network)
        Self.ask(
            "root", .setAccount(name: "bob", password: "open", isOperator: false), on: root,
            in: &network)
        let stream = network.connectClient(to: 2)
        Self.ask("ada", .login(password: "sesame"), of: 2, on: stream, in: &network)
        Self.ask("ada", Self.join, of: 2, on: stream, in: &network)
        #expect(network.servers[2].clients[stream]?.subscriptions.count == 1)
        Self.ask("bob", .login(password: "open"), of: 2, on: stream, in: &network)
        #expect(network.servers[2].clients[stream]?.login.name == "bob")
        #expect(network.servers[2].clients[stream]?.subscriptions.count == 0)
    }

    @Test func `a wrong password, or none of its own, is refused, and not for ever`() {
        let wrong = ClientRequestBody.login(password: "simsalabim")
        #expect(
            Self.refusals(.required, [wrong, wrong, Self.join])
                == [.badLogin, .badLogin, .loginRequired])
        #expect(Self.refusals(.required, by: "bob", [wrong]) == [.badLogin])
        var server = Self.network(.required).servers[0]
        let stream = StreamID(9_999)
        var effects = Effects<SyncNet>()
        server.acceptedClient(stream, from: NodeID(2_000), into: &effects)
        for _ in 1...3 {
            server.takeLogin(
                "simsalabim", Self.request("ada", wrong), .zero, on: stream, into: &effects)
            server.passwordDone(server.lastPasswordJob, nil, into: &effects)
        }
        #expect(effects.list.contains { $0 == .close(stream) })
    }

    @Test func `only an operator changes accounts, and everybody their own password`() {
        #expect(
            Self.refusals(
                .optional, by: "bob",
                [Self.account("mine now"), .removeAccount(name: "ada"), .listAccounts(after: "")])
                == [.notAllowed, .notAllowed, .notAllowed])
        let raised = ClientRequestBody.setAccount(
            name: "ada", password: "x", isOperator: true)
        #expect(
            Self.refusals(.optional, [.login(password: "sesame"), raised]) == [.notAllowed])
        #expect(Self.refusals(.optional, [.operatorLogin(token: "guessed")]) == [.badLogin])
    }

    @Test func `a changed password ends what was begun by the old one`() {
        var network = Self.network(.required)
        let stream = network.connectClient(to: 1)
        Self.ask("ada", .login(password: "sesame"), of: 1, on: stream, in: &network)
        Self.ask("ada", Self.join, of: 1, on: stream, in: &network)
        let own = network.connectClient(to: 2)
        Self.ask("ada", .login(password: "sesame"), of: 2, on: own, in: &network)
        Self.ask("ada", Self.account("open"), of: 2, on: own, in: &network)
        #expect(ChatTests.nacks(network) == [.loginRequired, .loginRequired])
        Self.ask("ada", .login(password: "open"), of: 2, on: own, in: &network)
        Self.ask("ada", .chat(room: "lobby", text: "hello"), of: 2, on: own, in: &network)
        #expect(ChatTests.texts(network, stream).isEmpty)
        Self.ask("ada", .login(password: "sesame"), of: 1, on: stream, in: &network)
        #expect(ChatTests.nacks(network).last == .badLogin)
    }

    @Test func `a password that is not looked at is answered, and may come again`() {
        var server = Self.network(.required).servers[0]
        let stream = StreamID(9_999)
        let login = Self.request("ada", .login(password: "sesame"))
        var effects = Effects<SyncNet>()
        server.acceptedClient(stream, from: NodeID(2_000), into: &effects)
        server.takeLogin("sesame", login, .zero, on: stream, into: &effects)
        server.passwordTurnedAway(server.lastPasswordJob, into: &effects)
        #expect(server.passwordJobs.isEmpty)
        let reasons = effects.list.compactMap { effect -> NackReason? in
            guard case .send(let message, stream) = effect,
                case .reply(.nack(1, let reason, _)) = message.body
            else { return nil }
            return reason
        }
        #expect(reasons == [.overloaded])
        server.takeLogin("sesame", login, .zero, on: stream, into: &effects)
        #expect(server.passwordJobs.count == 1)
    }

    @Test func `accounts are listed by name, and a removed one is gone`() {
        var network = Self.network(.required)
        let stream = network.connectClient(to: 1)
        Self.ask("root", .operatorLogin(token: "token"), of: 1, on: stream, in: &network)
        Self.ask("root", .listAccounts(after: ""), of: 1, on: stream, in: &network)
        Self.ask("root", .removeAccount(name: "ada"), of: 1, on: stream, in: &network)
        Self.ask("root", .removeAccount(name: "ada"), of: 1, on: stream, in: &network)
        let lists = network.replies.compactMap { reply -> [AccountEntry]? in
            if case .accounts(_, let list, _) = reply.reply { list } else { nil }
        }
        #expect(lists == [[AccountEntry(name: "ada", isOperator: false)]])
        #expect(ChatTests.nacks(network) == [.noSuchAccount])
        #expect(network.servers.allSatisfy { $0.accounts.list.isEmpty })
    }
}
