import DeterministicSimulation
import StateMachine

/// Kind, serial, asker, subject, and then node, condition and incarnation of each opinion.
struct MembershipCodec: SimulatedCodec {
    typealias Words = Membership

    func encodeFrame(_ message: Words.Message, _ route: Route, into bytes: inout [UInt8]) {}
    func makeDecoder(_ route: Route) -> NoStreams<Words.Message> { NoStreams() }

    func label(of message: Words.Message) -> StaticString {
        switch message.kind {
        case .ping: "ping"
        case .request: "request"
        case .answer: "answer"
        }
    }

    func encodeDatagram(_ message: Words.Message, _ route: Route, into bytes: inout [UInt8]) {
        bytes.append(message.kind.rawValue)
        bytes.put(message.serial)
        bytes.put(message.asker.rank)
        bytes.put(message.subject.rank)
        for (node, opinion) in zip(message.gossip.nodes, message.gossip.values) {
            bytes.put(node.rank)
            bytes.append(opinion.condition.rawValue)
            bytes.put(opinion.incarnation)
        }
    }

    func decodeDatagram(_ bytes: UnsafeRawBufferPointer, _ route: Route) -> Words.Message? {
        var reader = ByteReader(bytes)
        guard let kind = reader.byte().flatMap(Membership.Kind.init), let serial = reader.number(),
            let asker = reader.number(), let subject = reader.number(),
            let gossip = decodeGossip(&reader)
        else { return nil }
        return Membership.Message(
            kind: kind, serial: serial, asker: NodeID(asker), subject: NodeID(subject),
            gossip: gossip)
    }

    private func decodeGossip(_ reader: inout ByteReader) -> NodeMap<Membership.Opinion>? {
        var gossip = NodeMap<Membership.Opinion>()
        while !reader.isAtEnd {
            guard let node = reader.number(),
                let condition = reader.byte().flatMap(Membership.Condition.init),
                let incarnation = reader.number()
            else { return nil }
            gossip[NodeID(node)] = .init(condition: condition, incarnation: incarnation)
        }
        return gossip
    }
}
