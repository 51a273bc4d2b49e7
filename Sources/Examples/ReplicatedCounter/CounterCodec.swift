import DeterministicSimulation
import StateMachine

/// Node, ups and downs, of each replica.
struct CounterCodec: SimulatedCodec {
    typealias Words = ReplicatedCounter

    func encodeFrame(_ message: Words.Message, _ route: Route, into bytes: inout [UInt8]) {}
    func makeDecoder(_ route: Route) -> NoStreams<Words.Message> { NoStreams() }

    func encodeDatagram(_ message: Words.Message, _ route: Route, into bytes: inout [UInt8]) {
        for (node, tally) in zip(message.tallies.nodes, message.tallies.values) {
            bytes.put(node.rank)
            bytes.put(tally.ups)
            bytes.put(tally.downs)
        }
    }

    func decodeDatagram(_ bytes: UnsafeRawBufferPointer, _ route: Route) -> Words.Message? {
        var reader = ByteReader(bytes)
        var tallies = NodeMap<Words.Tally>()
        while !reader.isAtEnd {
            guard let node = reader.number(), let ups = reader.number(),
                let downs = reader.number()
            else { return nil }
            tallies[NodeID(node)] = Words.Tally(ups: ups, downs: downs)
        }
        return Words.Message(tallies: tallies)
    }
}
