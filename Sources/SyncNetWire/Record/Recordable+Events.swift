import StateMachine
import SyncNetProtocol

extension Event: Recordable where Words == SyncNet {
    func write(into bytes: inout [UInt8]) {
        switch self {
        case .started(let start): bytes.tagged(0, start)
        case .input(let input): bytes.tagged(1, input)
        case .datagram(let message, let from): bytes.tagged(2, from, message)
        case .opened(let stream, let to): bytes.tagged(3, stream, to)
        case .accepted(let stream, let from): bytes.tagged(4, stream, from)
        case .openFailed(let node, let failure): bytes.tagged(5, node, failure)
        case .message(let message, let stream): bytes.tagged(6, stream, message)
        case .congested(let stream): bytes.tagged(7, stream)
        case .drained(let stream): bytes.tagged(8, stream)
        case .closed(let stream): bytes.tagged(9, stream)
        case .timer(let timer): bytes.tagged(10, timer)
        case .written(let ticket): bytes.tagged(11, ticket)
        case .fetched(let answer, let ticket): bytes.tagged(12, ticket, answer)
        case .journalFailed(let failure): bytes.tagged(13, failure)
        }
    }

    init(from reader: inout ByteReader) throws(WireError) {
        switch try reader.byte() {
        case 0: self = .started(try reader.read())
        case 1: self = .input(try reader.read())
        case 2:
            let from: NodeID = try reader.read()
            self = .datagram(try reader.read(), from: from)
        case 3: self = .opened(try reader.read(), to: try reader.read())
        case 4: self = .accepted(try reader.read(), from: try reader.read())
        case 5: self = .openFailed(try reader.read(), try reader.read())
        case 6:
            let stream: StreamID = try reader.read()
            self = .message(try reader.read(), on: stream)
        case 7: self = .congested(try reader.read())
        case 8: self = .drained(try reader.read())
        case 9: self = .closed(try reader.read())
        case 10: self = .timer(try reader.read())
        case 11: self = .written(try reader.read())
        case 12:
            let ticket: Ticket = try reader.read()
            self = .fetched(try reader.read(), ticket)
        case 13: self = .journalFailed(try reader.read())
        default: throw .invalid("event")
        }
    }
}

extension Start: Recordable {
    func write(into bytes: inout [UInt8]) {
        switch self {
        case .server(let recovered): bytes.tagged(0, recovered)
        case .client: bytes.append(1)
        }
    }

    init(from reader: inout ByteReader) throws(WireError) {
        switch try reader.byte() {
        case 0: self = .server(try reader.read())
        case 1: self = .client
        default: throw .invalid("start")
        }
    }
}

extension OpenFailure: Recordable {
    func write(into bytes: inout [UInt8]) {
        switch self {
        case .refused: bytes.append(0)
        case .unreachable: bytes.append(1)
        }
    }

    init(from reader: inout ByteReader) throws(WireError) {
        self = try reader.flag() ? .unreachable : .refused
    }
}

extension TimerName: Recordable {
    func write(into bytes: inout [UInt8]) {
        switch self {
        case .heartbeat: bytes.append(0)
        case .detector: bytes.append(1)
        case .discovery: bytes.append(2)
        case .tokenRetry: bytes.append(3)
        case .hop(let lap): bytes.tagged(4, lap)
        case .probe(let node): bytes.tagged(5, node)
        case .reconnect(let node): bytes.tagged(6, node)
        case .sweep: bytes.append(7)
        case .confirm: bytes.append(8)
        case .reconnectClient: bytes.append(9)
        case .answer: bytes.append(10)
        }
    }

    init(from reader: inout ByteReader) throws(WireError) {
        switch try reader.byte() {
        case 0: self = .heartbeat
        case 1: self = .detector
        case 2: self = .discovery
        case 3: self = .tokenRetry
        case 4: self = .hop(try reader.read())
        case 5: self = .probe(try reader.read())
        case 6: self = .reconnect(try reader.read())
        case 7: self = .sweep
        case 8: self = .confirm
        case 9: self = .reconnectClient
        case 10: self = .answer
        default: throw .invalid("timer")
        }
    }
}

extension ClientInput: Recordable {
    func write(into bytes: inout [UInt8]) {
        switch self {
        case .servers(let nodes): bytes.tagged(0, nodes)
        case .join(let order, let room, let after, let isPrivate):
            bytes.tagged(1, order, room, after, isPrivate)
        case .invite(let order, let room, let guest): bytes.tagged(2, order, room, guest)
        case .leave(let order, let room): bytes.tagged(3, order, room)
        case .say(let order, let room, let text): bytes.tagged(4, order, room, text)
        case .history(let order, let history): bytes.tagged(5, order, history)
        case .discover(let order, let status): bytes.tagged(6, order, status)
        case .passwordDone(let job, let verifier): bytes.tagged(7, job, verifier)
        case .change(let order, let add, let id): bytes.tagged(8, order, add, id)
        case .quit: bytes.append(9)
        case .logIn(let password): bytes.tagged(10, password)
        case .passwordTurnedAway(let job): bytes.tagged(11, job)
        }
    }

    init(from reader: inout ByteReader) throws(WireError) {
        switch try reader.byte() {
        case 0: self = .servers(try reader.read())
        case 1:
            self = .join(
                order: try reader.read(), room: try reader.read(), after: try reader.read(),
                isPrivate: try reader.read())
        case 2:
            self = .invite(
                order: try reader.read(), room: try reader.read(), guest: try reader.read())
        case 3: self = .leave(order: try reader.read(), room: try reader.read())
        case 4:
            self = .say(
                order: try reader.read(), room: try reader.read(), text: try reader.read())
        case 5: self = .history(order: try reader.read(), try reader.read())
        case 6: self = .discover(order: try reader.read(), status: try reader.read())
        case 7: self = .passwordDone(job: try reader.read(), verifier: try reader.read())
        case 8:
            self = .change(
                order: try reader.read(), add: try reader.read(), id: try reader.read())
        case 9: self = .quit
        case 10: self = .logIn(password: try reader.read())
        case 11: self = .passwordTurnedAway(job: try reader.read())
        default: throw .invalid("input")
        }
    }
}
