import StateMachine
import SyncNetProtocol

/// A message as servers send it to each other has their own form, in the version that holds
/// all of it; one of or to a client has a form of the record's own, as a line of the client
/// protocol does not tell everything apart that machines do.
extension Message: Recordable {
    private static let request: UInt8 = 0x50
    private static let reply: UInt8 = 0x51
    private static let isVersionOne: UInt8 = 0x80

    func write(into bytes: inout [UInt8]) {
        switch body {
        case .request(let request): bytes.tagged(Self.request, stamp, request)
        case .reply(let reply): bytes.tagged(Self.reply, stamp, reply)
        default:
            let version = body.recordedVersion
            let kind = MessageKind(body).rawValue
            bytes.tagged(version == .one ? kind | Self.isVersionOne : kind, stamp)
            bytes.write(atMost: SizeBound.of(body)) { $0.body(body, version) }
        }
    }

    init(from reader: inout ByteReader) throws(WireError) {
        let tag = try reader.byte()
        let stamp: Stamp = try reader.read()
        switch tag {
        case Self.request: self.init(stamp: stamp, body: .request(try reader.read()))
        case Self.reply: self.init(stamp: stamp, body: .reply(try reader.read()))
        default:
            guard let kind = MessageKind(rawValue: tag & ~Self.isVersionOne) else {
                throw .unknownKind(tag)
            }
            let version: PeerVersion = tag & Self.isVersionOne == 0 ? .two : .one
            self.init(stamp: stamp, body: try reader.body(of: kind, version))
        }
    }
}

extension Body {
    /// Only the first version has no word for whether a server recovers.
    fileprivate var recordedVersion: PeerVersion {
        switch self {
        case .heartbeat(let beat): beat.isRecovering == nil ? .one : .two
        case .heartbeatAnswer(let answer): answer.heartbeat.isRecovering == nil ? .one : .two
        default: .two
        }
    }
}

extension ClientRequest: Recordable {
    func write(into bytes: inout [UInt8]) { bytes.put(sender, createdAt, session, request, body) }
    init(from reader: inout ByteReader) throws(WireError) {
        self.init(
            sender: try reader.read(), createdAt: try reader.read(), session: try reader.read(),
            request: try reader.read(), body: try reader.read())
    }
}

extension HistoryRequest: Recordable {
    func write(into bytes: inout [UInt8]) {
        bytes.put(room, after, before, limit, isLinearizable, seen, wantsMembers, search)
    }

    init(from reader: inout ByteReader) throws(WireError) {
        self.init(
            room: try reader.read(), after: try reader.read(), before: try reader.read(),
            limit: try reader.read(), isLinearizable: try reader.read(),
            seen: try reader.read(), wantsMembers: try reader.read(), search: try reader.read())
    }
}

extension ClientRequestBody: Recordable {
    func write(into bytes: inout [UInt8]) {
        switch self {
        case .createJoin(let room, let after, let isPrivate):
            bytes.tagged(0, room, after, isPrivate)
        case .invite(let room, let guest): bytes.tagged(1, room, guest)
        case .chat(let room, let text): bytes.tagged(2, room, text)
        case .leave(let room): bytes.tagged(3, room)
        case .history(let history): bytes.tagged(4, history)
        case .discovery(let status): bytes.tagged(5, status)
        case .login(let password): bytes.tagged(6, password)
        case .operatorLogin(let token): bytes.tagged(7, token)
        case .setAccount(let name, let password, let isOperator):
            bytes.tagged(8, name, password, isOperator)
        case .removeAccount(let name): bytes.tagged(9, name)
        case .listAccounts(let after): bytes.tagged(10, after)
        case .membership(let add, let id): bytes.tagged(11, add, id)
        case .statusLine: bytes.append(12)
        case .invalid(let reason, let detail, let closes):
            bytes.tagged(13, reason, detail, closes)
        }
    }

    init(from reader: inout ByteReader) throws(WireError) {
        switch try reader.byte() {
        case 0:
            self = .createJoin(
                room: try reader.read(), after: try reader.read(), isPrivate: try reader.read())
        case 1: self = .invite(room: try reader.read(), guest: try reader.read())
        case 2: self = .chat(room: try reader.read(), text: try reader.read())
        case 3: self = .leave(room: try reader.read())
        case 4: self = .history(try reader.read())
        case 5: self = .discovery(status: try reader.read())
        case 6: self = .login(password: try reader.read())
        case 7: self = .operatorLogin(token: try reader.read())
        case 8:
            self = .setAccount(
                name: try reader.read(), password: try reader.read(),
                isOperator: try reader.read())
        case 9: self = .removeAccount(name: try reader.read())
        case 10: self = .listAccounts(after: try reader.read())
        case 11: self = .membership(add: try reader.read(), id: try reader.read())
        case 12: self = .statusLine
        case 13:
            self = .invalid(
                try reader.read(), detail: try reader.read(), closes: try reader.read())
        default: throw .invalid("request")
        }
    }
}
