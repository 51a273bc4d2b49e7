/// How lengths are distributed, exact to one part in 128, in buckets that don't depend on
/// what is counted: two histograms add up to that of both.
public struct Histogram: Codable, Equatable, Sendable {
    /// Each power of two is cut into so many buckets.
    private static let bits = 7

    /// How many were counted.
    public private(set) var count: UInt64 = 0
    /// The smallest one, in nanoseconds, exactly; 0 where there is none.
    public private(set) var least: UInt64 = 0
    /// The largest one, in nanoseconds, exactly; 0 where there is none.
    public private(set) var most: UInt64 = 0
    private var buckets: [Int: UInt64] = [:]

    /// Makes an empty one.
    public init() {}

    /// Counts one, in nanoseconds.
    public mutating func add(_ value: UInt64) {
        least = count == 0 ? value : min(least, value)
        most = max(most, value)
        count += 1
        buckets[Self.bucket(of: value), default: 0] += 1
    }

    /// Counts all that another one counted.
    public mutating func add(_ other: Histogram) {
        guard other.count > 0 else { return }
        least = count == 0 ? other.least : min(least, other.least)
        most = max(most, other.most)
        count += other.count
        buckets.merge(other.buckets, uniquingKeysWith: +)
    }

    /// The length that so many percent don't exceed, in nanoseconds; 0 where there is none.
    public func percentile(_ percent: UInt64) -> UInt64 {
        let rank = max(1, (count * percent + 99) / 100)
        var seen: UInt64 = 0
        for (bucket, number) in buckets.sorted(by: { $0.key < $1.key }) {
            seen += number
            if seen >= rank { return min(max(Self.middle(of: bucket), least), most) }
        }
        return most
    }

    private static func bucket(of value: UInt64) -> Int {
        let exponent = UInt64.bitWidth - value.leadingZeroBitCount
        guard exponent > bits + 1 else { return Int(value) }
        let shift = exponent - bits - 1
        return (shift << bits) + Int(value >> UInt64(shift))
    }

    private static func middle(of bucket: Int) -> UInt64 {
        let shift = max(0, (bucket >> bits) - 1)
        guard shift > 0 else { return UInt64(bucket) }
        let first = UInt64(bucket - (shift << bits)) << UInt64(shift)
        return first + (1 << UInt64(shift)) / 2
    }

    private enum CodingKeys: CodingKey { case count, least, median, p99, most, buckets }

    /// Writes it, with what people ask for first.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(count, forKey: .count)
        try container.encode(least, forKey: .least)
        try container.encode(percentile(50), forKey: .median)
        try container.encode(percentile(99), forKey: .p99)
        try container.encode(most, forKey: .most)
        let pairs = buckets.sorted { $0.key < $1.key }.map { [UInt64($0.key), $0.value] }
        try container.encode(pairs, forKey: .buckets)
    }

    /// Reads what ``encode(to:)`` wrote.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        count = try container.decode(UInt64.self, forKey: .count)
        least = try container.decode(UInt64.self, forKey: .least)
        most = try container.decode(UInt64.self, forKey: .most)
        for pair in try container.decode([[UInt64]].self, forKey: .buckets) {
            guard pair.count == 2, pair[0] < 1 << 14 else {
                throw DecodingError.dataCorruptedError(
                    forKey: .buckets, in: container, debugDescription: "not a bucket: \(pair)")
            }
            buckets[Int(pair[0]), default: 0] += pair[1]
        }
    }
}
