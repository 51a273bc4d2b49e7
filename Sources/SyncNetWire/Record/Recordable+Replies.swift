import StateMachine
import SyncNetProtocol

extension ClientReply: Recordable {
    func write(into bytes: inout [UInt8]) {
        switch self {
        case .done(let request, let room, let index): bytes.tagged(0, request, room, index)
        case .history(let request, let page): bytes.tagged(1, request, page)
        case .nack(let request, let reason, let detail):
            bytes.tagged(2, request, reason, detail)
        case .servers(let request, let servers, let status, let cluster):
            bytes.tagged(3, request, servers, status, cluster)
        case .accounts(let request, let accounts, let hasMore):
            bytes.tagged(4, request, accounts, hasMore)
        case .pushed(let message): bytes.tagged(5, message)
        case .statusLine(let line): bytes.tagged(6, line)
        }
    }

    init(from reader: inout ByteReader) throws(WireError) {
        switch try reader.byte() {
        case 0:
            self = .done(
                request: try reader.read(), room: try reader.read(), index: try reader.read())
        case 1: self = .history(request: try reader.read(), try reader.read())
        case 2:
            self = .nack(
                request: try reader.read(), try reader.read(), detail: try reader.read())
        case 3:
            self = .servers(
                request: try reader.read(), try reader.read(), try reader.read(),
                cluster: try reader.read())
        case 4:
            self = .accounts(
                request: try reader.read(), try reader.read(), hasMore: try reader.read())
        case 5: self = .pushed(try reader.read())
        case 6: self = .statusLine(try reader.read())
        default: throw .invalid("reply")
        }
    }
}

extension HistoryPage: Recordable {
    func write(into bytes: inout [UInt8]) {
        bytes.put(room, messages, hasMore, members, isPrivate)
    }

    init(from reader: inout ByteReader) throws(WireError) {
        self.init(
            room: try reader.read(), messages: try reader.read(), hasMore: try reader.read(),
            members: try reader.read(), isPrivate: try reader.read())
    }
}

extension ServerAddress: Recordable {
    func write(into bytes: inout [UInt8]) { bytes.put(id, host, port, isLeader) }
    init(from reader: inout ByteReader) throws(WireError) {
        self.init(
            id: try reader.read(), host: try reader.read(), port: try reader.read(),
            isLeader: try reader.read())
    }
}

extension ServerStatus: Recordable {
    func write(into bytes: inout [UInt8]) {
        bytes.put(id, role, epoch, commit, applied, last, leader, peers)
    }

    init(from reader: inout ByteReader) throws(WireError) {
        self.init(
            id: try reader.read(), role: try reader.read(), epoch: try reader.read(),
            commit: try reader.read(), applied: try reader.read(), last: try reader.read(),
            leader: try reader.read(), peers: try reader.read())
    }
}

extension PeerStatus: Recordable {
    func write(into bytes: inout [UInt8]) { bytes.put(id, isAlive, silence, commit) }
    init(from reader: inout ByteReader) throws(WireError) {
        self.init(
            id: try reader.read(), isAlive: try reader.read(), silence: try reader.read(),
            commit: try reader.read())
    }
}
