/// A strict reader of Prometheus' text form: what it accepts, a scraper accepts.
struct PrometheusText {
    struct Family: Equatable {
        var kind: String
        var samples: [String: Double] = [:]
    }

    struct Wrong: Error, CustomStringConvertible { var description: String }

    private(set) var families: [String: Family] = [:]
    private var current: String?
    private var help: String?

    init(_ text: String) throws {
        guard text.hasSuffix("\n") else { throw Wrong(description: "no line end at the end") }
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
            try take(String(line))
        }
        for (name, family) in families where family.kind == "histogram" {
            try check(name, family)
        }
    }

    /// The value of a sample; nil where there is none.
    subscript(sample: String) -> Double? {
        families.values.lazy.compactMap { $0.samples[sample] }.first
    }

    private mutating func take(_ line: String) throws {
        let words = line.split(separator: " ", maxSplits: 3).map(String.init)
        if line.hasPrefix("# HELP ") {
            guard words.count == 4, families[words[2]] == nil else { throw wrong(line) }
            help = words[2]
        } else if line.hasPrefix("# TYPE ") {
            guard words.count == 4, words[2] == help, families[words[2]] == nil,
                ["counter", "gauge", "histogram"].contains(words[3]), Self.isName(words[2]),
                words[3] != "counter" || words[2].hasSuffix("_total")
            else { throw wrong(line) }
            families[words[2]] = Family(kind: words[3])
            current = words[2]
        } else {
            try takeSample(line)
        }
    }

    private mutating func takeSample(_ line: String) throws {
        guard let current, let space = line.lastIndex(of: " "),
            let value = Double(line[line.index(after: space)...])
        else { throw wrong(line) }
        let sample = String(line[..<space])
        let name = String(sample.prefix { $0 != "{" })
        let isOwn =
            families[current]?.kind == "histogram"
            ? ["_bucket", "_sum", "_count"].contains { name == current + $0 } : name == current
        guard isOwn, value >= 0, families[current]?.samples[sample] == nil else {
            throw wrong(line)
        }
        try checkLabels(String(sample.dropFirst(name.count)), line)
        families[current]?.samples[sample] = value
    }

    private func checkLabels(_ labels: String, _ line: String) throws {
        guard !labels.isEmpty else { return }
        guard labels.hasPrefix("{"), labels.hasSuffix("}") else { throw wrong(line) }
        for pair in labels.dropFirst().dropLast().split(separator: ",") {
            let sides = pair.split(separator: "=", maxSplits: 1)
            guard sides.count == 2, Self.isName(String(sides[0])), sides[1].count >= 2,
                sides[1].hasPrefix("\""), sides[1].hasSuffix("\"")
            else { throw wrong(line) }
        }
    }

    private func check(_ name: String, _ family: Family) throws {
        let buckets = family.samples.filter { $0.key.hasPrefix("\(name)_bucket") }
        let finite = buckets.compactMap { key, value in
            Double(key.split(separator: "\"")[1]).map { ($0, value) }
        }.sorted { $0.0 < $1.0 }
        let counts = finite.map(\.1)
        guard counts == counts.sorted(), let count = family.samples["\(name)_count"],
            family.samples["\(name)_sum"] != nil, counts.last ?? 0 <= count,
            buckets["\(name)_bucket{le=\"+Inf\"}"] == count
        else { throw wrong("the histogram \(name)") }
    }

    private static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, !(0x30...0x39).contains(first) else { return false }
        return text.utf8.allSatisfy {
            (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5F
        }
    }

    private func wrong(_ line: String) -> Wrong { Wrong(description: "wrong: \(line)") }
}
