import SyncNetProtocol

extension [UInt8] {
    mutating func request(_ request: ClientRequest, stamp: Stamp) {
        let frame = EnvelopeFrame(
            sender: request.sender, stamp: stamp, createdAt: request.createdAt)
        guard let type = request.body.type else { return literal(request.body.plainLine) }
        envelope(type, frame) { data in
            if let session = request.session { data.text("session", session) }
            if let number = request.request { data.natural("request", number) }
            data.parts(of: request.body)
        }
    }
}

extension ClientRequestBody {
    /// None where it is no envelope.
    fileprivate var type: MessageType? {
        switch self {
        case .createJoin, .invite, .setAccount: .createJoin
        case .chat: .chat
        case .leave, .removeAccount: .leave
        case .history: .history
        case .discovery, .login, .operatorLogin, .listAccounts: .clientDiscovery
        case .membership: .serverDiscovery
        case .statusLine, .invalid: nil
        }
    }

    /// What was read as nonsense is written as nonsense.
    fileprivate var plainLine: StaticString {
        self == .statusLine ? ClientCodec.statusRequest : "?"
    }
}

extension DataWriter {
    fileprivate mutating func parts(of body: ClientRequestBody) {
        switch body {
        case .createJoin(let room, let after, let isPrivate):
            text("room", room)
            if let after { natural("after", after.number) }
            if isPrivate { flag("private", true) }
        case .invite(let room, let guest):
            text("room", room)
            text("invite", guest)
        case .chat(let room, let text):
            self.text("room", room)
            self.text("text", text)
        case .leave(let room): text("room", room)
        case .history(let request): history(request)
        case .discovery(let wantsStatus): if wantsStatus { flag("status", true) }
        case .login(let password): object("login") { $0.text("password", password) }
        case .operatorLogin(let token): object("login") { $0.text("token", token) }
        case .listAccounts(let name): object("accounts") { $0.text("after", name) }
        case .removeAccount(let name): object("account") { $0.text("name", name) }
        case .setAccount(let name, let password, let isOperator):
            object("account") { account in
                account.text("name", name)
                account.text("password", password)
                if isOperator { account.flag("operator", true) }
            }
        case .membership(let add, let id): text(add ? "add" : "remove", id)
        case .statusLine, .invalid: break
        }
    }

    private mutating func history(_ request: HistoryRequest) {
        if let words = request.search { text("search", words) }
        if request.search == nil || !request.room.isEmpty { text("room", request.room) }
        if let after = request.after { natural("after", after.number) }
        if let before = request.before { natural("before", before.number) }
        if let limit = request.limit { natural("limit", limit) }
        if request.isLinearizable { flag("linearizable", true) }
        if request.seen > .zero { natural("seen", request.seen.number) }
        if request.wantsMembers { flag("members", true) }
    }
}
