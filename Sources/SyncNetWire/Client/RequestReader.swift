import SyncNetProtocol

/// Makes a request of an envelope.
struct RequestReader {
    private let envelope: EnvelopeReader

    init(_ document: JSONDocument) { envelope = EnvelopeReader(document) }

    /// The request, or an invalid one with as much of it as could be read.
    var message: Message {
        do {
            return try request()
        } catch {
            return invalid(error)
        }
    }

    private func request() throws(EnvelopeError) -> Message {
        let type = try envelope.text("msg_type")
        let sender = try envelope.text("sender_id")
        let data = try envelope.inner("data")
        let stamp = try envelope.stamp()
        let (session, number) = try numbering(data)
        let request = ClientRequest(
            sender: sender, createdAt: envelope.createdAt(), session: session, request: number,
            body: try body(MessageType(type), data))
        return Message(stamp: stamp, body: .request(request))
    }

    /// A session numbers its requests from 1; without one, a number is for matching only.
    private func numbering(_ data: EnvelopeReader) throws(EnvelopeError) -> (Text?, UInt64?) {
        let session = try data.textIfAny("session")
        let number = try data.naturalIfAny("request")
        guard let session else { return (nil, number) }
        guard !session.isEmpty else {
            throw EnvelopeError(part: "session", expectation: EnvelopeReader.nonEmpty)
        }
        guard let number, number > 0 else {
            throw EnvelopeError(part: "request", expectation: "1 or more in a session")
        }
        return (session, number)
    }

    private func body(
        _ type: MessageType?, _ data: EnvelopeReader
    ) throws(EnvelopeError) -> ClientRequestBody {
        switch type {
        case .createJoin: try createJoin(data)
        case .chat: .chat(room: try data.text("room"), text: try data.text("text"))
        case .leave: try leave(data)
        case .history: .history(try history(data))
        case .clientDiscovery: try discovery(data)
        case .serverDiscovery: try membership(data)
        case .ack, .nack, .serverList, nil:
            throw EnvelopeError(
                part: "msg_type",
                expectation: "create_join, chat, leave, history or client_discovery")
        }
    }

    private func createJoin(
        _ data: EnvelopeReader
    ) throws(EnvelopeError) -> ClientRequestBody {
        if let account = try data.innerIfAny("account") {
            return .setAccount(
                name: try account.text("name"), password: try account.text("password"),
                isOperator: try account.flagIfAny("operator") ?? false)
        }
        let room = try data.text("room")
        if let guest = try data.textIfAny("invite") {
            return .invite(room: room, guest: guest)
        }
        return .createJoin(
            room: room, after: try data.indexIfAny("after"),
            isPrivate: try data.flagIfAny("private") ?? false)
    }

    private func leave(_ data: EnvelopeReader) throws(EnvelopeError) -> ClientRequestBody {
        if let account = try data.innerIfAny("account") {
            return .removeAccount(name: try account.text("name"))
        }
        return .leave(room: try data.text("room"))
    }

    private func discovery(_ data: EnvelopeReader) throws(EnvelopeError) -> ClientRequestBody {
        if let login = try data.innerIfAny("login") {
            if let token = try login.textIfAny("token") { return .operatorLogin(token: token) }
            return .login(password: try login.text("password"))
        }
        if let accounts = try data.innerIfAny("accounts") {
            return .listAccounts(after: try accounts.textIfAny("after") ?? "")
        }
        return .discovery(status: try data.flagIfAny("status") ?? false)
    }

    /// An operator names a server that shall be a member, or one that shall not.
    private func membership(_ data: EnvelopeReader) throws(EnvelopeError) -> ClientRequestBody {
        if let id = try data.textIfAny("add") { return .membership(add: true, id: id) }
        return .membership(add: false, id: try data.text("remove"))
    }

    private func history(_ data: EnvelopeReader) throws(EnvelopeError) -> HistoryRequest {
        let search = try data.textIfAny("search")
        let room = search == nil ? try data.text("room") : try data.textIfAny("room") ?? ""
        return HistoryRequest(
            room: room, after: try data.indexIfAny("after"),
            before: try data.indexIfAny("before"), limit: try data.naturalIfAny("limit"),
            isLinearizable: try data.flagIfAny("linearizable") ?? false,
            seen: try data.indexIfAny("seen") ?? .zero,
            wantsMembers: try data.flagIfAny("members") ?? false, search: search)
    }

    /// The number goes into the refusal, so that the client knows what was refused.
    private func invalid(_ error: EnvelopeError) -> Message {
        let data = try? envelope.innerIfAny("data")
        let request = ClientRequest(
            sender: (try? envelope.textIfAny("sender_id")) ?? "",
            createdAt: envelope.createdAt(), session: nil,
            request: try? data?.naturalIfAny("request"),
            body: .invalid(.badRequest, detail: error.detail, closes: false))
        return Message(
            stamp: (try? envelope.stamp()) ?? .zero, body: .request(request))
    }
}
