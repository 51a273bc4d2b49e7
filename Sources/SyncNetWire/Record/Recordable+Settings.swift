import StateMachine
import SyncNetProtocol

extension Member: Recordable {
    func write(into bytes: inout [UInt8]) { bytes.put(id, host, port) }
    init(from reader: inout ByteReader) throws(WireError) {
        self.init(id: try reader.read(), host: try reader.read(), port: try reader.read())
    }
}

extension AccountPolicy: Recordable {
    func write(into bytes: inout [UInt8]) {
        switch self {
        case .off: bytes.append(0)
        case .optional: bytes.append(1)
        case .required: bytes.append(2)
        }
    }

    init(from reader: inout ByteReader) throws(WireError) {
        switch try reader.byte() {
        case 0: self = .off
        case 1: self = .optional
        case 2: self = .required
        default: throw .invalid("account policy")
        }
    }
}

extension Timing: Recordable {
    private static var intervals: [WritableKeyPath<Timing, Interval>] {
        [
            \.discovery, \.heartbeat, \.death, \.election, \.connect, \.tokenRetry, \.hop,
            \.probe, \.reconnect, \.request, \.confirmation,
        ]
    }

    func write(into bytes: inout [UInt8]) {
        for field in Self.intervals { bytes.put(self[keyPath: field]) }
        bytes.put(hopTries, probeTries)
    }

    init(from reader: inout ByteReader) throws(WireError) {
        self.init()
        for field in Self.intervals { self[keyPath: field] = try reader.read() }
        hopTries = try reader.read()
        probeTries = try reader.read()
    }
}

extension Limits: Recordable {
    private static var numbers: [WritableKeyPath<Limits, Int>] {
        [
            \.textBytes, \.nameBytes, \.pageDefault, \.pageMax, \.sessionWindow, \.sessions,
            \.appendEntries, \.appendBytes, \.appendsInFlight, \.unstored, \.cachedEntries,
            \.uncommitted, \.connections, \.subscriptions, \.rooms, \.roomMembers, \.waiting,
            \.accounts, \.passwordBytes, \.passwordJobs, \.loginTries,
        ]
    }

    func write(into bytes: inout [UInt8]) {
        for field in Self.numbers { bytes.put(self[keyPath: field]) }
        bytes.put(stampBlock)
    }

    init(from reader: inout ByteReader) throws(WireError) {
        self.init()
        for field in Self.numbers { self[keyPath: field] = try reader.read() }
        stampBlock = try reader.read()
    }
}

extension ServerConfiguration: Recordable {
    func write(into bytes: inout [UInt8]) {
        bytes.put(me, members, founders, timing, limits, formsNewCluster, accounts)
        bytes.put(operatorToken)
    }

    init(from reader: inout ByteReader) throws(WireError) {
        self.init(
            me: try reader.read(), members: try reader.read(), founders: try reader.read() as Int,
            timing: try reader.read(), limits: try reader.read(),
            formsNewCluster: try reader.read(), accounts: try reader.read(),
            operatorToken: try reader.read())
        guard !members.isEmpty, me.rank < members.count, (1...members.count).contains(founders)
        else { throw .invalid("rank") }
    }
}
