import StateMachine
import SyncNetProtocol

extension EnvelopeReader {
    /// The reply that this envelope is.
    func reply() throws(EnvelopeError) -> Message {
        let type = MessageType(try text("msg_type"))
        let data = try inner("data")
        let stamp = try stamp()
        let request = try data.naturalIfAny("request")
        let reply: ClientReply
        switch type {
        case .ack where data.has("messages"): reply = .history(request: request, try data.page())
        case .ack:
            reply = .done(
                request: request, room: try data.text("room"), index: try data.index("index"))
        case .nack:
            reply = .nack(
                request: request, try data.reason(), detail: try data.textIfAny("detail") ?? "")
        case .serverList where data.has("accounts"):
            reply = .accounts(
                request: request, try data.accounts(), hasMore: try data.flag("more"))
        case .serverList:
            reply = .servers(
                request: request, try data.addresses(), try data.status(),
                cluster: try data.cluster())
        case .chat: reply = .pushed(try chat())
        default: throw EnvelopeError(part: "msg_type", expectation: "that of a reply")
        }
        return Message(stamp: stamp, body: .reply(reply))
    }

    private func chat() throws(EnvelopeError) -> RoomMessage {
        let data = try inner("data")
        guard let createdAt = createdAt() else {
            throw EnvelopeError(part: "created_at", expectation: "a finite number")
        }
        return RoomMessage(
            room: try data.text("room"), index: try data.index("index"),
            previous: try data.index("previous"), stamp: try stamp(),
            sender: try text("sender_id"), createdAt: createdAt, text: try data.text("text"))
    }

    private func page() throws(EnvelopeError) -> HistoryPage {
        var messages: [RoomMessage] = []
        for message in try objects("messages") { messages.append(try message.chat()) }
        return HistoryPage(
            room: try text("room"), messages: messages, hasMore: try flag("more"),
            members: has("members") ? try texts("members") : nil,
            isPrivate: has("private") ? try flag("private") : false)
    }

    /// A later server may know more reasons. All but `unknown_outcome` mean "not applied".
    private func reason() throws(EnvelopeError) -> NackReason {
        let word = try text("reason")
        return NackReason.allCases.first { word.isEqual(to: $0.word) } ?? .unavailable
    }

    private func addresses() throws(EnvelopeError) -> [ServerAddress] {
        var addresses: [ServerAddress] = []
        for server in try objects("servers") {
            guard let port = UInt16(exactly: try server.natural("port")) else {
                throw EnvelopeError(part: "port", expectation: "an integer from 0 to 65535")
            }
            addresses.append(
                ServerAddress(
                    id: try server.text("server_id"), host: try server.text("host"), port: port,
                    isLeader: try server.flag("leader")))
        }
        return addresses
    }

    private func accounts() throws(EnvelopeError) -> [AccountEntry] {
        var accounts: [AccountEntry] = []
        for account in try objects("accounts") {
            accounts.append(
                AccountEntry(
                    name: try account.text("name"), isOperator: try account.flag("operator")))
        }
        return accounts
    }

    private func cluster() throws(EnvelopeError) -> ClusterID? {
        guard let text = try textIfAny("cluster") else { return nil }
        guard let name = ClusterID(text.string) else {
            throw EnvelopeError(part: "cluster", expectation: "a hexadecimal number")
        }
        return name
    }

    private func status() throws(EnvelopeError) -> ServerStatus? {
        guard let status = try innerIfAny("status") else { return nil }
        var peers: [PeerStatus] = []
        for peer in try status.objects("peers") { peers.append(try peer.peer()) }
        return ServerStatus(
            id: try status.text("server_id"), role: try status.role(),
            epoch: Epoch(try status.natural("epoch")), commit: try status.index("commit"),
            applied: try status.index("applied"), last: try status.index("last"),
            leader: try status.textIfAny("leader"), peers: peers)
    }

    private func role() throws(EnvelopeError) -> ServerRole {
        let word = try text("role")
        guard let role = ServerRole.allCases.first(where: { word.isEqual(to: $0.word) }) else {
            throw EnvelopeError(part: "role", expectation: "a known word")
        }
        return role
    }

    private func peer() throws(EnvelopeError) -> PeerStatus {
        PeerStatus(
            id: try text("server_id"), isAlive: try flag("alive"), silence: try silence(),
            commit: try index("commit"))
    }

    private func silence() throws(EnvelopeError) -> Interval? {
        guard let milliseconds = try naturalIfAny("silence_ms") else { return nil }
        let (nanoseconds, isOver) = milliseconds.multipliedReportingOverflow(by: 1_000_000)
        guard !isOver else {
            throw EnvelopeError(part: "silence_ms", expectation: "a length of time")
        }
        return Interval(nanoseconds: nanoseconds)
    }
}
