/// What the load generator says of one failover.
struct FailoverTrial: Codable, Equatable {
    /// From the signal until a write was acknowledged again, in milliseconds.
    var outageMs: Double
    /// When the signal was sent, in seconds since 1970.
    var takenAt: Double
    /// How many writes were offered until then.
    var offers: Int
}
