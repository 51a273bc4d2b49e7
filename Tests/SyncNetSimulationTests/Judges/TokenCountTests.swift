import Testing

@testable import SyncNetSimulation

@Suite struct `The count of tokens` {
    @Test(arguments: 1...7) func `is n times the harmonic number in the mean of all rings`(
        servers: Int
    ) {
        var sum = 0
        var rings = 0
        var least = Int.max
        var most = 0
        TokenCount.forEveryRing(servers) { ring in
            let count = TokenCount.exact(ring)
            sum += count
            rings += 1
            least = min(least, count)
            most = max(most, count)
        }
        let mean = TokenCount.mean(servers)
        #expect(sum * mean.denominator == rings * mean.numerator)
        #expect(least == TokenCount.least(servers))
        #expect(most == TokenCount.most(servers))
    }

    @Test func `is that of the literature`() {
        #expect(TokenCount.mean(3) == (11, 2))
        #expect(TokenCount.mean(5) == (137, 12))
        #expect(TokenCount.mean(7) == (363, 20))
        #expect(TokenCount.mean(9) == (7129, 280))
        #expect(TokenCount.exact([0, 1, 2]) == 5)
        #expect(TokenCount.exact([2, 1, 0]) == 6)
    }
}
