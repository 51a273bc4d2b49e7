import StateMachine
import SyncNetProtocol

extension [UInt8] {
    mutating func reply(_ reply: ClientReply, _ frame: EnvelopeFrame) {
        switch reply {
        case .done(let request, let room, let index):
            envelope(.ack, frame) { data in
                data.request(request)
                data.text("room", room)
                data.natural("index", index.number)
            }
        case .history(let request, let page):
            envelope(.ack, frame) { data in
                data.request(request)
                data.page(page)
            }
        case .nack(let request, let reason, let detail):
            envelope(.nack, frame) { data in
                data.request(request)
                data.word("reason", reason.word)
                data.text("detail", detail)
            }
        case .servers(let request, let servers, let status, let cluster):
            envelope(.serverList, frame) { data in
                data.request(request)
                data.list("servers", servers) { $0.address($1) }
                if let cluster { data.text("cluster", Text(cluster.description)) }
                if let status { data.status(status) }
            }
        case .accounts(let request, let accounts, let hasMore):
            envelope(.serverList, frame) { data in
                data.request(request)
                data.list("accounts", accounts) { $0.account($1) }
                data.flag("more", hasMore)
            }
        case .pushed(let message): chat(message)
        case .statusLine(let text): append(contentsOf: text.utf8)
        }
    }

    /// A committed message, the same when it is pushed and in a page of history. Servers
    /// write little else, so its keys go out in as few pieces as may be.
    fileprivate mutating func chat(_ message: RoomMessage) {
        literal("{\"msg_type\":\"chat\",\"sender_id\":")
        string(message.sender)
        literal(",\"data\":{\"room\":")
        string(message.room)
        literal(",\"text\":")
        string(message.text)
        literal(",\"index\":")
        natural(message.index.number)
        literal(",\"previous\":")
        natural(message.previous.number)
        literal("},\"lamport_timestamp\":")
        natural(message.stamp.number)
        literal(",\"created_at\":")
        number(message.createdAt)
        literal("}")
    }

    fileprivate mutating func address(_ server: ServerAddress) {
        object { data in
            data.text("server_id", server.id)
            data.text("host", server.host)
            data.natural("port", UInt64(server.port))
            data.flag("leader", server.isLeader)
        }
    }

    fileprivate mutating func account(_ account: AccountEntry) {
        object { data in
            data.text("name", account.name)
            data.flag("operator", account.isOperator)
        }
    }

    fileprivate mutating func peer(_ peer: PeerStatus) {
        object { data in
            data.text("server_id", peer.id)
            data.flag("alive", peer.isAlive)
            if let silence = peer.silence {
                data.natural("silence_ms", silence.nanoseconds / 1_000_000)
            } else {
                data.null("silence_ms")
            }
            data.natural("commit", peer.commit.number)
        }
    }
}

extension DataWriter {
    fileprivate mutating func request(_ number: UInt64?) {
        if let number { natural("request", number) }
    }

    fileprivate mutating func page(_ page: HistoryPage) {
        text("room", page.room)
        list("messages", page.messages) { $0.chat($1) }
        flag("more", page.hasMore)
        if let members = page.members { list("members", members) { $0.string($1) } }
        if page.isPrivate { flag("private", true) }
    }

    fileprivate mutating func status(_ status: ServerStatus) {
        object("status") { data in
            data.text("server_id", status.id)
            data.word("role", status.role.word)
            data.natural("epoch", status.epoch.number)
            data.natural("commit", status.commit.number)
            data.natural("applied", status.applied.number)
            data.natural("last", status.last.number)
            if let leader = status.leader {
                data.text("leader", leader)
            } else {
                data.null("leader")
            }
            data.list("peers", status.peers) { $0.peer($1) }
        }
    }
}
