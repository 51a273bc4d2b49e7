package import StateMachine
package import SyncNetProtocol

extension Effect: Recordable where Words == SyncNet {
    func write(into bytes: inout [UInt8]) {
        bytes.append(EffectKind(self).rawValue)
        switch self {
        case .datagram(let message, let to): bytes.put(to, message)
        case .publish(let message): bytes.put(message)
        case .open(let node): bytes.put(node)
        case .send(let message, let stream): bytes.put(stream, message)
        case .close(let stream): bytes.put(stream)
        case .arm(let timer, let range): bytes.put(timer, range.lowerBound, range.upperBound)
        case .cancel(let timer): bytes.put(timer)
        case .write(let write, let ticket): bytes.put(ticket, write)
        case .fetch(let query, let ticket): bytes.put(ticket, query)
        case .output(let output): bytes.put(output)
        case .note(let mark): bytes.put(mark)
        case .halt: break
        }
    }

    init(from reader: inout ByteReader) throws(WireError) {
        switch try reader.read() as EffectKind {
        case .datagram:
            let to: NodeID = try reader.read()
            self = .datagram(try reader.read(), to: to)
        case .publish: self = .publish(try reader.read())
        case .open: self = .open(try reader.read())
        case .send:
            let stream: StreamID = try reader.read()
            self = .send(try reader.read(), on: stream)
        case .close: self = .close(try reader.read())
        case .arm:
            let timer: TimerName = try reader.read()
            let (least, most): (Interval, Interval) = (try reader.read(), try reader.read())
            guard least <= most else { throw .invalid("range") }
            self = .arm(timer, within: least...most)
        case .cancel: self = .cancel(try reader.read())
        case .write:
            let ticket: Ticket = try reader.read()
            self = .write(try reader.read(), ticket)
        case .fetch:
            let ticket: Ticket = try reader.read()
            self = .fetch(try reader.read(), ticket)
        case .output: self = .output(try reader.read())
        case .note: self = .note(try reader.read())
        case .halt: self = .halt
        }
    }
}

/// The kinds of effects.
package enum EffectKind: UInt8, Equatable, Sendable, CaseIterable {
    case datagram, publish, open, send, close, arm, cancel, write, fetch, output, note, halt

    /// The kind of an effect.
    package init(_ effect: Effect<SyncNet>) {
        self =
            switch effect {
            case .datagram: .datagram
            case .publish: .publish
            case .open: .open
            case .send: .send
            case .close: .close
            case .arm: .arm
            case .cancel: .cancel
            case .write: .write
            case .fetch: .fetch
            case .output: .output
            case .note: .note
            case .halt: .halt
            }
    }
}

extension EffectKind: RecordedCase {}

extension NodeOutput: Recordable {
    func write(into bytes: inout [UInt8]) {
        switch self {
        case .connected(let node): bytes.tagged(0, node)
        case .disconnected: bytes.append(1)
        case .message(let message): bytes.tagged(2, message)
        case .done(let order, let index): bytes.tagged(3, order, index)
        case .refused(let order, let reason, let detail):
            bytes.tagged(4, order, reason, detail)
        case .excluded(let room): bytes.tagged(5, room)
        case .loginRefused(let detail): bytes.tagged(6, detail)
        case .passwordJob(let job): bytes.tagged(7, job)
        case .page(let order, let page): bytes.tagged(8, order, page)
        case .servers(let order, let servers, let status):
            bytes.tagged(9, order, servers, status)
        case .report(let report): bytes.tagged(10, report)
        }
    }

    init(from reader: inout ByteReader) throws(WireError) {
        switch try reader.byte() {
        case 0: self = .connected(try reader.read())
        case 1: self = .disconnected
        case 2: self = .message(try reader.read())
        case 3: self = .done(order: try reader.read(), try reader.read())
        case 4:
            self = .refused(
                order: try reader.read(), try reader.read(), detail: try reader.read())
        case 5: self = .excluded(room: try reader.read())
        case 6: self = .loginRefused(detail: try reader.read())
        case 7: self = .passwordJob(try reader.read())
        case 8: self = .page(order: try reader.read(), try reader.read())
        case 9:
            self = .servers(order: try reader.read(), try reader.read(), try reader.read())
        case 10: self = .report(try reader.read())
        default: throw .invalid("output")
        }
    }
}

extension PasswordJob: Recordable {
    func write(into bytes: inout [UInt8]) {
        bytes.put(id, stream, password)
        switch task {
        case .make: bytes.append(0)
        case .check(let verifier): bytes.tagged(1, verifier)
        }
    }

    init(from reader: inout ByteReader) throws(WireError) {
        let (id, stream): (UInt64, StreamID) = (try reader.read(), try reader.read())
        let password: Text = try reader.read()
        let task: Task = try reader.flag() ? .check(try reader.read()) : .make
        self.init(id: id, stream: stream, password: password, task: task)
    }
}

extension Report: Recordable {
    func write(into bytes: inout [UInt8]) {
        switch self {
        case .looking: bytes.append(0)
        case .formed(let cluster): bytes.tagged(1, cluster)
        case .recovering: bytes.append(2)
        case .recovered: bytes.append(3)
        case .otherCluster(let node): bytes.tagged(4, node)
        case .suspected(let node): bytes.tagged(5, node)
        case .trusted(let node): bytes.tagged(6, node)
        case .electing(let round): bytes.tagged(7, round)
        case .leading(let epoch): bytes.tagged(8, epoch)
        case .following(let node, let epoch): bytes.tagged(9, node, epoch)
        case .steppedDown(let epoch, let why): bytes.tagged(10, epoch, why)
        case .added(let node): bytes.tagged(11, node)
        case .removed(let node): bytes.tagged(12, node)
        case .otherMembers(let members): bytes.tagged(13, members)
        case .journalFailed(let failure): bytes.tagged(14, failure)
        case .changing(let node): bytes.tagged(15, node)
        case .otherDisk(let node): bytes.tagged(16, node)
        }
    }

    init(from reader: inout ByteReader) throws(WireError) {
        switch try reader.byte() {
        case 0: self = .looking
        case 1: self = .formed(try reader.read())
        case 2: self = .recovering
        case 3: self = .recovered
        case 4: self = .otherCluster(try reader.read())
        case 5: self = .suspected(try reader.read())
        case 6: self = .trusted(try reader.read())
        case 7: self = .electing(try reader.read())
        case 8: self = .leading(try reader.read())
        case 9: self = .following(try reader.read(), try reader.read())
        case 10: self = .steppedDown(try reader.read(), try reader.read())
        case 11: self = .added(try reader.read())
        case 12: self = .removed(try reader.read())
        case 13: self = .otherMembers(try reader.read())
        case 14: self = .journalFailed(try reader.read())
        case 15: self = .changing(try reader.read())
        case 16: self = .otherDisk(try reader.read())
        default: throw .invalid("report")
        }
    }
}
