import StateMachine
import SyncNetProtocol

extension Mark: Recordable {
    func write(into bytes: inout [UInt8]) {
        switch self {
        case .formed(let cluster): bytes.tagged(0, cluster)
        case .recovering: bytes.append(1)
        case .admitted: bytes.append(2)
        case .caughtUp: bytes.append(3)
        case .retired: bytes.append(4)
        case .suspected(let node): bytes.tagged(5, node)
        case .trusted(let node): bytes.tagged(6, node)
        case .searching(let round): bytes.tagged(7, round)
        case .tokenSent(let lap, let round): bytes.tagged(8, lap, round)
        case .tokenForwarded(let lap, let origin): bytes.tagged(9, lap, origin)
        case .tokenSwallowed(let origin): bytes.tagged(10, origin)
        case .tokenKept(let origin): bytes.tagged(11, origin)
        case .tokenHome(let lap, let passed): bytes.tagged(12, lap, passed)
        case .neighbourPassedOver(let node): bytes.tagged(13, node)
        case .voteIssued(let round, let node): bytes.tagged(14, round, node)
        case .voteRefused(let round, let node): bytes.tagged(15, round, node)
        case .becameLeader(let epoch): bytes.tagged(16, epoch)
        case .steppedDown(let epoch, let why): bytes.tagged(17, epoch, why)
        case .following(let node, let epoch): bytes.tagged(18, node, epoch)
        case .committed(let index): bytes.tagged(19, index)
        case .applied(let entry, let outcome): bytes.tagged(20, entry, outcome)
        case .cut(let from): bytes.tagged(21, from)
        case .conflict(let index): bytes.tagged(22, index)
        case .acknowledged(let index): bytes.tagged(23, index)
        case .readAnswered(let index): bytes.tagged(24, index)
        case .retryMet: bytes.append(25)
        case .refused(let reason): bytes.tagged(26, reason)
        case .sessionEvicted: bytes.append(27)
        case .dropped(let why): bytes.tagged(28, why)
        case .sometimes(let what): bytes.tagged(29, what)
        }
    }

    init(from reader: inout ByteReader) throws(WireError) {
        let tag = try reader.byte()
        switch tag {
        case 0: self = .formed(try reader.read())
        case 1: self = .recovering
        case 2: self = .admitted
        case 3: self = .caughtUp
        case 4: self = .retired
        case 5: self = .suspected(try reader.read())
        case 6: self = .trusted(try reader.read())
        case 7...15: try self.init(ofElection: tag, from: &reader)
        case 16: self = .becameLeader(try reader.read())
        case 17: self = .steppedDown(try reader.read(), try reader.read())
        case 18: self = .following(try reader.read(), try reader.read())
        case 19: self = .committed(try reader.read())
        case 20: self = .applied(try reader.read(), try reader.read())
        case 21: self = .cut(from: try reader.read())
        case 22: self = .conflict(try reader.read())
        case 23: self = .acknowledged(try reader.read())
        case 24: self = .readAnswered(try reader.read())
        case 25: self = .retryMet
        case 26: self = .refused(try reader.read())
        case 27: self = .sessionEvicted
        case 28: self = .dropped(try reader.read())
        case 29: self = .sometimes(try reader.read())
        default: throw .invalid("mark")
        }
    }

    private init(ofElection tag: UInt8, from reader: inout ByteReader) throws(WireError) {
        switch tag {
        case 7: self = .searching(try reader.read())
        case 8: self = .tokenSent(try reader.read(), try reader.read())
        case 9: self = .tokenForwarded(try reader.read(), origin: try reader.read())
        case 10: self = .tokenSwallowed(origin: try reader.read())
        case 11: self = .tokenKept(origin: try reader.read())
        case 12: self = .tokenHome(try reader.read(), passed: try reader.read())
        case 13: self = .neighbourPassedOver(try reader.read())
        case 14: self = .voteIssued(try reader.read(), for: try reader.read())
        default: self = .voteRefused(try reader.read(), for: try reader.read())
        }
    }
}
