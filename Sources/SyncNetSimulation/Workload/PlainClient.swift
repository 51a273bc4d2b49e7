package import StateMachine
package import SyncNetProtocol

/// A client as somebody writes it in an afternoon: no session, no numbers that outlive a
/// connection, no retry. It tells its owner that it does not know what came of a request
/// when the connection breaks, and follows no room.
package struct PlainClient: StateMachine {
    /// SyncNet's.
    package typealias Words = SyncNet

    /// Who it is.
    package let me: NodeID
    /// As whom it speaks.
    package let name: Text
    private let timing: Timing
    private let talksNonsense: Bool
    private let isLoyal: Bool
    /// What it shows on every connection, to change accounts.
    private let token: Text?
    private var servers: [NodeID] = []
    private var next = 0
    private var stream: StreamID?
    private var isOpening = false
    private var hasQuit = false
    private var stamp: UInt64 = 0
    private var orders: [UInt64] = []
    /// Those of the orders that ask for the status line, oldest first.
    private var statusOrders: [UInt64] = []
    /// What it tries again and again as long as it is told that it is wrong.
    private var guess: (name: Text, login: ClientRequestBody)?
    /// The highest index that it was told: what it reads later is not to be older.
    private var seen = LogIndex.zero

    /// What nobody waits for is numbered from here: the answers are not looked at.
    private static let firstLoginNumber: UInt64 = 1 << 40

    /// Makes a plain client. A loyal one knows one server, and comes back to it at once. One with
    /// a token takes a change of members for one of accounts: of a name and a password, as all
    /// take what they log in with; and where it is to ask for the servers it asks for the accounts.
    package init(
        me: NodeID, name: Text, timing: Timing, talksNonsense: Bool = false,
        isLoyal: Bool = false, token: Text? = nil
    ) {
        self.token = token
        self.isLoyal = isLoyal
        self.talksNonsense = talksNonsense
        self.me = me
        self.name = name
        self.timing = timing
    }

    /// Takes an event.
    package mutating func handle(
        _ event: Event<SyncNet>, now: ClockReading, into effects: inout Effects<SyncNet>
    ) {
        switch event {
        case .input(let input): asked(input, now, &effects)
        case .opened(let stream, let server):
            isOpening = false
            guard !hasQuit else { return effects.append(.close(stream)) }
            self.stream = stream
            if let token { send(.operatorLogin(token: token), nil, now, on: stream, &effects) }
            effects.append(.output(.connected(server)))
        case .openFailed:
            isOpening = false
            pause(&effects)
        case .message(let message, let stream):
            stamp = max(stamp, message.stamp.number) + 1
            guard stream == self.stream, case .reply(let reply) = message.body else { return }
            answered(reply, &effects)
            guard let guess, case .nack(_, .badLogin, _) = reply else { return }
            send(guess.login, nil, now, as: guess.name, on: stream, &effects)
        case .closed(let stream) where stream == self.stream: lost(&effects)
        case .timer(.reconnectClient): connect(&effects)
        case .timer(.answer):
            guard !orders.isEmpty, let stream else { return }
            effects.append(.close(stream))
            lost(&effects)
        default: break
        }
    }

    private mutating func asked(
        _ input: ClientInput, _ now: ClockReading, _ effects: inout Effects<SyncNet>
    ) {
        switch input {
        case .servers(let servers):
            self.servers = servers
            connect(&effects)
        case .join(let order, let room, _, let isPrivate):
            let after: LogIndex? = order % 4 == 0 ? .zero : nil
            request(
                order, .createJoin(room: room, after: after, isPrivate: isPrivate), now, &effects)
        case .invite(let order, let room, let guest):
            request(order, .invite(room: room, guest: guest), now, &effects)
        case .leave(let order, let room): request(order, .leave(room: room), now, &effects)
        case .say(let order, let room, let text):
            request(order, .chat(room: room, text: text), now, &effects)
        case .history(let order, var history):
            history.seen = max(history.seen, seen)
            request(order, .history(history), now, &effects)
        case .discover(let order, let status):
            // The guide's monitor asks with a line of its own, which has no number.
            let list: ClientRequestBody =
                token == nil ? .discovery(status: false) : .listAccounts(after: Self.name(order))
            request(order, status ? .statusLine : list, now, &effects)
        case .logIn(let password):
            guard let stream else { return }
            let who = AccountOrder(add: true, password)
            let login = ClientRequestBody.login(password: who.password ?? "")
            send(login, nil, now, as: who.name, on: stream, &effects)
            // Some go on guessing, more often than anybody may.
            guess = stamp % 2 == 0 ? (who.name, login) : nil
        case .passwordDone, .passwordTurnedAway: break
        case .change(let order, let add, let id):
            let change: ClientRequestBody =
                token == nil
                ? .membership(add: add, id: id) : AccountOrder(add: add, id).body
            request(order, change, now, &effects)
        case .quit:
            hasQuit = true
            orders.removeAll()
            if let stream { effects.append(.close(stream)) }
            stream = nil
        }
    }

    /// After whom somebody wants to see the accounts: from the first one on, or from the middle.
    private static func name(_ order: UInt64) -> Text {
        order % 3 == 0 ? "" : Text("c\(order % 9)")
    }

    private mutating func request(
        _ order: UInt64, _ body: ClientRequestBody, _ now: ClockReading,
        _ effects: inout Effects<SyncNet>
    ) {
        guard let stream else {
            let detail: Text = "not connected"
            return effects.append(.output(.refused(order: order, .unavailable, detail: detail)))
        }
        if talksNonsense, order % 5 == 2 { sayNonsense(order / 5, on: stream, &effects) }
        orders.append(order)
        if body == .statusLine { statusOrders.append(order) }
        send(body, order, now, on: stream, &effects)
        effects.append(.arm(.answer, within: timing.request * 2...timing.request * 3))
    }

    private mutating func send(
        _ body: ClientRequestBody, _ order: UInt64?, _ now: ClockReading, as sender: Text? = nil,
        on stream: StreamID, _ effects: inout Effects<SyncNet>
    ) {
        stamp += 1
        let request = ClientRequest(
            sender: sender ?? name, createdAt: now.wall.seconds, session: nil,
            request: order ?? Self.firstLoginNumber + stamp, body: body)
        effects.append(
            .send(Message(stamp: Stamp(stamp), body: .request(request)), on: stream))
    }

    /// What somebody sends who has not read how to: the codec puts it on the wire as it is.
    private mutating func sayNonsense(
        _ number: UInt64, on stream: StreamID, _ effects: inout Effects<SyncNet>
    ) {
        stamp += 1
        let body = ClientRequestBody.invalid(
            .badRequest, detail: Nonsense.line(number), closes: false)
        let request = ClientRequest(
            sender: name, createdAt: nil, session: nil, request: nil, body: body)
        effects.append(
            .send(Message(stamp: Stamp(stamp), body: .request(request)), on: stream))
    }

    private mutating func answered(_ reply: ClientReply, _ effects: inout Effects<SyncNet>) {
        switch reply {
        case .done(let order?, _, let index):
            seen = max(seen, index)
            if take(order) { effects.append(.output(.done(order: order, index))) }
        case .history(let order?, let page):
            seen = max(seen, page.messages.last?.index ?? .zero)
            if take(order) { effects.append(.output(.page(order: order, page))) }
        case .pushed(let message): seen = max(seen, message.index)
        case .nack(let order?, let reason, let detail):
            guard take(order) else { return }
            effects.append(.output(.refused(order: order, reason, detail: detail)))
            leave(after: reason, &effects)
        case .accounts(let order?, _, _):
            if take(order) { effects.append(.output(.servers(order: order, [], nil))) }
        case .servers(let order?, let servers, let status, _):
            if take(order) { effects.append(.output(.servers(order: order, servers, status))) }
        case .statusLine:
            guard !statusOrders.isEmpty else { return }
            let order = statusOrders.removeFirst()
            if take(order) { effects.append(.output(.servers(order: order, [], nil))) }
        default: break
        }
    }

    /// Whoever is to get something done goes where that can be done.
    private mutating func leave(after reason: NackReason, _ effects: inout Effects<SyncNet>) {
        let isStuck = [.noLeader, .unavailable, .unknownOutcome].contains(reason)
        guard token != nil, isStuck, let stream else { return }
        effects.append(.close(stream))
        lost(&effects)
    }

    private mutating func take(_ order: UInt64) -> Bool {
        guard let place = orders.firstIndex(of: order) else { return false }
        orders.remove(at: place)
        return true
    }

    private mutating func lost(_ effects: inout Effects<SyncNet>) {
        stream = nil
        effects.append(.output(.disconnected))
        for order in orders {
            let detail: Text = "the connection broke"
            effects.append(
                .output(.refused(order: order, .unknownOutcome, detail: detail)))
        }
        orders.removeAll()
        statusOrders.removeAll()
        pause(&effects)
    }

    private mutating func pause(_ effects: inout Effects<SyncNet>) {
        guard !isLoyal else {
            let shortest = timing.reconnect / 100
            effects.append(.arm(.reconnectClient, within: shortest...shortest * 20))
            return
        }
        next += 1
        effects.append(
            .arm(.reconnectClient, within: timing.reconnect...timing.reconnect * 2))
    }

    private mutating func connect(_ effects: inout Effects<SyncNet>) {
        guard stream == nil, !isOpening, !hasQuit, !servers.isEmpty else { return }
        isOpening = true
        effects.append(.open(servers[next % servers.count]))
    }
}
