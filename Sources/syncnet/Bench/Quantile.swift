/// Quantiles by the nearest rank: each is one of the values.
enum Quantile {
    /// The least of the values at or below which such a share of them lies, 0 to 1; nil where
    /// there are none.
    static func of(_ values: [Double], _ share: Double) -> Double? {
        guard !values.isEmpty else { return nil }
        let rank = Int((share * Double(values.count)).rounded(.up))
        return values.sorted()[min(max(rank, 1), values.count) - 1]
    }
}
