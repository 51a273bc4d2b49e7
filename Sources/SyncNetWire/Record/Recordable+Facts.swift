import StateMachine
import SyncNetProtocol

extension MemberDisk: Recordable {
    func write(into bytes: inout [UInt8]) { bytes.put(node, disk) }
    init(from reader: inout ByteReader) throws(WireError) {
        self.init(node: try reader.read(), disk: try reader.read())
    }
}

extension Ballot: Recordable {
    func write(into bytes: inout [UInt8]) { bytes.put(round, vote) }
    init(from reader: inout ByteReader) throws(WireError) {
        self.init(round: try reader.read(), vote: try reader.read())
    }
}

extension Formation: Recordable {
    func write(into bytes: inout [UInt8]) { bytes.put(cluster, members, disks) }
    init(from reader: inout ByteReader) throws(WireError) {
        self.init(
            cluster: try reader.read(), members: try reader.read(), disks: try reader.read())
    }
}

extension Entry: Recordable {
    func write(into bytes: inout [UInt8]) {
        bytes.put(index, epoch, stamp)
        PayloadCodec.encode(payload, into: &bytes)
    }

    init(from reader: inout ByteReader) throws(WireError) {
        self.init(
            index: try reader.read(), epoch: try reader.read(), stamp: try reader.read(),
            payload: try reader.payload())
    }
}

extension EpochRun: Recordable {
    func write(into bytes: inout [UInt8]) { bytes.put(first, epoch) }
    init(from reader: inout ByteReader) throws(WireError) {
        self.init(first: try reader.read(), epoch: try reader.read())
    }
}

extension Post: Recordable {
    func write(into bytes: inout [UInt8]) { bytes.put(room, index, previous) }
    init(from reader: inout ByteReader) throws(WireError) {
        self.init(
            room: try reader.read(), index: try reader.read(), previous: try reader.read())
    }
}

extension RoomRecord: Recordable {
    func write(into bytes: inout [UInt8]) { bytes.put(name, latest, members, isPrivate) }
    init(from reader: inout ByteReader) throws(WireError) {
        self.init(
            name: try reader.read(), latest: try reader.read(), members: try reader.read(),
            isPrivate: try reader.read())
    }
}

extension Outcome: Recordable {
    func write(into bytes: inout [UInt8]) {
        switch self {
        case .done(let index): bytes.tagged(0, index)
        case .refused(let reason, let index): bytes.tagged(1, reason, index)
        }
    }

    init(from reader: inout ByteReader) throws(WireError) {
        switch try reader.byte() {
        case 0: self = .done(try reader.read())
        case 1: self = .refused(try reader.read(), try reader.read())
        default: throw .invalid("outcome")
        }
    }
}

extension SessionRecord: Recordable {
    func write(into bytes: inout [UInt8]) { bytes.put(name, last, lastUsed, outcomes) }
    init(from reader: inout ByteReader) throws(WireError) {
        self.init(
            name: try reader.read(), last: try reader.read(), lastUsed: try reader.read(),
            outcomes: try reader.read())
    }
}

extension Account: Recordable {
    func write(into bytes: inout [UInt8]) { bytes.put(name, verifier, isOperator) }
    init(from reader: inout ByteReader) throws(WireError) {
        self.init(
            name: try reader.read(), verifier: try reader.read(), isOperator: try reader.read())
    }
}

extension AccountEntry: Recordable {
    func write(into bytes: inout [UInt8]) { bytes.put(name, isOperator) }
    init(from reader: inout ByteReader) throws(WireError) {
        self.init(name: try reader.read(), isOperator: try reader.read())
    }
}

extension AccountChange: Recordable {
    func write(into bytes: inout [UInt8]) { bytes.put(name, account) }
    init(from reader: inout ByteReader) throws(WireError) {
        self.init(name: try reader.read(), account: try reader.read())
    }
}

extension MembershipChange: Recordable {
    func write(into bytes: inout [UInt8]) { bytes.put(room, member, isMember) }
    init(from reader: inout ByteReader) throws(WireError) {
        self.init(
            room: try reader.read(), member: try reader.read(), isMember: try reader.read())
    }
}

extension RoomMessage: Recordable {
    func write(into bytes: inout [UInt8]) {
        bytes.put(room, index, previous, stamp, sender, createdAt, text)
    }

    init(from reader: inout ByteReader) throws(WireError) {
        self.init(
            room: try reader.read(), index: try reader.read(), previous: try reader.read(),
            stamp: try reader.read(), sender: try reader.read(), createdAt: try reader.read(),
            text: try reader.read())
    }
}

extension Recovered: Recordable {
    func write(into bytes: inout [UInt8]) {
        bytes.put(disk, boot, ballot, ceiling, formation, isRecovering, runs, last, tail)
        bytes.put(applied, rooms, sessions, admitted, accounts)
    }

    init(from reader: inout ByteReader) throws(WireError) {
        self.init(disk: try reader.read(), boot: try reader.read())
        ballot = try reader.read()
        ceiling = try reader.read()
        formation = try reader.read()
        isRecovering = try reader.read()
        runs = try reader.read()
        last = try reader.read()
        tail = try reader.read()
        applied = try reader.read()
        rooms = try reader.read()
        sessions = try reader.read()
        admitted = try reader.read()
        accounts = try reader.read()
    }
}
