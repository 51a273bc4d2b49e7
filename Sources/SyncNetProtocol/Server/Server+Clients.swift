package import StateMachine

extension Server {
    package mutating func acceptedClient(
        _ stream: StreamID, from node: NodeID, into effects: inout Effects<SyncNet>
    ) {
        if bugs.contains(.x5AnswersOfFormerConnection) {
            if let former = formerConnections[node] { waiting.move(from: former, to: stream) }
            formerConnections[node] = stream
        }
        guard clients.count < limits.connections else {
            nack(.overloaded, "too many connections", nil, on: stream, into: &effects)
            effects.append(.close(stream))
            return
        }
        clients.add(stream)
    }

    package mutating func closedClient(_ stream: StreamID, into effects: inout Effects<SyncNet>) {
        for subscription in clients.remove(stream) {
            rooms.unfollow(subscription.room, by: stream)
        }
    }

    /// A client's request.
    package mutating func received(
        _ request: ClientRequest, stamp: Stamp, on stream: StreamID,
        into effects: inout Effects<SyncNet>
    ) {
        guard clients.contains(stream) else { return }
        if let reason = refusal(of: request, on: stream) {
            nack(reason, reason.detail, request.request, on: stream, into: &effects)
            return
        }
        switch request.body {
        case .login(let password):
            takeLogin(password, request, stamp, on: stream, into: &effects)
        case .operatorLogin(let token):
            takeOperatorLogin(token, request, on: stream, into: &effects)
        case .setAccount(let name, let password, let isOperator):
            takeAccount(
                name, password, isOperator: isOperator, request, stamp, on: stream,
                into: &effects)
        case .removeAccount(let name):
            take(.removeAccount(name), request, stamp, on: stream, into: &effects)
        case .listAccounts(let name):
            listAccounts(after: name, request.request, on: stream, into: &effects)
        case .statusLine: answerStatusLine(on: stream, into: &effects)
        case .invalid(let reason, let detail, let closes):
            effects.append(.note(.refused(reason)))
            reply(
                .nack(request: request.request, reason, detail: detail), on: stream,
                into: &effects)
            if closes { effects.append(.close(stream)) }
        case .discovery(status: true):
            answerStatus(request: request.request, on: stream, into: &effects)
        case .discovery(status: false):
            reply(servers(request: request.request), on: stream, into: &effects)
        case .membership(let add, let id):
            takeChange(add: add, id, request.request, on: stream, into: &effects)
        case .history(let history):
            takeHistory(history, request, on: stream, into: &effects)
        case .createJoin(let room, _, let isPrivate):
            take(
                isPrivate ? .makePrivate(room: room) : .join(room: room), request, stamp,
                on: stream, into: &effects)
        case .invite(let room, let guest):
            take(
                .invite(room: room, guest: guest), request, stamp, on: stream, into: &effects)
        case .leave(let room):
            take(.leave(room: room), request, stamp, on: stream, into: &effects)
        case .chat(let room, let text):
            take(.chat(room: room, text: text), request, stamp, on: stream, into: &effects)
        }
    }

    /// A datagram of a stranger: only discovery is answered.
    package mutating func receivedFromStranger(
        _ message: Message, from node: NodeID, into effects: inout Effects<SyncNet>
    ) {
        guard case .request(let request) = message.body, case .discovery = request.body else {
            drop(.misplaced, into: &effects)
            return
        }
        datagram(.reply(servers(request: request.request)), to: node, into: &effects)
    }

    /// An operator names a server that shall be a member, or shall not.
    private mutating func takeChange(
        add: Bool, _ id: Text, _ request: UInt64?, on stream: StreamID,
        into effects: inout Effects<SyncNet>
    ) {
        guard case .member = phase, waiting.count < limits.waiting else {
            nack(.unavailable, NackReason.unavailable.detail, request, on: stream, into: &effects)
            return
        }
        guard let rank = configuration.members.firstIndex(where: { $0.id == id }) else {
            nack(
                .badRequest, "no server of this id is configured here", request, on: stream,
                into: &effects)
            return
        }
        let node = NodeID(UInt32(rank))
        ask(
            .membership(add ? .add(node) : .remove(node)),
            for: .operating(stream, request: request), into: &effects)
    }

    private func problem(of action: Action, _ request: ClientRequest) -> (NackReason, Text)? {
        if case .chat(_, let text) = action, text.utf8.count > limits.textBytes {
            return (.tooLarge, "text is longer than the limit")
        }
        if case .invite(_, let guest) = action, let problem = problem(ofName: guest, "invite") {
            return problem
        }
        let subject: (name: Text, what: String) =
            switch action {
            case .setAccount(let account): (account.name, "account name")
            case .removeAccount(let name): (name, "account name")
            default: (action.room, "room")
            }
        return problem(ofName: request.sender, "sender_id")
            ?? problem(ofName: subject.name, subject.what)
            ?? problem(ofRoomIn: action, request.sender)
            ?? request.session.flatMap { problem(ofName: $0, "session") }
            ?? problem(ofNumber: request)
    }

    private func problem(ofRoomIn action: Action, _ sender: Text) -> (NackReason, Text)? {
        switch action {
        case .join, .makePrivate: break
        case .invite, .leave, .chat, .setAccount, .removeAccount: return nil
        }
        guard let room = rooms[action.room] else {
            return rooms.count < limits.rooms
                ? nil : (.tooLarge, Text("there are \(limits.rooms) rooms already"))
        }
        guard room.members.count >= limits.roomMembers, !room.place(of: sender).isThere else {
            return nil
        }
        return (.tooLarge, Text("the room has \(limits.roomMembers) members already"))
    }

    private func problem(ofNumber request: ClientRequest) -> (NackReason, Text)? {
        guard request.session != nil else { return nil }
        guard let number = request.request, number > 0 else {
            return (.badRequest, "a session needs a request number from 1 on")
        }
        return nil
    }

    private func problem(ofName name: Text, _ what: String) -> (NackReason, Text)? {
        if name.isEmpty { return (.badRequest, Text("\(what) is empty")) }
        guard name.utf8.count > limits.nameBytes else { return nil }
        return (.tooLarge, Text("\(what) is longer than \(limits.nameBytes) bytes"))
    }

    package mutating func take(
        _ action: Action, _ request: ClientRequest, _ stamp: Stamp, on stream: StreamID,
        into effects: inout Effects<SyncNet>
    ) {
        if let (reason, detail) = problem(of: action, request) {
            nack(reason, detail, request.request, on: stream, into: &effects)
            return
        }
        guard case .member = phase, recovery == nil else {
            nack(
                .unavailable, "this server is not ready to serve", request.request, on: stream,
                into: &effects)
            return
        }
        guard waiting.count < limits.waiting else {
            nack(
                .overloaded, "too many requests wait in this server", request.request,
                on: stream, into: &effects)
            return
        }
        if let room = action.joined, !mayFollow(room, on: stream) {
            nack(
                .tooLarge, "this connection follows too many rooms: leave one first",
                request.request, on: stream, into: &effects)
            return
        }
        let command = Command(
            sender: request.sender, request: sessionRequest(of: request, on: stream),
            createdAt: request.createdAt ?? wall.seconds, action: action)
        let after: LogIndex? =
            if case .createJoin(_, let after, _) = request.body { after } else { nil }
        ask(
            .command(command, stamp: stamp),
            for: .client(stream, request: request.request, after: after), into: &effects)
        if bugs.contains(.l6ShownBeforeCommit) { showEarly(command, on: stream, into: &effects) }
    }

    private func mayFollow(_ room: Text, on stream: StreamID) -> Bool {
        guard let known = clients[stream]?.subscriptions else { return false }
        return known.count < limits.subscriptions || known.contains { $0.room == room }
    }

    private func sessionRequest(of request: ClientRequest, on stream: StreamID) -> SessionRequest? {
        guard var session = request.session, let number = request.request else { return nil }
        if bugs.contains(.c4SessionPerConnection) {
            session = Text("\(session.string)@\(me.rank).\(stream.number)")
        }
        return SessionRequest(session: session, number: number)
    }

    /// A write of a client was applied.
    package mutating func acknowledge(
        _ command: Command, _ request: UInt64?, at index: LogIndex, after: LogIndex?,
        on stream: StreamID, into effects: inout Effects<SyncNet>
    ) {
        guard clients.contains(stream) else {
            note(.clientLeftBeforeAnswer, into: &effects)
            return
        }
        effects.append(.note(.acknowledged(index)))
        let room = command.action.room
        reply(.done(request: request, room: room, index: index), on: stream, into: &effects)
        switch command.action {
        case .join, .makePrivate:
            subscribe(
                to: room, of: command.sender, after: after, joinedAt: index, on: stream,
                into: &effects)
        case .leave: unsubscribe(from: room, leftAt: index, on: stream)
        case .chat, .invite, .setAccount, .removeAccount: break
        }
    }

    package mutating func reply(
        _ reply: ClientReply, on stream: StreamID, into effects: inout Effects<SyncNet>
    ) {
        send(.reply(reply), on: stream, into: &effects)
    }

    package mutating func nack(
        _ reason: NackReason, _ detail: Text, _ request: UInt64?, on stream: StreamID,
        into effects: inout Effects<SyncNet>
    ) {
        effects.append(.note(.refused(reason)))
        reply(.nack(request: request, reason, detail: detail), on: stream, into: &effects)
    }
}

extension Action {
    /// The room that it is about; empty where it is about none.
    package var room: Text {
        switch self {
        case .join(let room), .leave(let room), .chat(let room, _), .makePrivate(let room),
            .invite(let room, _):
            room
        case .setAccount, .removeAccount: ""
        }
    }

    /// The room that its sender wants to be in; nil where it is about something else.
    package var joined: Text? {
        switch self {
        case .join(let room), .makePrivate(let room): room
        case .leave, .chat, .invite, .setAccount, .removeAccount: nil
        }
    }
}

extension NackReason {
    /// A sentence for people, where the place that refuses has none of its own.
    package var detail: Text {
        switch self {
        case .noLeader: "no quorum of servers answers right now; try again"
        case .badRequest: "the request makes no sense"
        case .tooLarge: "the request is over a limit"
        case .notJoined: "join the room first"
        case .overloaded: "the servers have more to do than they take on; try again"
        case .gap: "an earlier request of the session is missing; send again from there"
        case .unknownSession: "the session was never seen or was forgotten; begin a new one"
        case .unknownOutcome: "it is not known whether the request was applied"
        case .unavailable: "this server is not ready to serve"
        case .notAMember: "the room is private: only members get in, by a member's invitation"
        case .loginRequired: "log in first: client_discovery with login and a password"
        case .badLogin: "the password is wrong, or there is no such account"
        case .notAllowed: "only an operator may do that: log in as one"
        case .noSuchAccount: "there is no account of that name"
        case .tlsRequired: "this server speaks only TLS: connect so, and trust its authority"
        case .roomIsOpen: "the room is open to everybody, and stays so"
        case .notReady:
            "not now: another change is under way, or too few servers would answer; try again"
        }
    }
}
