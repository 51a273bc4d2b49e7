import StateMachine
import Testing

@Suite struct NodeMapTests {
    @Test func `nodes come in the order of their ranks, whatever the order of insertion`() {
        var map = NodeMap<String>()
        for rank: UInt32 in [5, 1, 3, 4, 2] { map[NodeID(rank)] = "\(rank)" }
        #expect(map.nodes.map(\.rank) == [1, 2, 3, 4, 5])
        #expect(map.values == ["1", "2", "3", "4", "5"])
    }

    @Test func `it agrees with a dictionary through every kind of change`() {
        var generator = Generator(seed: 7)
        var map = NodeMap<UInt64>()
        var judge: [UInt32: UInt64] = [:]
        for _ in 0..<5_000 {
            let rank = UInt32(generator.below(40))
            let value = generator.next()
            switch generator.below(3) {
            case 0:
                map[NodeID(rank)] = value
                judge[rank] = value
            case 1:
                map[NodeID(rank)] = nil
                judge[rank] = nil
            default:
                map[NodeID(rank), default: 1] &+= value
                judge[rank, default: 1] &+= value
            }
            #expect(map.count == judge.count)
        }
        for rank: UInt32 in 0..<40 { #expect(map[NodeID(rank)] == judge[rank]) }
    }
}
