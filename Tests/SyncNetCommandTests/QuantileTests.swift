import LoadGenerator
import Testing

/// The arithmetic of the load generator.
struct QuantileTests {
    private func quantile(_ share: Double, of values: [Float]) -> Double {
        load_quantile(values, UInt(values.count), share)
    }

    @Test func `a quantile is one of the values, by the nearest rank`() {
        let hundred = (1...100).map { Float($0) }
        #expect(quantile(0.5, of: hundred) == 50)
        #expect(quantile(0.99, of: hundred) == 99)
        #expect(quantile(0.991, of: hundred) == 100)
    }

    @Test func `the ends are the least and the greatest value`() {
        #expect(quantile(0, of: [3, 5, 8]) == 3)
        #expect(quantile(1, of: [3, 5, 8]) == 8)
    }

    @Test func `of one value all quantiles are that value, of none there is none`() {
        for share in [0, 0.5, 0.99, 1] {
            #expect(quantile(share, of: [7]) == 7)
            #expect(quantile(share, of: []) == -1)
        }
    }
}
