import StateMachine
import SyncNetProtocol

/// Formations and outcomes as bytes of a column.
enum FactsCodec {
    static func encode(_ formation: Formation) -> [UInt8] {
        var writer = ByteWriter()
        writer.word(formation.cluster.number)
        writer.varint(UInt64(formation.members.count))
        for member in formation.members { writer.string(member.utf8) }
        writer.varint(UInt64(formation.disks.count))
        for disk in formation.disks {
            writer.varint(UInt64(disk.node.rank))
            writer.word(disk.disk.number)
        }
        return writer.bytes
    }

    static func formation(_ bytes: [UInt8]) throws(Unreadable) -> Formation {
        var reader = ByteReader(bytes)
        var result = Formation(cluster: ClusterID(try reader.word()), members: [], disks: [])
        for _ in 0..<(try reader.varint()) {
            result.members.append(Text(utf8: try reader.string()))
        }
        for _ in 0..<(try reader.varint()) {
            let node = NodeID(UInt32(truncatingIfNeeded: try reader.varint()))
            result.disks.append(MemberDisk(node: node, disk: DiskID(try reader.word())))
        }
        guard reader.isAtEnd else { throw Unreadable() }
        return result
    }

    /// Outcomes rise by index, so that most of them take two bytes.
    static func encode(_ outcomes: [Outcome]) -> [UInt8] {
        var writer = ByteWriter()
        writer.varint(UInt64(outcomes.count))
        var preceding: UInt64 = 0
        for outcome in outcomes {
            let index: UInt64
            switch outcome {
            case .done(let at):
                writer.bytes.append(0)
                index = at.number
            case .refused(let reason, let at):
                writer.bytes.append(reason.rawValue + 1)
                index = at.number
            }
            writer.varint(index &- preceding)
            preceding = index
        }
        return writer.bytes
    }

    static func outcomes(_ bytes: [UInt8]) throws(Unreadable) -> [Outcome] {
        var reader = ByteReader(bytes)
        var result: [Outcome] = []
        var preceding: UInt64 = 0
        for _ in 0..<(try reader.varint()) {
            let tag = try reader.byte()
            preceding &+= try reader.varint()
            let index = LogIndex(preceding)
            guard tag > 0 else {
                result.append(.done(index))
                continue
            }
            guard let reason = NackReason(rawValue: tag - 1) else { throw Unreadable() }
            result.append(.refused(reason, index))
        }
        guard reader.isAtEnd else { throw Unreadable() }
        return result
    }
}
